"""Prepared texts: who may use which, and what they say to one contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.conversation import Conversation
from smsinbox.models.permission import Permission, can
from smsinbox.models.saved_reply import SavedReply
from smsinbox.models.user import User
from smsinbox.queries.whereabouts import zone_beside
from smsinbox.rules import fields, moments
from smsinbox.rules.facts import Contact
from smsinbox.rules.values import first_name, people_values

_OFFERED = 8
LONGEST_BUTTON, ALL_BUTTONS = 12, 36  # characters: what thumbs reach without looking


@dataclass(frozen=True, slots=True)
class Offer:
    """A saved reply and its text for one contact, where what is not known stays a field."""

    id: int
    title: str
    shortcut: str
    text: str


def listed(viewer: User) -> list[SavedReply]:
    """Everybody's for the numbers the viewer may see, and their own."""
    return list(db.session.scalars(select(SavedReply).where(_seen_by(viewer)).order_by(*_ORDER)))


def found(viewer: User, reply_id: int) -> SavedReply:
    """The reply; NotFound when it is not there, somebody else's, or of another number."""
    query = select(SavedReply).where(SavedReply.id == reply_id, _seen_by(viewer))
    reply = db.session.scalar(query)
    if reply is None:
        raise NotFound
    return reply


def offers(conversation: Conversation, viewer: User, typed: str) -> list[Offer]:
    """Those that have what was typed in shortcut, title or body; the most used first."""
    query = select(SavedReply).where(_seen_by(viewer), _fits(conversation))
    if typed:
        like = f"%{_escaped(typed.lower())}%"
        query = query.where(
            or_(
                *(
                    func.lower(column).like(like, escape="\\")
                    for column in (SavedReply.shortcut, SavedReply.title, SavedReply.body)
                )
            )
        )
    found = db.session.scalars(query.order_by(SavedReply.uses.desc(), *_ORDER))
    by_shortcut = sorted(found, key=lambda one: not one.shortcut.startswith(typed or "\0"))
    return _offers(by_shortcut[:_OFFERED], conversation, viewer)


def buttons(conversation: Conversation, viewer: User) -> list[Offer]:
    """Up to three with short titles, to be tapped."""
    query = select(SavedReply).where(SavedReply.is_button, _seen_by(viewer), _fits(conversation))
    chosen: list[SavedReply] = []
    room = ALL_BUTTONS
    for one in db.session.scalars(query.order_by(SavedReply.uses.desc(), *_ORDER)):
        if len(chosen) < 3 and len(one.title) <= min(LONGEST_BUTTON, room):
            chosen.append(one)
            room -= len(one.title)
    return _offers(chosen, conversation, viewer)


def _offers(replies: list[SavedReply], conversation: Conversation, viewer: User) -> list[Offer]:
    known = values(conversation, viewer, clock.now()) if replies else {}
    return [Offer(one.id, one.title, one.shortcut, _text(one.body, known)) for one in replies]


def _text(body: str, values: Mapping[str, str]) -> str:
    missing = fields.render(body, values).missing
    return fields.render(body, {**values, **{name: f"{{{{{name}}}}}" for name in missing}}).text


def values(conversation: Conversation, viewer: User, at: datetime) -> dict[str, str]:
    """What each merge field says there when this user writes; nothing, where it is not named."""
    contact = conversation.contact
    local = at.astimezone(ZoneInfo(zone_beside(conversation)))
    person = Contact(name=contact.name, attributes=contact.attributes or {})
    return {
        **people_values(person),
        "number.name": conversation.number.name,
        "agent.first_name": first_name(viewer.name),
        "date": moments.day_of(local),
        "time": moments.clock_of(local),
    }


def _seen_by(viewer: User) -> ColumnElement[bool]:
    theirs = or_(SavedReply.user_id.is_(None), SavedReply.user_id == viewer.id)
    if can(viewer, Permission.SEE):
        return theirs
    granted = SavedReply.number_id.in_(viewer.granted)
    return theirs & or_(SavedReply.number_id.is_(None), granted)


def _fits(conversation: Conversation) -> ColumnElement[bool]:
    number = SavedReply.number_id
    return or_(number.is_(None), number == conversation.number_id)


def _escaped(typed: str) -> str:
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_ORDER = (func.lower(SavedReply.title), SavedReply.id)
