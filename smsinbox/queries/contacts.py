"""Contacts: the list, one of them with its other phones, and who may see or change them.

Whoever may see a conversation of a contact sees the contact; one whom nobody has texted yet is for
admins. Of a person with several phones a viewer sees those that they have a conversation of.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.core.phones import Kind
from smsinbox.models.contact import ERASED, Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.permission import Permission, can
from smsinbox.models.tag import ContactTag, Tag
from smsinbox.models.user import User
from smsinbox.queries.page import Page

_Id = ColumnElement[Any] | InstrumentedAttribute[Any]
_PAGE, _OFFERED = 50, 8


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A person in the list, with all tags."""

    contact: Contact
    tags: list[Tag]
    phones: int


def listed(
    viewer: User, search: str = "", tag: str = "", number_id: int | None = None, after: str = ""
) -> Page[ContactRow]:
    """By name, those without one last and by phone; `after` is the `next` of the page before it."""
    query = select(Contact).where(
        Contact.person_id.is_(None),
        Contact.kind != ERASED,
        _seen(viewer, number_id),
        _matches(viewer, search),
        _wears(tag),
        _beyond(after),
    )
    found = list(db.session.scalars(query.order_by(*_ORDER).limit(_PAGE + 1)))
    shown = found[:_PAGE]
    more = str(shown[-1].id) if len(found) > _PAGE else None
    return Page(_rows(viewer, shown), more)


def for_viewer(viewer: User, contact_id: int) -> Contact:
    """The contact; NotFound when it is not there or the viewer sees no conversation of it."""
    contact = db.session.scalar(
        select(Contact).where(Contact.id == contact_id, _may_see(viewer, Contact.id))
    )
    if contact is None:
        raise NotFound
    return contact


def may_change(viewer: User, contact: Contact) -> bool:
    """Whether the viewer may write about them: whoever may answer one of their conversations."""
    if can(viewer, Permission.ADMINISTER):
        return True
    numbers = db.session.scalars(
        select(Conversation.number_id).where(Conversation.contact_id.in_(phones_of(contact)))
    )
    return any(can(viewer, Permission.ANSWER, number_id) for number_id in numbers)


def phones_of(contact: Contact) -> list[int]:
    """The ids of all contacts that are this person, whoever may see them; the leader first."""
    leader = contact.leader_id
    query = select(Contact.id).where(or_(Contact.id == leader, Contact.person_id == leader))
    return sorted(db.session.scalars(query), key=lambda one: (one != leader, one))


def person(viewer: User, contact: Contact) -> list[Contact]:
    """The phones of this person that the viewer may see, the leader first."""
    query = select(Contact).where(Contact.id.in_(phones_of(contact)), _may_see(viewer, Contact.id))
    found = db.session.scalars(query.order_by(Contact.id))
    return sorted(found, key=lambda one: one.person_id is not None)


def candidates(viewer: User, contact: Contact, search: str) -> list[Contact]:
    """Whom the viewer may merge this one with: leaders that match, never itself."""
    if not search.strip():
        return []
    query = select(Contact).where(
        Contact.person_id.is_(None),
        Contact.kind == contact.kind,
        Contact.id != contact.leader_id,
        _may_see(viewer, Contact.id),
        _matches(viewer, search),
    )
    found = db.session.scalars(query.order_by(*_ORDER).limit(_OFFERED))
    return [one for one in found if may_change(viewer, one)]


def textable(viewer: User, search: str) -> list[Contact]:
    """Whom the viewer may mean by that: phones they may see, each by itself, of nobody blocked."""
    if not search.strip():
        return []
    leader = func.coalesce(Contact.person_id, Contact.id)
    query = select(Contact).where(
        Contact.kind == Kind.PERSON.value,
        Contact.blocked_at.is_(None),
        _may_see(viewer, Contact.id),
        _matches(viewer, search, leader),
    )
    return list(db.session.scalars(query.order_by(*_ORDER).limit(_OFFERED)))


def seen_at(viewer: User, phone: str) -> Contact | None:
    """Who has that phone (E.164), when the viewer may see them."""
    query = select(Contact).where(Contact.phone == phone, _may_see(viewer, Contact.id))
    return db.session.scalar(query)


