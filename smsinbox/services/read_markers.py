"""How far a User has read: each their own, and never moved by what somebody else does."""

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.errors import NotFound
from smsinbox.core.events import emit
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ConversationRead
from smsinbox.models.message import Direction, Message
from smsinbox.models.read_marker import ReadMarker
from smsinbox.models.user import User
from smsinbox.queries import read_markers


@atomic
def read(conversation_id: int, by: User) -> None:
    """They have read all of it."""
    conversation = _there(conversation_id)
    if conversation.received > read_markers.received(conversation, by):
        _put(conversation, by, conversation.received)


@atomic
def see(conversation_id: int, by: User) -> None:
    """They have its end before their eyes: it is read, but not what they left unread if nothing has
    come since."""
    if _there(conversation_id).received > read_markers.left_unread(conversation_id, by):
        read(conversation_id, by)


@atomic
def leave_unread(conversation_id: int, by: User, since: int | None = None) -> None:
    """It is unread again for them: from the text `since` on, or the last one."""
    conversation = _there(conversation_id)
    unread = 1
    if since is not None:
        unread = max(1, _inbound(conversation_id, since))
    _put(conversation, by, max(0, conversation.received - unread), left=conversation.received)


def _there(conversation_id: int) -> Conversation:
    conversation = db.session.get(Conversation, conversation_id, populate_existing=True)
    if conversation is None:
        raise NotFound
    return conversation


def _inbound(conversation_id: int, since: int) -> int:
    counted = select(func.count()).where(
        Message.conversation_id == conversation_id,
        Message.direction == Direction.INBOUND.value,
        Message.id >= since,
    )
    return db.session.scalars(counted).one()


def _put(conversation: Conversation, by: User, received: int, left: int = 0) -> None:
    insert = (sqlite if is_sqlite() else postgresql).insert(ReadMarker)
    set_ = {"received": received, "left_unread": left}
    row = insert.values(user_id=by.id, conversation_id=conversation.id, **set_)
    db.session.execute(
        row.on_conflict_do_update(index_elements=["user_id", "conversation_id"], set_=set_)
    )
    emit(
        ConversationRead(
            conversation_id=conversation.id, number_id=conversation.number_id, user_id=by.id
        )
    )
