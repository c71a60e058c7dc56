"""Colleagues who are named in a note are told, if they may see its number."""

from smsinbox.models.activity import Activity
from smsinbox.models.conversation import Conversation
from smsinbox.models.notification import NotificationKind
from smsinbox.models.user import User
from smsinbox.queries import mentions
from smsinbox.services import notifications


def tell(conversation: Conversation, text: str, by: User | None, where: Activity) -> list[User]:
    """Tell them, in the transaction around us; who they are. It leads to that line."""
    named = mentions.named(text, conversation.number_id)
    if named:
        notifications.notify(
            NotificationKind.MENTIONED,
            [one.id for one in named],
            conversation.id,
            activity_id=where.id,
            actor_id=by.id if by else None,
            said=text,
        )
    return named
