"""Replay: read a quarantined webhook again, after what kept it there was mended."""

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, NotFound
from smsinbox.core.i18n import _
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import ConsentChange, InboundText, Receipt, SignedRequest
from smsinbox.dialects.errors import Unreadable
from smsinbox.models.account import Account
from smsinbox.models.user import User
from smsinbox.models.webhook import Webhook, WebhookState
from smsinbox.services import consent_changes, inbound, receipts


@atomic
def replay(webhook_id: int, by: User) -> Webhook:
    """Do what should have been done when it came; raises Conflict when it still cannot be used."""
    webhook = db.session.get(
        Webhook, webhook_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if webhook is None:
        raise NotFound
    if webhook.state != WebhookState.QUARANTINED:
        raise Conflict(_("This webhook was used already."))
    account = db.session.get_one(Account, webhook.account_id)
    try:
        events = DIALECTS[account.dialect].client.read(SignedRequest({}, webhook.body))
    except Unreadable as error:
        raise Conflict(f"Still unreadable: {error}") from None
    # The kept row steps aside, so that its text is new to `receive` and not a repetition.
    webhook.dedupe_key = f"replayed:{webhook.id}:{webhook.dedupe_key}"[:300]
    webhook.state, webhook.replayed_at = WebhookState.PROCESSED.value, clock.now()
    db.session.flush()
    texts = [
        inbound.Arrival(account.id, webhook.body, event)
        for event in events
        if isinstance(event, InboundText)
    ]
    inbound.receive(texts)
    receipts.receive([receipts.Reported(account.id, e) for e in events if isinstance(e, Receipt)])
    for number, change in enumerate(e for e in events if isinstance(e, ConsentChange)):
        key = f"replayed:{webhook.id}:{number}"
        consent_changes.receive(account.id, key, webhook.body, change)
    _check_nothing_is_back(texts)
    return webhook


def _check_nothing_is_back(texts: list[inbound.Arrival]) -> None:
    for arrival in texts:
        again = db.session.scalar(
            select(Webhook).where(
                Webhook.account_id == arrival.account_id,
                Webhook.dedupe_key == arrival.key,
                Webhook.state == WebhookState.QUARANTINED.value,
            )
        )
        if again is not None:
            raise Conflict(again.reason or "It still cannot be used.")
