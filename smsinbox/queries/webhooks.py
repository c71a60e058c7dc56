"""What carriers sent us and we could not use."""

from sqlalchemy import func, literal_column, select

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.webhook import Webhook, WebhookState
from smsinbox.queries.page import Page

# Written out, not bound: only so do both databases see that the partial index fits.
_QUARANTINED = Webhook.state == literal_column(f"'{WebhookState.QUARANTINED.value}'")


def quarantined(before: int | None = None, limit: int = 50) -> Page[Webhook]:
    """A page of the quarantine, newest first; `before` is the id that ended the page before it."""
    query = select(Webhook).where(_QUARANTINED).order_by(Webhook.id.desc())
    if before is not None:
        query = query.where(Webhook.id < before)
    items = list(db.session.scalars(query.limit(limit + 1)))
    more = str(items[limit - 1].id) if len(items) > limit else None
    return Page(items[:limit], more)


def quarantined_count() -> int:
    """How many webhooks wait for a person."""
    return db.session.scalar(select(func.count()).select_from(Webhook).where(_QUARANTINED)) or 0


def found(webhook_id: int) -> Webhook:
    """The webhook, quarantined or not; raises NotFound."""
    webhook = db.session.get(Webhook, webhook_id)
    if webhook is None:
        raise NotFound
    return webhook
