"""The days of a thread: a line above the first text of each, by the reader's clock. And which
texts stand together: those that one writer wrote within two minutes.

Where a page of a thread begins nobody knows whether its first text is the first of its day: the
line above it goes when the texts before it come, and they bring the right one along.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import aliased

from smsinbox.core import times
from smsinbox.core.clock import micros
from smsinbox.core.database import db
from smsinbox.models.message import Message, MessageState
from smsinbox.queries.messages import Thread

_SCHEDULED = MessageState.SCHEDULED.value
_ALL = 2**62  # above every id
_CLOSE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Line:
    """The beginning of a day, above a text. What waits for its time stands behind all that was
    said, with lines of its own."""

    day: date
    id: str
    key: str  # sorts it before the text and behind what stands below the one before, as `data-key`


@dataclass(slots=True)
class Days:
    """Of some texts of a thread: the lines by the ids of the texts below them, and which texts are
    `joined` with the one above. Of a whole part of it, `top` while it is not known whether there is
    a line, and `end`, that of the text after the last one here."""

    lines: dict[int, Line] = field(default_factory=dict)
    joined: set[int] = field(default_factory=set)
    top: Line | None = None
    end: Line | None = None

    def place(self, texts: Iterable[Message], above: Message | None) -> None:
        """Take in these texts, which stand one below the other, and below that one."""
        last = None if above is None else times.here(above.created_at).date()
        for text in texts:
            at = times.here(_at(text))
            if at.date() != last:
                self.lines[text.id] = _line(text, at)
            elif above is not None and _together(above, text):
                self.joined.add(text.id)
            above, last = text, at.date()


def days(
    conversation_id: int, thread: Thread, before: int | None = None, after: int | None = None
) -> Days:
    """Those of a part of the thread: around some text or the newest, or before or after an id."""
    is_cut_off = after is None and thread.older is not None
    texts = [one for one in (*thread.messages, *thread.later) if one.reacts_to_id is None]
    first = texts[0] if texts and is_cut_off else None
    until = first.id - 1 if first else after
    upper = until and _said(conversation_id, Message.id <= until, Message.id.desc())
    lower = before and _said(conversation_id, Message.id >= before, Message.id.asc())
    if lower:
        texts.append(lower)
    found = Days()
    found.place(texts, upper or None)
    if first:
        found.lines.pop(first.id, None)
        found.top = _line(first, times.here(_at(first)))
    found.end = found.lines.get(lower.id) if lower else None
    return found


def brought(messages: Iterable[Message]) -> Days:
    """What these texts bring with them, wherever they stand in the thread."""
    texts = {one.id: one for one in messages if one.reacts_to_id is None}
    found = Days()
    for message_id, above in db.session.execute(_ABOVE.where(Message.id.in_(texts))):
        found.place([texts[message_id]], above)
    return found


def _together(above: Message, text: Message) -> bool:
    is_one_writer = (above.author, above.author_name) == (text.author, text.author_name)
    return (
        is_one_writer and text.state != _SCHEDULED and text.created_at - above.created_at < _CLOSE
    )


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


_above, _earlier = aliased(Message), aliased(Message)
_ABOVE = select(Message.id, _above).outerjoin(
    _above,
    _above.id
    == select(_earlier.id)
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
