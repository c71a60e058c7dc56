"""What people write down about a contact."""

from sqlalchemy import select

from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.core.events import emit_all
from smsinbox.core.text import clean
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ContactChanged
from smsinbox.models.user import User

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
    theirs = db.session.scalars(select(Conversation).where(Conversation.contact_id == contact_id))
    emit_all(map(ContactChanged.of, theirs))
    return contact
