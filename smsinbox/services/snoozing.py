"""Conversations are put away for a while, and come back at their time or when the contact texts."""

from datetime import datetime

from sqlalchemy import select

from smsinbox.core import clock, later
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.events import emit
from smsinbox.core.i18n import _
from smsinbox.models.conversation import Conversation, ConversationStatus
from smsinbox.models.events import ConversationReopened, ConversationSnoozed
from smsinbox.models.user import User
from smsinbox.services import activities, outbox

_MOST = 500  # a round of the sweeper's


@atomic
def snooze(
    conversation_id: int, until: datetime | None, by: User, zone: str = "UTC"
) -> Conversation:
    """Put it away until then, with None until the contact texts; `zone` (IANA) is for the words in
    the thread. Raises Invalid for a time that has passed, Conflict when it is closed."""
    if until is not None and until <= clock.now():
        raise Invalid(_("This time has passed. Choose a later one."), "until")
    conversation = outbox.lock(conversation_id)
    if conversation.is_closed:
        raise Conflict(_("It is closed. Reopen it first."))
    put_away(conversation, until, by, zone)
    return conversation


def put_away(conversation: Conversation, until: datetime | None, by: User, zone: str) -> None:
    """The same, in the transaction around us, of one that is held; what is closed stays so."""
    if conversation.snooze(until):
        when = later.in_words(until, zone) if until else "they text"
        activities.write_down(conversation, f"Snoozed it until {when}.", by)
        emit(ConversationSnoozed.of(conversation))


@atomic
def wake() -> int:
    """Take up those whose time has come; how many. For the sweeper."""
    is_due = (Conversation.status == ConversationStatus.SNOOZED.value) & (
        Conversation.snoozed_until <= clock.now()
    )
    due = select(Conversation).where(is_due).order_by(Conversation.id).limit(_MOST)
    found = list(db.session.scalars(due.with_for_update(of=Conversation, key_share=True)))
    for conversation in found:
        conversation.reopen()
        activities.write_down(conversation, "Its snooze is over.", None)
        emit(ConversationReopened.of(conversation))
    return len(found)
