"""What we keep of webhooks that are no text and no receipt: unusable, unknown, forged."""

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.events import emit
from smsinbox.models.account import Account
from smsinbox.models.events import WebhookQuarantined
from smsinbox.models.webhook import Webhook, WebhookState
from smsinbox.services import strange_words


@atomic
def quarantine(account_id: int, key: str, body: bytes, reason: str) -> None:
    """Keep something genuine that we cannot use, for an admin to look at and replay."""
    if _keep(account_id, key, body, WebhookState.QUARANTINED, reason):
        emit(WebhookQuarantined())


@atomic
def keep(account_id: int, key: str, body: bytes) -> bool:
    """Keep what was used; whether it is new to us."""
    return _keep(account_id, key, body, WebhookState.PROCESSED, None)


@atomic
def ignore(account_id: int, key: str, body: bytes, event: str, *, is_known: bool = False) -> None:
    """Keep an event that means nothing to us (yet); admins hear of one that nobody knows."""
    said = f"Unknown event {event}."
    if _keep(account_id, key, body, WebhookState.IGNORED, said) and not is_known:
        strange_words.hear([strange_words.event(account_id, event)])


@atomic
def seen(account_id: int) -> None:
    """Note that the carrier reaches us with a good signature."""
    seen_now = update(Account).where(Account.id == account_id).values(last_webhook_at=clock.now())
    db.session.execute(seen_now)


@atomic
def forged(account_id: int, reason: str) -> None:
    """Count a webhook whose signature does not hold; nothing else of it is kept."""
    db.session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(
            forged_count=Account.forged_count + 1, forged_at=clock.now(), forged_reason=reason[:200]
        )
    )


def _keep(account_id: int, key: str, body: bytes, state: WebhookState, reason: str | None) -> bool:
    """Whether it is new to us."""
    statement = (
        (sqlite if is_sqlite() else postgresql)
        .insert(Webhook)
        .values(
            account_id=account_id,
            dedupe_key=key[:300],
            body=body,
            state=state.value,
            reason=reason,
            received_at=clock.now(),
        )
    )
    new = db.session.scalar(statement.on_conflict_do_nothing().returning(Webhook.id))
    return new is not None
