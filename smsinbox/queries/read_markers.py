"""What a User has read of which conversations, in inbound texts (models/read_marker.py)."""

from collections.abc import Collection

from sqlalchemy import func, select

from smsinbox.core.database import db
from smsinbox.models.conversation import Conversation
from smsinbox.models.read_marker import ReadMarker
from smsinbox.models.user import User


def received(conversation: Conversation, user: User) -> int:
    """How many of its inbound texts the user has read."""
    marker = db.session.get(ReadMarker, (user.id, conversation.id), populate_existing=True)
    return conversation.received - conversation.unanswered if marker is None else marker.received


def left_unread(conversation_id: int, user: User) -> int:
    """How many inbound texts it had when the user left it unread; 0 where they did not."""
    marker = db.session.get(ReadMarker, (user.id, conversation_id), populate_existing=True)
    return 0 if marker is None else marker.left_unread


def by_user(conversation_id: int, user_ids: Collection[int]) -> dict[int, int]:
    """The same for many users, by id; those who never opened it are left out."""
    query = select(ReadMarker.user_id, ReadMarker.received).where(
        ReadMarker.conversation_id == conversation_id, ReadMarker.user_id.in_(user_ids)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def unread(user_id: int, conversation_ids: Collection[int]) -> dict[int, int]:
    """How many texts of each conversation are new to the user, by id; those that are not there are
    left out."""
    if not conversation_ids:
        return {}
    read = func.coalesce(ReadMarker.received, Conversation.received - Conversation.unanswered)
    query = (
        select(Conversation.id, Conversation.received - read)
        .outerjoin(
            ReadMarker,
            (ReadMarker.conversation_id == Conversation.id) & (ReadMarker.user_id == user_id),
        )
        .where(Conversation.id.in_(conversation_ids))
    )
    return {row[0]: max(0, row[1]) for row in db.session.execute(query)}