def tags_of(contact_ids: Collection[int]) -> dict[int, list[Tag]]:
    """The tags of each, by name."""
    worn: dict[int, list[Tag]] = defaultdict(list)
    query = (
        select(ContactTag.contact_id, Tag)
        .join(Tag, Tag.id == ContactTag.tag_id)
        .where(ContactTag.contact_id.in_(contact_ids))
        .order_by(Tag.name)
    )
    for contact_id, tag in db.session.execute(query):
        worn[contact_id].append(tag)
    return worn


def all_tags() -> list[Tag]:
    """Every tag, by name."""
    return list(db.session.scalars(select(Tag).order_by(Tag.name)))


def _rows(viewer: User, leaders: Sequence[Contact]) -> list[ContactRow]:
    """Each by the first phone that the viewer may see, mostly the leader's."""
    ids = [one.id for one in leaders]
    query = select(Contact).where(
        or_(Contact.id.in_(ids), Contact.person_id.in_(ids)), _may_see(viewer, Contact.id)
    )
    people: dict[int, list[Contact]] = defaultdict(list)
    for one in db.session.scalars(query.order_by(Contact.person_id.is_not(None), Contact.id)):
        people[one.leader_id].append(one)
    tags = tags_of([one.id for phones in people.values() for one in phones])
    return [_row(people[one], tags) for one in ids if one in people]


def _row(phones: Sequence[Contact], tags: dict[int, list[Tag]]) -> ContactRow:
    worn = {tag.name: tag for one in phones for tag in tags.get(one.id, ())}
    return ContactRow(phones[0], [worn[name] for name in sorted(worn)], len(phones))


_ORDER = (Contact.name == "", func.lower(Contact.name), Contact.phone, Contact.id)


def _beyond(after: str) -> ColumnElement[bool]:
    """Behind the last one of the page before, in the same order."""
    last = db.session.get(Contact, int(after)) if after.isascii() and after.isdigit() else None
    if last is None:
        return true()
    name, folded = Contact.name == "", func.lower(Contact.name)
    same_name = and_(folded == func.lower(last.name), name == (last.name == ""))
    later = and_(same_name, or_(Contact.phone > last.phone, _after_phone(last)))
    if not last.name:
        return later
    return or_(name, and_(~name, folded > func.lower(last.name)), later)


def _after_phone(last: Contact) -> ColumnElement[bool]:
    return and_(Contact.phone == last.phone, Contact.id > last.id)


def _seen(viewer: User, number_id: int | None) -> ColumnElement[bool]:
    """Whether the viewer sees the person by any of their phones, on that number if one is said."""
    theirs = aliased(Contact)
    texted = (
        select(func.coalesce(theirs.person_id, theirs.id))
        .join(Conversation, Conversation.contact_id == theirs.id)
        .where(_granted(viewer))
    )
    if number_id is not None:
        return Contact.id.in_(texted.where(Conversation.number_id == number_id))
    return true() if can(viewer, Permission.ADMINISTER) else Contact.id.in_(texted)


def _may_see(viewer: User, contact_id: Any) -> ColumnElement[bool]:
    if can(viewer, Permission.ADMINISTER):
        return true()
    return exists().where(Conversation.contact_id == contact_id, _granted(viewer))


def _granted(viewer: User) -> ColumnElement[bool]:
    if can(viewer, Permission.SEE):
        return true()
    return Conversation.number_id.in_(viewer.granted) if viewer.active else false()


def _matches(viewer: User, search: str, leader_id: _Id = Contact.id) -> ColumnElement[bool]:
    """A part of a name, or of a phone number in any spelling, of any of the person's phones."""
    words = " ".join(search.split())
    if not words:
        return true()
    theirs = aliased(Contact)
    by_name = theirs.name.icontains(words, autoescape=True)
    digits = "".join(char for char in words if char in "0123456789")
    is_phone = len(digits) >= 3 and not any(char.isalpha() for char in words)
    found = or_(by_name, theirs.phone.contains(digits)) if is_phone else by_name
    leader = func.coalesce(theirs.person_id, theirs.id)
    matching = select(leader).where(found, _may_see(viewer, theirs.id))
    return leader_id.in_(matching)


def _wears(tag: str) -> ColumnElement[bool]:
    if not tag:
        return true()
    theirs = aliased(Contact)
    wearers = (
        select(func.coalesce(theirs.person_id, theirs.id))
        .join(ContactTag, ContactTag.contact_id == theirs.id)
        .join(Tag, Tag.id == ContactTag.tag_id)
    )
    return Contact.id.in_(wearers.where(Tag.name == tag))
