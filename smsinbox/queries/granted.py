"""P10 as a condition: the conversations of numbers that somebody may see."""

from sqlalchemy import ColumnElement, false, true

from smsinbox.models.conversation import Conversation
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User


def granted(viewer: User) -> ColumnElement[bool]:
    """Whether the viewer may see this Conversation."""
    if can(viewer, Permission.SEE):
        return true()
    return Conversation.number_id.in_(viewer.granted) if viewer.active else false()
