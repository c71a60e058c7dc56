"""What people write down about a contact: on every phone of that person, so that rules, lists and
replies find it wherever a text comes from."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, Invalid, NotFound
from smsinbox.core.events import emit_all
from smsinbox.core.i18n import _
from smsinbox.core.text import clean
from smsinbox.core.whereabouts import is_zone
from smsinbox.models.attribute import Attribute
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ContactChanged
from smsinbox.models.user import User
from smsinbox.queries import attributes as attributes_query
from smsinbox.queries import contacts as contacts_query
from smsinbox.services import activities

LONGEST_NAME = 80
LONGEST_NOTES = 5000
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,4})?")


@dataclass(frozen=True, slots=True)
class Details:
    """What a form says; None leaves a thing as it is. `attributes` by key, as they were typed."""

    name: str | None = None
    notes: str | None = None
    language: str | None = None
    zone: str | None = None
    attributes: Mapping[str, str] | None = None


@atomic
def edit(contact_id: int, name: str, notes: str, by: User) -> Contact:
    """Change name and notes; every conversation of theirs shows it."""
    return describe(contact_id, Details(name=name, notes=notes), by)


@atomic
def describe(contact_id: int, details: Details, by: User) -> Contact:
    """Change what is said; raises Invalid that names the field and changes nothing then."""
    people = held(contact_id)
    contact = next(one for one in people if one.id == contact_id)
    wanted = checked(details, contact.attributes, attributes_query.all_attributes())
    changed = [word for word, values in wanted.items() if _differs(contact, values)]
    for one in people:
        for values in wanted.values():
            for column, value in values.items():
                setattr(one, column, value)
    if changed:
        tell(people, f"Changed {_listed(changed)} of the contact.", by)
    return contact


def held(contact_id: int) -> list[Contact]:
    """All phones of the person, locked in one order; raises NotFound, or Conflict for one who was
    erased."""
    contact = db.session.get(Contact, contact_id)
    if contact is None:
        raise NotFound
    if contact.is_erased:
        raise Conflict(_("This contact was erased. If they text again, they are a new one."))
    ids = contacts_query.phones_of(contact)
    query = select(Contact).where(Contact.id.in_(ids)).order_by(Contact.id)
    return list(
        db.session.scalars(
            query.with_for_update(key_share=True).execution_options(populate_existing=True)
        )
    )


def tell(people: Sequence[Contact], words: str, by: User | None) -> None:
    """Draw their conversations anew, with a line in the one where something was said last."""
    db.session.flush()
    query = select(Conversation).where(Conversation.contact_id.in_([one.id for one in people]))
    theirs = list(db.session.scalars(query.order_by(Conversation.last_message_at.desc())).unique())
    if theirs and words:
        activities.write_down(theirs[0], words, by)
    emit_all(map(ContactChanged.of, theirs))


def checked(
    details: Details, known: Mapping[str, str] | None, defined: Sequence[Attribute]
) -> dict[str, dict[str, object]]:
    """By what people call it, the columns and values that are said, the attributes beside those
    that are known; raises Invalid."""
    wanted: dict[str, dict[str, object]] = {}
    if details.name is not None:
        wanted["the name"] = {"name": _name(details.name)}
    if details.notes is not None:
        wanted["the notes"] = {"notes": _notes(details.notes)}
    if details.language is not None:
        wanted["the language"] = {"language": _language(details.language)}
    if details.zone is not None:
        wanted["the time zone"] = {"zone": _zone(details.zone)}
    if details.attributes is not None:
        wanted["the details"] = {"attributes": _attributes(details.attributes, known, defined)}
    return wanted


def _name(typed: str) -> str:
    name = clean(" ".join(typed.split()))
    if len(name) > LONGEST_NAME:
        raise Invalid(_("A name has at most %(longest)s characters.", longest=LONGEST_NAME), "name")
    return name


def _notes(typed: str) -> str:
    notes = clean(typed.strip())
    if len(notes) > LONGEST_NOTES:
        raise Invalid(
            _("Notes have at most %(longest)s characters.", longest=LONGEST_NOTES), "notes"
        )
    return notes


def _language(typed: str) -> str:
    language = typed.strip()
    if language and (not LANGUAGE.fullmatch(language) or len(language) > 8):
        raise Invalid(_("Write a language as its code, like en, de or pt-BR."), "language")
    return language


def _zone(typed: str) -> str:
    zone = typed.strip()
    if zone and not is_zone(zone):
        raise Invalid(_("Choose a time zone from the list, like Europe/Berlin."), "zone")
    return zone


def _attributes(
    typed: Mapping[str, str], known: Mapping[str, str] | None, defined: Sequence[Attribute]
) -> dict[str, str] | None:
    """Those that admins defined are read by their kind; what rules or older days left stays."""
    values = dict(known or {})
    for attribute in defined:
        if attribute.key not in typed:
            continue
        try:
            value = attribute.read(clean(typed[attribute.key]))
        except ValueError as error:
            raise Invalid(str(error), f"attr-{attribute.key}") from None
        values.pop(attribute.key, None)
        if value:
            values[attribute.key] = value
    return values or None


def _differs(contact: Contact, values: Mapping[str, object]) -> bool:
    return any(getattr(contact, column) != value for column, value in values.items())


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
