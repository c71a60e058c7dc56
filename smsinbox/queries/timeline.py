"""Everything between us and a person, across our numbers, as one line through time.

Each source is read from the newest back, as far as a page needs; the sources are put together by
time, so that a page costs the same however much there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import selectinload

from smsinbox.core import clock
from smsinbox.core.database import Instant, db
from smsinbox.models.activity import Activity, ActivityKind
from smsinbox.models.consent_event import ConsentEvent
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.queries import numbers
from smsinbox.queries.page import Page

TEXT, LINE, CONSENT = 3, 2, 1  # at one moment the text stands above what it brought about


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened: a text, a line of colleagues and rules, or a word of consent;
    `conversation` is where, None for consent that is about no conversation."""

    at: datetime
    kind: int
    thing: Message | Activity | ConsentEvent
    conversation: Conversation | None
    beside: int | None  # the text to look at there

    @property
    def key(self) -> str:
        return f"{clock.micros(self.at)}-{self.kind}-{self.thing.id}"

    @property
    def link(self) -> str:
        """Where it stands in its conversation."""
        if self.conversation is None:
            return ""
        place = f"?at={self.beside}" if self.beside else ""
        if self.kind == LINE:
            place = f"?activity={self.thing.id}"
        return f"/conversations/{self.conversation.id}{place}"


def page(
    viewer: User, contacts: Sequence[Contact], before: str | None = None, limit: int = 40
) -> Page[Moment]:
    """The newest first, of the numbers that the viewer may see; `before` is the `next` of the page
    before it."""
    ids = [one.id for one in contacts]
    theirs = [one for one in _conversations(ids) if can(viewer, Permission.SEE, one.number_id)]
    place = _place(before)
    sources = [
        _source(TEXT, Message, Message.created_at, _within(Message, theirs), place, limit),
        _source(LINE, Activity, Activity.at, _lines(theirs), place, limit),
        _source(CONSENT, ConsentEvent, ConsentEvent.at, _consent(viewer, ids), place, limit),
    ]
    every = union_all(*(select(one.subquery()) for one in sources)).subquery()
    newest = select(every.c.at, every.c.kind, every.c.id).order_by(
        every.c.at.desc(), every.c.kind.desc(), every.c.id.desc()
    )
    found = [(row[1], row[2]) for row in db.session.execute(newest.limit(limit + 1))]
    moments = _moments(found[:limit], theirs)
    return Page(moments, moments[-1].key if len(found) > limit else None)


def _source(
    kind: int,
    model: type[Message | Activity | ConsentEvent],
    at: Any,
    which: ColumnElement[bool],
    place: tuple[int, int, int] | None,
    limit: int,
) -> Select[Any]:
    moment = func.coalesce(at, 0, type_=BigInteger)
    query = select(moment.label("at"), literal(kind).label("kind"), model.id.label("id")).where(
        which
    )
    if place is not None:
        last, last_kind, last_id = place
        instant = literal(clock.from_micros(last), Instant())
        beneath = kind < last_kind
        same = and_(at == instant, literal(beneath) if kind != last_kind else model.id < last_id)
        query = query.where(or_(at < instant, same))
    return query.order_by(at.desc(), model.id.desc()).limit(limit + 1)


def _within(
    model: type[Message | Activity], conversations: Sequence[Conversation]
) -> ColumnElement[bool]:
    return model.conversation_id.in_([one.id for one in conversations])


def _lines(conversations: Sequence[Conversation]) -> ColumnElement[bool]:
    """Without those about consent, whose proof is here itself."""
    is_other = Activity.kind != ActivityKind.CONSENT.value
    return and_(_within(Activity, conversations), is_other)


def _consent(viewer: User, contact_ids: Sequence[int]) -> ColumnElement[bool]:
    """What holds for all numbers is about those that the viewer sees, too."""
    granted = [number.id for number in numbers.granted(viewer)]
    seen = or_(ConsentEvent.number_id.is_(None), ConsentEvent.number_id.in_(granted))
    return and_(ConsentEvent.contact_id.in_(contact_ids), seen)


def _conversations(contact_ids: Sequence[int]) -> list[Conversation]:
    query = select(Conversation).where(Conversation.contact_id.in_(contact_ids))
    return list(db.session.scalars(query).unique())


def _moments(found: Sequence[tuple[int, int]], theirs: Sequence[Conversation]) -> list[Moment]:
    by_id = {one.id: one for one in theirs}
    ids = {kind: [one for of, one in found if of == kind] for kind in (TEXT, LINE, CONSENT)}
    files = selectinload(Message.attachments)
    texts = select(Message).options(files).where(Message.id.in_(ids[TEXT]))
    lines = select(Activity).where(Activity.id.in_(ids[LINE]))
    words = select(ConsentEvent).where(ConsentEvent.id.in_(ids[CONSENT]))
    things: dict[tuple[int, int], Moment] = {}
    for text in db.session.scalars(texts):
        there = by_id[text.conversation_id]
        things[TEXT, text.id] = Moment(text.created_at, TEXT, text, there, text.id)
    for line in db.session.scalars(lines):
        there = by_id[line.conversation_id]
        things[LINE, line.id] = Moment(line.at, LINE, line, there, line.message_id)
    for word in db.session.scalars(words):
        at = next((c for c in theirs if _is_of(c, word)), None)
        things[CONSENT, word.id] = Moment(word.at, CONSENT, word, at, word.message_id)
    return [things[one] for one in found if one in things]


def _is_of(conversation: Conversation, word: ConsentEvent) -> bool:
    its_number = word.number_id in (None, conversation.number_id)
    return conversation.contact_id == word.contact_id and its_number


def _place(before: str | None) -> tuple[int, int, int] | None:
    parts = (before or "").split("-")
    if len(parts) != 3 or not all(one.isascii() and one.isdigit() for one in parts):
        return None
    if any(len(one) > 18 for one in parts):
        return None
    at, kind, last = map(int, parts)
    return min(at, 10**17), kind, last
