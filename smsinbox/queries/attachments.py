"""The files of texts: one for a viewer, and how long the next has waited to be fetched."""

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.attachment import Attachment, AttachmentState
from smsinbox.models.message import Message
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User

_NEXT = (
    select(Attachment.next_at)
    .where(Attachment.state == AttachmentState.WAITING.value)
    .order_by(Attachment.next_at, Attachment.id)
    .limit(1)
)


def for_viewer(viewer: User, attachment_id: int) -> Attachment:
    """A stored file; NotFound when it is not there or its number is not granted."""
    attachment = stored(attachment_id)
    message = db.session.get_one(Message, attachment.message_id)
    if not can(viewer, Permission.SEE, message.number_id):
        raise NotFound
    return attachment


def stored(attachment_id: int) -> Attachment:
    """A stored file, whoever asks; raises NotFound."""
    attachment = db.session.get(Attachment, attachment_id)
    if attachment is None or not attachment.is_stored:
        raise NotFound
    return attachment


def oldest_wait() -> float | None:
    """Seconds that a file could have been fetched and nobody did; None if none can be now."""
    at = db.session.scalar(_NEXT)
    waited = None if at is None else (clock.now() - at).total_seconds()
    return waited if waited is not None and waited >= 0 else None
