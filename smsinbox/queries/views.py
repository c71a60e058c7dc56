"""The views: which conversations each list shows, asked of a row and asked of the database.

Both answers stand side by side, as they must be the same.
"""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, text, true

from smsinbox.core import clock
from smsinbox.models.conversation import Conversation, ConversationStatus
from smsinbox.models.message import TROUBLED, Message, MessageState
from smsinbox.queries.conversation_rows import ConversationRow


class Kind(NamedTuple):
    """One view; both ask for the id of the user who looks."""

    shows: Callable[[ConversationRow, int], bool]
    where: Callable[[int], ColumnElement[bool]]


_IS_OPEN = Conversation.status == ConversationStatus.OPEN.value
_IS_CLOSED = Conversation.status == ConversationStatus.CLOSED.value
_WITH_SCHEDULED = select(Message.conversation_id).where(
    Message.state == MessageState.SCHEDULED.value
)
_WITH_FAILED = select(Message.conversation_id).where(text(TROUBLED))

KINDS = {
    "needs-reply": Kind(
        lambda row, me: row.is_open and row.waiting_since is not None,
        lambda me: _IS_OPEN & Conversation.waiting_since.is_not(None),
    ),
    "open": Kind(lambda row, me: row.is_open, lambda me: _IS_OPEN),
    "mine": Kind(
        lambda row, me: row.is_open and row.assignee_id == me,
        lambda me: _IS_OPEN & (Conversation.assignee_id == me),
    ),
    "unassigned": Kind(
        lambda row, me: row.is_open and row.assignee_id is None,
        lambda me: _IS_OPEN & Conversation.assignee_id.is_(None),
    ),
    "snoozed": Kind(
        lambda row, me: row.status == ConversationStatus.SNOOZED,
        lambda me: Conversation.status == ConversationStatus.SNOOZED.value,
    ),
    "scheduled": Kind(
        lambda row, me: row.has_scheduled, lambda me: Conversation.id.in_(_WITH_SCHEDULED)
    ),
    "failed": Kind(
        lambda row, me: row.has_failed and not row.is_closed,
        lambda me: Conversation.id.in_(_WITH_FAILED) & ~_IS_CLOSED,
    ),
    "closed": Kind(lambda row, me: row.is_closed, lambda me: _IS_CLOSED),
    "all": Kind(lambda row, me: True, lambda me: true()),
}


class View(NamedTuple):
    """Which conversations a list shows: those of a kind, maybe of one Number."""

    name: str
    number_id: int | None = None

    @classmethod
    def parse(cls, name: str | None, number: str | None = None) -> "View":
        """The view that a page or a topic names; anything unknown is *open*."""
        name, _, inner = (name or "").partition(":")
        number = number or inner
        known = number.isascii() and number.isdigit() and len(number) < 16
        return cls(name if name in KINDS else "open", int(number) if known else None)

    def __str__(self) -> str:
        return self.name if self.number_id is None else f"{self.name}:{self.number_id}"

    @property
    def order(self) -> str:
        """By `key`, asc or desc."""
        return "asc" if self.name == "needs-reply" else "desc"

    def key(self, row: ConversationRow) -> str:
        """Where a row stands in the list: who waits longest is first, else the newest."""
        waits = self.name == "needs-reply" and row.waiting_since
        return f"{clock.micros(waits or row.last_message_at)}-{row.id}"

    def shows(self, row: ConversationRow, viewer_id: int) -> bool:
        """Whether a row belongs to this view of that viewer."""
        if self.number_id is not None and row.number_id != self.number_id:
            return False
        return KINDS[self.name].shows(row, viewer_id)

    def where(self, viewer_id: int) -> ColumnElement[bool]:
        """The same for the database."""
        number = true() if self.number_id is None else Conversation.number_id == self.number_id
        return number & KINDS[self.name].where(viewer_id)
