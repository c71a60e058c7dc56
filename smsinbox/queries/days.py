"""The days of a thread: a line above the first text of each, by the reader's clock.

Where a page of a thread begins nobody knows whether its first text is the first of its day: the
line above it goes when the texts before it come, and they bring the right one along.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import aliased

from smsinbox.core import times
from smsinbox.core.clock import micros
from smsinbox.core.database import db
from smsinbox.models.message import Message, MessageState
from smsinbox.queries.messages import Thread

_SCHEDULED = MessageState.SCHEDULED.value
_ALL = 2**62  # above every id


@dataclass(frozen=True, slots=True)
class Line:
    """The beginning of a day, above a text. What waits for its time stands behind all that was
    said, with lines of its own."""

    day: date
    id: str
    key: str  # sorts it before the text and behind what stands below the one before, as `data-key`


@dataclass(frozen=True, slots=True)
class Days:
    """Of a part of a thread: the lines by the ids of the texts below them, `top` while it is not
    known whether there is one, and `end`, that of the text after the last one here."""

    lines: dict[int, Line]
    top: Line | None
    end: Line | None


def days(
    conversation_id: int, thread: Thread, before: int | None = None, after: int | None = None
) -> Days:
    """Those of a part of the thread: around some text or the newest, or before or after an id."""
    is_cut_off = after is None and thread.older is not None
    texts = [one for one in (*thread.messages, *thread.later) if one.reacts_to_id is None]
    upper = after and _said(conversation_id, Message.id <= after, Message.id.desc())
    lower = before and _said(conversation_id, Message.id >= before, Message.id.asc())
    if lower:
        texts.append(lower)
    lines = dict(_lines(texts, upper.created_at if upper else None))
    top = lines.pop(texts[0].id) if texts and is_cut_off else None
    return Days(lines, top, lines.get(lower.id) if lower else None)


def brought(messages: Iterable[Message]) -> dict[int, Line]:
    """The lines of those of these texts that are the first of their day."""
    texts = {one.id: one for one in messages if one.reacts_to_id is None}
    found: dict[int, Line] = {}
    for message_id, above in db.session.execute(_ABOVE.where(Message.id.in_(texts))):
        found |= _lines([texts[message_id]], above)
    return found


def _lines(texts: Iterable[Message], above: datetime | None) -> Iterator[tuple[int, Line]]:
    last = None if above is None else times.here(above).date()
    for text in texts:
        at = times.here(_at(text))
        if at.date() != last:
            yield text.id, _line(text, at)
        last = at.date()


def _line(text: Message, at: datetime) -> Line:
    day = at.date()
    if text.state == _SCHEDULED:
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        return Line(day, f"planned-{day}", str(micros(midnight)))
    return Line(day, f"day-{day}", f"{text.id - 1}.99999999999999")


def _at(text: Message) -> datetime:
    planned = text.next_at if text.state == _SCHEDULED else None
    return planned or text.created_at


def _said(
    conversation_id: int, which: ColumnElement[bool], order: ColumnElement[int]
) -> Message | None:
    """The nearest text that shows as one."""
    query = select(Message).where(
        Message.conversation_id == conversation_id,
        Message.reacts_to_id.is_(None),
        Message.state != _SCHEDULED,
        which,
    )
    return db.session.scalar(query.order_by(order).limit(1))


_earlier = aliased(Message)
_ABOVE = select(
    Message.id,
    select(_earlier.created_at)
    .where(
        _earlier.conversation_id == Message.conversation_id,
        _earlier.reacts_to_id.is_(None),
        _earlier.state != _SCHEDULED,
        _earlier.id < case((Message.state == _SCHEDULED, _ALL), else_=Message.id),
    )
    .order_by(_earlier.id.desc())
    .limit(1)
    .correlate(Message)
    .scalar_subquery(),
)
