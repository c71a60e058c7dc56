"""Tags on contacts, put on and taken off by people; and what colour they have."""

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.core.i18n import _
from smsinbox.models.tag import COLORS, ContactTag, Tag
from smsinbox.models.user import User
from smsinbox.services import contacts, typed
from smsinbox.services.authority import must_administer

LONGEST = 40
GREY = COLORS[0]


def name_of(written: str) -> str:
    """A tag's one spelling; raises Invalid."""
    return typed.line(written, "tag", LONGEST, _("Write a tag.")).casefold()[:LONGEST].strip()


@atomic
def put_on(contact_id: int, written: str, by: User) -> None:
    """Put a tag on the person, made if there is none like it; a second time changes nothing."""
    name = name_of(written)
    people = contacts.held(contact_id)
    tag_id = made(name)
    rows = [{"contact_id": one.id, "tag_id": tag_id} for one in people]
    into = (sqlite if is_sqlite() else postgresql).insert(ContactTag)
    put = db.session.execute(
        into.values(rows).on_conflict_do_nothing().returning(ContactTag.contact_id)
    ).all()
    if put:
        contacts.tell(people, f"Tagged the contact “{name}”.", by)


@atomic
def take_off(contact_id: int, tag_id: int, by: User) -> None:
    """Take a tag off the person."""
    people = contacts.held(contact_id)
    tag = db.session.get(Tag, tag_id)
    if tag is None:
        raise NotFound
    gone = db.session.execute(
        delete(ContactTag)
        .where(ContactTag.tag_id == tag_id, ContactTag.contact_id.in_([one.id for one in people]))
        .returning(ContactTag.contact_id)
    ).all()
    if gone:
        contacts.tell(people, f"Took the tag “{tag.name}” off the contact.", by)


@atomic
def paint(tag_id: int, color: str, by: User | None = None) -> Tag:
    """Give a tag one of the colours."""
    must_administer(by)
    tag = db.session.get(Tag, tag_id)
    if tag is None:
        raise NotFound
    if color not in COLORS:
        raise Invalid(_("Choose one of the colours."), "color")
    tag.color = color
    return tag


@atomic
def throw_away(tag_id: int, by: User | None = None) -> Tag:
    """Delete a tag; nobody wears it any more. Rules that put it on make it anew."""
    must_administer(by)
    tag = db.session.get(Tag, tag_id)
    if tag is None:
        raise NotFound
    db.session.execute(delete(ContactTag).where(ContactTag.tag_id == tag_id))
    db.session.delete(tag)
    return tag


def made(name: str) -> int:
    """The id of the tag with this name, which may be new; in the transaction around us."""
    into = (sqlite if is_sqlite() else postgresql).insert(Tag)
    row = {"name": name, "color": GREY, "created_at": clock.now()}
    db.session.execute(into.values(row).on_conflict_do_nothing())
    return db.session.scalars(select(Tag.id).where(Tag.name == name)).one()
