"""Whom people do not want to hear of, and let in again: a person, on every phone of theirs."""

from collections.abc import Sequence

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.events import emit_all
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ContactBlocked, ContactUnblocked
from smsinbox.models.user import User
from smsinbox.services import activities, automation, contacts


@atomic
def block(contact_id: int, by: User) -> None:
    """Keep what they text, and let it disturb nobody, on all of our numbers: it is no waiting work,
    nothing answers it by itself, and no agent texts them. A STOP of theirs still counts."""
    now = clock.now()
    changed = [one for one in contacts.held(contact_id) if one.block(now, by.name)]
    theirs = _written(changed, "Blocked the contact.", by)
    for contact in changed:
        automation.hush(contact.id)
    emit_all(map(ContactBlocked.of, theirs))


@atomic
def unblock(contact_id: int, by: User) -> None:
    """Listen to them again; what they texted meanwhile is there."""
    changed = [one for one in contacts.held(contact_id) if one.unblock()]
    emit_all(map(ContactUnblocked.of, _written(changed, "Unblocked the contact.", by)))


def _written(changed: Sequence[Contact], words: str, by: User) -> Sequence[Conversation]:
    """A line in every conversation of theirs; these."""
    mine = Conversation.contact_id.in_([one.id for one in changed])
    theirs = db.session.scalars(select(Conversation).where(mine).order_by(Conversation.id)).all()
    for conversation in theirs:
        activities.write_down(conversation, words, by)
    return theirs
