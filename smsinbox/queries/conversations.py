"""The lists of conversations: pages by keyset, counts, and one row for each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from smsinbox.core import clock
from smsinbox.core.database import BigId, Instant, db
from smsinbox.core.errors import NotFound
from smsinbox.models.api_key import ApiKey
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.queries.conversation_rows import COLUMNS, ConversationRow, row_of
from smsinbox.queries.page import Page
from smsinbox.queries.views import IS_WORK, View


@dataclass(frozen=True, slots=True)
class Counts:
    """Conversations in each view, and for each number those that need a reply."""

    needs_reply: int
    open: int
    mine: int
    unassigned: int
    snoozed: int
    scheduled: int
    failed: int
    urgent: int  # of those that need a reply: mine, and nobody's
    by_number: dict[int, int] = field(default_factory=dict)

    def of(self, view: str) -> int:
        """The figure beside a view; 0 for those that have none."""
        return int(getattr(self, view.replace("-", "_"), 0))


_RARE = ("snoozed", "scheduled", "failed")
_NEWEST_FIRST = (Conversation.last_message_at.desc(), Conversation.id.desc())
_LONGEST_FIRST = (Conversation.waiting_since, Conversation.id)


def listed(
    viewer: User | ApiKey, view: View, before: str | None = None, limit: int = 50
) -> Page[ConversationRow]:
    """A page of the view in its order; `before` is the `next` of the page before it."""
    rising = view.order == "asc"
    order = _LONGEST_FIRST if rising else _NEWEST_FIRST
    query = COLUMNS.where(view.where(_id(viewer)), _granted(viewer)).order_by(*order)
    place = _place(before)
    if place is not None:
        last = tuple_(*place, types=[Instant(), BigId])
        at = Conversation.waiting_since if rising else Conversation.last_message_at
        here = tuple_(at, Conversation.id)
        query = query.where(here > last if rising else here < last)
    found = [row_of(row) for row in db.session.execute(query.limit(limit + 1))]
    more = view.key(found[limit - 1]) if len(found) > limit else None
    return Page(found[:limit], more)


def rows(ids: Iterable[int]) -> dict[int, ConversationRow]:
    """The rows of these conversations, whoever may see them."""
    query = COLUMNS.where(Conversation.id.in_(list(ids)))
    return {row[0]: row_of(row) for row in db.session.execute(query)}


def seen(viewer: User, ids: Iterable[int]) -> list[ConversationRow]:
    """Those of these conversations that the viewer may see."""
    query = COLUMNS.where(Conversation.id.in_(list(ids)), _granted(viewer))
    return [row_of(row) for row in db.session.execute(query)]


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
    query = COLUMNS.where(Conversation.contact_id.in_(phones), _granted(viewer))
    return [row_of(row) for row in db.session.execute(query.order_by(*_NEWEST_FIRST).limit(50))]


def for_viewer(viewer: User | ApiKey, conversation_id: int) -> Conversation:
    """The conversation; NotFound when it is not there or not granted."""
    conversation = db.session.get(Conversation, conversation_id)
    if conversation is None or not can(viewer, Permission.SEE, conversation.number_id):
        raise NotFound
    return conversation


def counts(viewer: User) -> Counts:
    """The figures beside the views; small by the indexes on status and assignee."""
    mine_or_free = or_(Conversation.assignee_id == viewer.id, Conversation.assignee_id.is_(None))
    open_, mine, unassigned, urgent = db.session.execute(
        select(
            func.count(),
            func.count().filter(Conversation.assignee_id == viewer.id),
            func.count().filter(Conversation.assignee_id.is_(None)),
            func.count().filter(mine_or_free, Conversation.waiting_since.is_not(None)),
        ).where(IS_WORK, _granted(viewer))
    ).one()
    by_number = db.session.execute(
        select(Conversation.number_id, func.count())
        .where(IS_WORK, Conversation.waiting_since.is_not(None), _granted(viewer))
        .group_by(Conversation.number_id)
    )
    numbers = {int(number): int(count) for number, count in by_number}
    snoozed, scheduled, failed = (_count(View(name), viewer) for name in _RARE)
    needs_reply = sum(numbers.values())
    return Counts(needs_reply, open_, mine, unassigned, snoozed, scheduled, failed, urgent, numbers)


def _count(view: View, viewer: User) -> int:
    query = select(func.count()).select_from(Conversation)
    return db.session.scalars(query.where(view.where(viewer.id), _granted(viewer))).one()


def _id(viewer: User | ApiKey) -> int:
    """Programs have no conversations of their own."""
    return viewer.id if isinstance(viewer, User) else 0


def _granted(viewer: User | ApiKey) -> ColumnElement[bool]:
    if can(viewer, Permission.SEE):
        return true()
    if isinstance(viewer, ApiKey) or not viewer.active:
        return false()
    return Conversation.number_id.in_(viewer.granted)


def _place(before: str | None) -> tuple[datetime, int] | None:
    at, _, conversation_id = (before or "").partition("-")
    if not (
        at.isascii() and at.isdigit() and conversation_id.isascii() and conversation_id.isdigit()
    ):
        return None
    if len(at) > 18 or len(conversation_id) > 18:
        return None
    return clock.from_micros(min(int(at), 10**17)), int(conversation_id)
