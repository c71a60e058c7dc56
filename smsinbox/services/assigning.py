"""Who has a conversation: given, taken, or passed on with a note. In the transaction around us."""

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.errors import Invalid
from smsinbox.core.events import emit
from smsinbox.core.i18n import _
from smsinbox.models.activity import ActivityKind
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ConversationAssigned
from smsinbox.models.notification import NotificationKind
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.services import activities, mentions, notifications


def give(
    conversation: Conversation, to: User | None, by: User | None, words: str, note: str = ""
) -> bool:
    """Write it down, tell the new one, and leave the note in the thread; False when they have it
    already, which still keeps the note. `words` are the line's, such as "Took it."."""
    if note:
        line = activities.write_down(conversation, note, by, ActivityKind.NOTE)
        mentions.tell(conversation, note, by, line)
    if not conversation.assign(to.id if to else None, clock.now()):
        return False
    activities.write_down(conversation, words, by)
    emit(ConversationAssigned.of(conversation))
    if to is not None:
        notifications.notify(
            NotificationKind.ASSIGNED,
            [to.id],
            conversation.id,
            actor_id=by.id if by else None,
            said=note or None,
        )
    db.session.refresh(conversation, ["assignee"])
    return True


def chosen(conversation: Conversation, user_id: int) -> User:
    """The user, when they may answer there; raises Invalid."""
    user = db.session.get(User, user_id)
    if user is None or not can(user, Permission.ANSWER, conversation.number_id):
        raise Invalid(_("They may not answer on this number. Grant it to them first."), "assignee")
    return user


def told(to: User | None, by: User) -> str:
    """The line of the one who does it."""
    if to is None:
        return "Unassigned it."
    return "Took it." if to.id == by.id else f"Assigned it to {to.name}."


def take_up(conversation: Conversation, by: User) -> None:
    """They have answered: it is theirs if nobody has it and its number is shared in this way."""
    if conversation.assignee_id is None and conversation.number.takes_up:
        give(conversation, by, by, "Took it by answering.")
