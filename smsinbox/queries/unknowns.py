"""What carriers told us that we do not understand, counted for admins."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.models.receipt import Receipt
from smsinbox.models.webhook import Webhook, WebhookState

_LATELY = timedelta(days=7)


class Unknown(NamedTuple):
    """A word we do not know, how often it came within seven days, and when last."""

    words: str
    times: int
    last: datetime


def of_account(account_id: int) -> list[Unknown]:
    """Unknown events and statuses of an account, the most frequent first."""
    since = clock.now() - _LATELY
    events = db.session.execute(
        select(Webhook.reason, func.count(), func.max(Webhook.received_at))
        .where(
            Webhook.account_id == account_id,
            Webhook.received_at > since,
            Webhook.state == WebhookState.IGNORED.value,
        )
        .group_by(Webhook.reason)
    )
    statuses = db.session.execute(
        select(Receipt.status, func.count(), func.max(Receipt.received_at))
        .where(
            Receipt.account_id == account_id,
            Receipt.received_at > since,
            Receipt.rank.is_(None),
        )
        .group_by(Receipt.status)
    )
    found = [Unknown(words or "", count, last) for words, count, last in events]
    found += [Unknown(f"Unknown status {word}.", count, last) for word, count, last in statuses]
    return sorted(found, key=lambda one: -one.times)
