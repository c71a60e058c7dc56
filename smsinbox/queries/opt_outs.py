"""Who opted out, since when and how we know; and all that was ever said about it."""

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import joinedload

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.consent_event import ConsentEvent
from smsinbox.models.contact import Contact
from smsinbox.models.message import Message
from smsinbox.models.opt_out import OptOut
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.queries.page import Page

_WITH_ENDS = select(OptOut).options(joinedload(OptOut.contact), joinedload(OptOut.number))
_MOST = 100


def listed(search: str = "", before: int | None = None) -> Page[OptOut]:
    """The newest first; `search` is a part of a phone number or a name."""
    query = _WITH_ENDS.join(Contact, Contact.id == OptOut.contact_id).where(_matches(search))
    if before is not None:
        query = query.where(OptOut.id < before)
    found = list(db.session.scalars(query.order_by(OptOut.id.desc()).limit(_MOST + 1)))
    shown = found[:_MOST]
    return Page(shown, str(shown[-1].id) if len(found) > _MOST else None)


def count() -> int:
    """How many stand."""
    return db.session.scalar(select(func.count()).select_from(OptOut)) or 0


def everyone() -> Iterator[OptOut]:
    """All that stand, oldest first."""
    yield from db.session.scalars(_WITH_ENDS.order_by(OptOut.id)).unique()


def found(opt_out_id: int) -> OptOut:
    """The opt-out; raises NotFound."""
    opt_out = db.session.scalar(_WITH_ENDS.where(OptOut.id == opt_out_id))
    if opt_out is None:
        raise NotFound
    return opt_out


def contact(contact_id: int) -> Contact:
    """The contact; raises NotFound."""
    found = db.session.get(Contact, contact_id)
    if found is None:
        raise NotFound
    return found


def of_contact(contact_id: int, viewer: User) -> list[OptOut]:
    """Those of one contact that stand and reach a number that the viewer may see; of one for all
    numbers `number` is None."""
    query = _WITH_ENDS.where(OptOut.contact_id == contact_id).order_by(OptOut.id)
    return [one for one in db.session.scalars(query) if _may_see(viewer, one.number_id)]


def history(contact_id: int, viewer: User) -> list[ConsentEvent]:
    """The proof: everything that was ever said about a contact's consent to numbers that the
    viewer may see, newest first."""
    query = select(ConsentEvent).options(joinedload(ConsentEvent.number))
    theirs = query.where(ConsentEvent.contact_id == contact_id).order_by(ConsentEvent.id.desc())
    return [one for one in db.session.scalars(theirs) if _may_see(viewer, one.number_id)]


def said_elsewhere(events: Iterable[ConsentEvent], viewer: User) -> set[int]:
    """Those events whose words are a text to a number that the viewer may not see: a STOP may
    reach further than the conversation in which it was said."""
    texts = {one.message_id: one.id for one in events if one.message_id is not None}
    query = select(Message.id, Message.number_id).where(Message.id.in_(texts))
    return {
        texts[message_id]
        for message_id, number_id in db.session.execute(query)
        if not can(viewer, Permission.SEE, number_id)
    }


def _may_see(viewer: User, number_id: int | None) -> bool:
    return number_id is None or can(viewer, Permission.SEE, number_id)


def _matches(search: str) -> ColumnElement[bool]:
    words = search.strip()
    if not words:
        return true()
    by_name = Contact.name.icontains(words, autoescape=True)
    digits = "".join(char for char in words if char in "0123456789")
    return or_(by_name, Contact.phone.contains(digits)) if digits else by_name
