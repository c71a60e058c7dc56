"""Texts whose files a program keeps elsewhere: held until we have them all, or one cannot be had.

A held text waits in the outbox without a time to leave (`Message.next_at`), so that no claim takes
it and what is written after it stays behind it. One with a time of its own waits for that as well.
"""

from sqlalchemy import case, exists, select, update

from smsinbox.core import clock
from smsinbox.core.database import after_commit, db
from smsinbox.core.doorbell import ring
from smsinbox.dialects.words import NO_FILE
from smsinbox.models.attachment import Attachment, AttachmentState
from smsinbox.models.message import Message, MessageState
from smsinbox.services import notifications
from smsinbox.services.delivery import deliver
from smsinbox.services.sendable import MOST_BYTES, too_large

HOLD = case(
    (
        exists().where(
            Attachment.message_id == Message.id, Attachment.state == AttachmentState.WAITING.value
        ),
        None,
    ),
    else_=Message.next_at,
)


def locked(message_id: int) -> Message:
    """The text, held until the transaction ends: two of its files may settle at once, and the
    second to do so must see the first."""
    return db.session.get_one(
        Message, message_id, populate_existing=True, with_for_update={"key_share": True}
    )


def file_settled(message: Message) -> None:
    """One of a locked text's files came or never will: let the text leave, fail, or wait on."""
    if not _is_held(message):
        return
    files = _files(message)
    trouble = _trouble(files)
    if trouble:
        message.state = MessageState.FAILED.value
        message.error_code, message.error_detail = NO_FILE, trouble
        notifications.failed([message.id])
    elif any(file.waits for file in files):
        return
    elif message.state == MessageState.QUEUED:
        message.next_at = clock.now()
    db.session.flush()
    message_id = message.id
    after_commit(lambda: ring(deliver, message_id))  # it may leave, or those that stood behind it


def fetch_anew(message: Message) -> bool:
    """Have the files that never came tried once more, for a text that is sent again; whether there
    are any, so that it is held."""
    lost = (AttachmentState.GONE.value, AttachmentState.REFUSED.value)
    db.session.execute(
        update(Attachment)
        .where(Attachment.message_id == message.id, Attachment.state.in_(lost))
        .values(state=AttachmentState.WAITING.value, attempts=0, next_at=clock.now(), error=None)
    )
    return any(file.waits for file in _files(message))


def _is_held(message: Message) -> bool:
    is_queued = message.state == MessageState.QUEUED and message.next_at is None
    return is_queued or message.state == MessageState.SCHEDULED


def _files(message: Message) -> list[Attachment]:
    query = select(Attachment).where(Attachment.message_id == message.id)
    fresh = query.order_by(Attachment.position).execution_options(populate_existing=True)
    return list(db.session.scalars(fresh))


def _trouble(files: list[Attachment]) -> str:
    """Why these cannot be sent; empty while they can."""
    lost = (AttachmentState.GONE, AttachmentState.REFUSED)
    for file in files:
        if file.state in lost:
            return f"File {file.position + 1} of {len(files)}: {file.error}"
    sizes = [(f"file {file.position + 1}", file.size or 0) for file in files]
    return too_large(sizes) if sum(size for _, size in sizes) >= MOST_BYTES else ""
