"""A conversation from its first text to its last, to be written down."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from smsinbox.core.database import db
from smsinbox.models.activity import Activity, ActivityKind
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A text, or a line of colleagues or rules, in whose name; `files` are their names."""

    at: datetime
    thing: Message | Activity
    files: tuple[str, ...] = ()

    @property
    def text(self) -> Message | None:
        return self.thing if isinstance(self.thing, Message) else None


def entries(conversation: Conversation, with_notes: bool) -> Iterator[Entry]:
    """Everything in its order of time; what only colleagues see is left out unless asked for."""
    lines = iter(_lines(conversation.id) if with_notes else ())
    line = next(lines, None)
    for text in _texts(conversation.id):
        while line is not None and line.at < text.created_at:
            yield Entry(line.at, line)
            line = next(lines, None)
        yield Entry(text.created_at, text, tuple(file.title for file in text.attachments))
    while line is not None:
        yield Entry(line.at, line)
        line = next(lines, None)


def _texts(conversation_id: int) -> Iterator[Message]:
    query = select(Message).options(selectinload(Message.attachments)).order_by(Message.id)
    after = 0
    while True:
        which = (Message.conversation_id == conversation_id, Message.id > after)
        found = list(db.session.scalars(query.where(*which).limit(_PAGE)))
        yield from found
        if len(found) < _PAGE:
            return
        after = found[-1].id


def _lines(conversation_id: int) -> list[Activity]:
    """What a rule in shadow would have sent was never said."""
    which = (Activity.conversation_id == conversation_id, Activity.kind != ActivityKind.GHOST.value)
    query = select(Activity).where(*which).order_by(Activity.at, Activity.id)
    return list(db.session.scalars(query))
