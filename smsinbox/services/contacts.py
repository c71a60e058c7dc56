"""What people write down about a contact, and whether they want to hear of them."""

from collections.abc import Sequence

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.core.events import emit_all
from smsinbox.core.text import clean
from smsinbox.models.activity import Activity, ActivityKind
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ContactBlocked, ContactChanged, ContactUnblocked
from smsinbox.models.user import User
from smsinbox.services import automation

LONGEST_NAME = 80
LONGEST_NOTES = 5000


@atomic
def edit(contact_id: int, name: str, notes: str, by: User) -> Contact:
    """Change name and notes; every conversation of theirs shows it."""
    contact = db.session.get(Contact, contact_id)
    if contact is None:
        raise NotFound
    name, notes = clean(" ".join(name.split())), clean(notes.strip())
    if len(name) > LONGEST_NAME:
        raise Invalid(f"A name has at most {LONGEST_NAME} characters.", "name")
    if len(notes) > LONGEST_NOTES:
        raise Invalid(f"Notes have at most {LONGEST_NOTES} characters.", "notes")
    contact.name, contact.notes = name, notes
    db.session.flush()
    emit_all(map(ContactChanged.of, _conversations(contact)))
    return contact


@atomic
def block(contact_id: int, by: User) -> Contact:
    """Keep what they text, and let it disturb nobody, on all of our numbers: it is no waiting work,
    nothing answers it by itself, and no agent texts them. A STOP of theirs still counts."""
    contact = _held(contact_id)
    if contact.block(clock.now(), by.name):
        theirs = _written(contact, "Blocked the contact.", by)
        automation.hush(contact.id)
        emit_all(map(ContactBlocked.of, theirs))
    return contact


@atomic
def unblock(contact_id: int, by: User) -> Contact:
    """Listen to them again; what they texted meanwhile is there."""
    contact = _held(contact_id)
    if contact.unblock():
        emit_all(map(ContactUnblocked.of, _written(contact, "Unblocked the contact.", by)))
    return contact


def _held(contact_id: int) -> Contact:
    """Until the transaction ends, so that of two people one is first."""
    contact = db.session.get(
        Contact, contact_id, populate_existing=True, with_for_update={"key_share": True}
    )
    if contact is None:
        raise NotFound
    return contact


def _written(contact: Contact, words: str, by: User) -> Sequence[Conversation]:
    """A line in every conversation of theirs; these."""
    theirs = _conversations(contact)
    for conversation in theirs:
        line = Activity(
            conversation_id=conversation.id,
            kind=ActivityKind.DONE.value,
            body=words,
            author_name=by.name,
            user_id=by.id,
            at=clock.now(),
        )
        db.session.add(line)
    db.session.flush()
    return theirs


def _conversations(contact: Contact) -> Sequence[Conversation]:
    theirs = select(Conversation).where(Conversation.contact_id == contact.id)
    return db.session.scalars(theirs.order_by(Conversation.id)).all()
