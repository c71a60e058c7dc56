"""Hand-over cards."""

from smsinbox.core.database import db
from smsinbox.models.handover import Handover


def of(conversation_id: int) -> Handover | None:
    """The card that is pinned above it."""
    return db.session.get(Handover, conversation_id, populate_existing=True)
