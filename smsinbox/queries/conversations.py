"""The lists of conversations: pages by keyset, counts, and one row for each."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from smsinbox.core import clock
from smsinbox.core.database import BigId, Instant, db
from smsinbox.core.errors import NotFound
from smsinbox.models.api_key import ApiKey
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.permission import Permission, can
from smsinbox.models.saved_filter import ListOrder, SavedFilter
from smsinbox.models.user import User
from smsinbox.queries import contacts, filters, messages
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
_MOST_COUNTED = 100  # of a filter: more are "99+"


def listed(
    viewer: User | ApiKey, view: View, before: str | None = None, limit: int = 50
) -> Page[ConversationRow]:
    """A page of the view in its order; `before` is the `next` of the page before it."""
    at, rising = view.column, view.order == "asc"
    here = tuple_(at, Conversation.id)
    order = (at, Conversation.id) if rising else (at.desc(), Conversation.id.desc())
    query = COLUMNS.where(view.where(_id(viewer)), _granted(viewer)).order_by(*order)
    place = _place(before)
    if place is not None:
        last = tuple_(*place, types=[Instant(), BigId])
        query = query.where(here > last if rising else here < last)
    found = _read(query.limit(limit + 1))
    more = view.key(found[limit - 1]) if len(found) > limit else None
    return Page(found[:limit], more)


def rows(ids: Iterable[int]) -> dict[int, ConversationRow]:
    """The rows of these conversations, whoever may see them."""
    return {row.id: row for row in _read(COLUMNS.where(Conversation.id.in_(list(ids))))}


def numbers_of(ids: Iterable[int]) -> dict[int, int]:
    """The number of each of these conversations."""
    query = select(Conversation.id, Conversation.number_id).where(Conversation.id.in_(list(ids)))
    return {row[0]: row[1] for row in db.session.execute(query)}


def seen(viewer: User, ids: Iterable[int]) -> list[ConversationRow]:
    """Those of these conversations that the viewer may see."""
    return _read(COLUMNS.where(Conversation.id.in_(list(ids)), _granted(viewer)))


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
    return _read(query.order_by(*_NEWEST_FIRST).limit(50))


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


def in_filters(viewer: User) -> list[tuple[SavedFilter, int]]:
    """Their own filters and everybody's, with how many they find there; counted up to 100."""
    return [
        (one, _count(View("filter", query=one.query), viewer)) for one in filters.saved_for(viewer)
    ]


def order_of(viewer: User, view: str) -> str:
    """How the viewer reads this view: one of `views.SORTS`, or empty for the view's own order."""
    kept = db.session.get(ListOrder, (viewer.id, view))
    return kept.sort if kept else ""


def _count(view: View, viewer: User) -> int:
    found = select(Conversation.id).where(view.where(viewer.id), _granted(viewer))
    if view.name == "filter":
        found = found.limit(_MOST_COUNTED)
    return db.session.scalars(select(func.count()).select_from(found.subquery())).one()


def _read(query: Select[*tuple[Any, ...]]) -> list[ConversationRow]:
    """The rows, with the tags of their contacts and the texts of ours that did not arrive."""
    found = [row_of(row) for row in db.session.execute(query)]
    tags = contacts.tags_of({row.contact_id for row in found})
    failed = messages.by_ids([row.failed_id for row in found if row.failed_id])
    return [
        replace(
            row,
            tags=tuple((tag.name, tag.color) for tag in tags.get(row.contact_id, ())),
            failed=failed.get(row.failed_id or 0),
        )
        for row in found
    ]


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
