"""What a search gives, and the types that its two databases share."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

from smsinbox.queries.conversation_rows import ConversationRow
from smsinbox.queries.search.words import Piece

Key: TypeAlias = InstrumentedAttribute[int] | ColumnElement[int]
Narrowed: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A text or a note, and the conversation it is in."""

    kind: str  # message, note
    id: int
    at: datetime
    by: str  # who wrote it on our side; empty for the contact
    pieces: list[Piece]
    row: ConversationRow

    @property
    def link(self) -> str:
        """Where it is read, in its place."""
        place = "at" if self.kind == "message" else "activity"
        return f"/conversations/{self.row.id}?{place}={self.id}"


@dataclass(frozen=True, slots=True)
class Person:
    """A contact, and their latest conversation that the viewer may see."""

    name: list[Piece]
    phone: list[Piece]
    notes: list[Piece]  # only where what was looked for is in them
    row: ConversationRow


@dataclass(frozen=True, slots=True)
class Found:
    """`next` is what `before` takes to go on; None at the end."""

    people: list[Person]
    hits: list[Hit]
    next: str | None
    problems: list[str]
