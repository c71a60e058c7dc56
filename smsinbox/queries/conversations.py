"""The lists of conversations: pages by keyset, counts, and one row for each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from smsinbox.core import clock
from smsinbox.core.database import BigId, Instant, db
from smsinbox.core.errors import NotFound
from smsinbox.core.phones import pretty, region_of
from smsinbox.models.api_key import ApiKey
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation, ConversationStatus
from smsinbox.models.number import Number
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.queries.page import Page

VIEWS = ("open", "mine", "unassigned", "closed", "all")


class View(NamedTuple):
    """Which conversations a list shows."""

    name: str
    number_id: int | None = None

    @classmethod
    def parse(cls, name: str | None, number: str | None = None) -> "View":
        """The view that a page or a topic names; anything unknown is *open*."""
        name, _, inner = (name or "").partition(":")
        number = number or inner
        known = number.isascii() and number.isdigit() and len(number) < 16
        return cls(name if name in VIEWS else "open", int(number) if known else None)

    def __str__(self) -> str:
        return self.name if self.number_id is None else f"{self.name}:{self.number_id}"

    def shows(self, row: "ConversationRow", viewer_id: int) -> bool:
        """Whether a row belongs to this view of that viewer; the same decision as the SQL."""
        if self.number_id is not None and row.number_id != self.number_id:
            return False
        match self.name:
            case "all":
                return True
            case "closed":
                return row.is_closed
            case "mine":
                return row.is_open and row.assignee_id == viewer_id
            case "unassigned":
                return row.is_open and row.assignee_id is None
            case _:
                return row.is_open


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """What a list shows of a conversation."""

    id: int
    number_id: int
    number_name: str
    number_phone: str
    contact_id: int
    contact_name: str
    contact_phone: str
    contact_kind: str
    status: str
    assignee_id: int | None
    assignee_name: str | None
    unread: int
    preview: str
    last_direction: str | None
    last_message_at: datetime
    wants_out: bool

    @property
    def title(self) -> str:
        return self.contact_name or pretty(self.contact_phone, region_of(self.number_phone))

    @property
    def sort_key(self) -> str:
        return f"{clock.micros(self.last_message_at)}-{self.id}"

    @property
    def is_open(self) -> bool:
        return self.status == ConversationStatus.OPEN

    @property
    def is_closed(self) -> bool:
        return self.status == ConversationStatus.CLOSED

    @property
    def initials(self) -> str:
        words = self.contact_name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@dataclass(frozen=True, slots=True)
class Counts:
    """Conversations in each view, and unread ones for each number."""

    open: int
    mine: int
    unassigned: int
    unread: int
    by_number: dict[int, int] = field(default_factory=dict)


_COLUMNS: Select[*tuple[Any, ...]] = (
    select(
        Conversation.id,
        Conversation.number_id,
        Number.name,
        Number.phone,
        Conversation.contact_id,
        Contact.name,
        Contact.phone,
        Contact.kind,
        Conversation.status,
        Conversation.assignee_id,
        User.name,
        Conversation.unread,
        Conversation.preview,
        Conversation.last_direction,
        Conversation.last_message_at,
        Conversation.wants_out,
    )
    .select_from(Conversation)
    .join(Number, Number.id == Conversation.number_id)
    .join(Contact, Contact.id == Conversation.contact_id)
    .outerjoin(User, User.id == Conversation.assignee_id)
)
_NEWEST_FIRST = (Conversation.last_message_at.desc(), Conversation.id.desc())


def listed(
    viewer: User | ApiKey, view: View, before: str | None = None, limit: int = 50
) -> Page[ConversationRow]:
    """A page of the view, newest first; `before` is the `next` of the page before it."""
    query = _COLUMNS.where(_in_view(view, viewer), _granted(viewer)).order_by(*_NEWEST_FIRST)
    place = _place(before)
    if place is not None:
        last = tuple_(*place, types=[Instant(), BigId])
        query = query.where(tuple_(Conversation.last_message_at, Conversation.id) < last)
    found = [_row(row) for row in db.session.execute(query.limit(limit + 1))]
    more = found[limit - 1].sort_key if len(found) > limit else None
    return Page(found[:limit], more)


def rows(ids: Iterable[int]) -> dict[int, ConversationRow]:
    """The rows of these conversations, whoever may see them."""
    query = _COLUMNS.where(Conversation.id.in_(list(ids)))
    return {row[0]: _row(row) for row in db.session.execute(query)}


def history(viewer: User | ApiKey, contact_id: int) -> list[ConversationRow]:
    """Every conversation of a person, by any phone of theirs, that the viewer may see, newest
    first."""
    phone = aliased(Contact)
    leader = (
        select(func.coalesce(Contact.person_id, Contact.id))
        .where(Contact.id == contact_id)
        .scalar_subquery()
    )
    phones = select(phone.id).where(or_(phone.id == leader, phone.person_id == leader))
    query = _COLUMNS.where(Conversation.contact_id.in_(phones), _granted(viewer))
    return [_row(row) for row in db.session.execute(query.order_by(*_NEWEST_FIRST).limit(50))]


def for_viewer(viewer: User | ApiKey, conversation_id: int) -> Conversation:
    """The conversation; NotFound when it is not there or not granted."""
    conversation = db.session.get(Conversation, conversation_id)
    if conversation is None or not can(viewer, Permission.SEE, conversation.number_id):
        raise NotFound
    return conversation


def counts(viewer: User) -> Counts:
    """The figures beside the views; small by the indexes on status and assignee."""
    is_open = Conversation.status == ConversationStatus.OPEN.value
    unread = Conversation.unread > 0
    open_, mine, unassigned = db.session.execute(
        select(
            func.count(),
            func.count().filter(Conversation.assignee_id == viewer.id),
            func.count().filter(Conversation.assignee_id.is_(None)),
        ).where(is_open, _granted(viewer))
    ).one()
    by_number = db.session.execute(
        select(Conversation.number_id, func.count())
        .where(is_open, unread, _granted(viewer))
        .group_by(Conversation.number_id)
    )
    numbers = {int(number): int(count) for number, count in by_number}
    return Counts(open_, mine, unassigned, sum(numbers.values()), numbers)


def _granted(viewer: User | ApiKey) -> ColumnElement[bool]:
    if can(viewer, Permission.SEE):
        return true()
    if isinstance(viewer, ApiKey) or not viewer.active:
        return false()
    return Conversation.number_id.in_(viewer.granted)


def _in_view(view: View, viewer: User | ApiKey) -> ColumnElement[bool]:
    number = true() if view.number_id is None else Conversation.number_id == view.number_id
    is_open = Conversation.status == ConversationStatus.OPEN.value
    match view.name:
        case "all":
            return number
        case "closed":
            return number & (Conversation.status == ConversationStatus.CLOSED.value)
        case "mine":
            return number & is_open & (Conversation.assignee_id == viewer.id)
        case "unassigned":
            return number & is_open & Conversation.assignee_id.is_(None)
        case _:
            return number & is_open


def _place(before: str | None) -> tuple[datetime, int] | None:
    at, _, conversation_id = (before or "").partition("-")
    if not (
        at.isascii() and at.isdigit() and conversation_id.isascii() and conversation_id.isdigit()
    ):
        return None
    if len(at) > 18 or len(conversation_id) > 18:
        return None
    return clock.from_micros(min(int(at), 10**17)), int(conversation_id)


def _row(row: Row[*tuple[Any, ...]]) -> ConversationRow:
    return ConversationRow(*row)
