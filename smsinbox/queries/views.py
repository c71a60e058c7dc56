"""The views: which conversations each list shows, asked of a row and asked of the database.

Both answers stand side by side, as they must be the same.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlencode

from sqlalchemy import ColumnElement, false, func, literal, select, text, true

from smsinbox.core import clock
from smsinbox.core.database import Instant
from smsinbox.core.i18n import _l
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation, ConversationStatus
from smsinbox.models.message import TROUBLED, Message, MessageState
from smsinbox.queries import filters
from smsinbox.queries.conversation_rows import ConversationRow


class Kind(NamedTuple):
    """One view; both ask for the id of the user who looks."""

    shows: Callable[[ConversationRow, int], bool]
    where: Callable[[int], ColumnElement[bool]]


_IS_OPEN = Conversation.status == ConversationStatus.OPEN.value
# Few are: so no index of waiting work need know of it.
_IS_BLOCKED = Conversation.contact_id.in_(select(Contact.id).where(Contact.blocked_at.is_not(None)))
IS_WORK = _IS_OPEN & ~_IS_BLOCKED
_IS_CLOSED = Conversation.status == ConversationStatus.CLOSED.value
_WITH_SCHEDULED = select(Message.conversation_id).where(
    Message.state == MessageState.SCHEDULED.value
)
_WITH_FAILED = select(Message.conversation_id).where(text(TROUBLED))

KINDS = {
    "needs-reply": Kind(
        lambda row, me: row.is_work and row.waiting_since is not None,
        lambda me: IS_WORK & Conversation.waiting_since.is_not(None),
    ),
    "open": Kind(lambda row, me: row.is_work, lambda me: IS_WORK),
    "mine": Kind(
        lambda row, me: row.is_work and row.assignee_id == me,
        lambda me: IS_WORK & (Conversation.assignee_id == me),
    ),
    "unassigned": Kind(
        lambda row, me: row.is_work and row.assignee_id is None,
        lambda me: IS_WORK & Conversation.assignee_id.is_(None),
    ),
    "snoozed": Kind(
        lambda row, me: row.status == ConversationStatus.SNOOZED and not row.is_blocked,
        lambda me: (Conversation.status == ConversationStatus.SNOOZED.value) & ~_IS_BLOCKED,
    ),
    "scheduled": Kind(
        lambda row, me: row.has_scheduled, lambda me: Conversation.id.in_(_WITH_SCHEDULED)
    ),
    "failed": Kind(
        lambda row, me: row.has_failed and not (row.is_closed or row.is_blocked),
        lambda me: Conversation.id.in_(_WITH_FAILED) & ~_IS_CLOSED & ~_IS_BLOCKED,
    ),
    "closed": Kind(lambda row, me: row.is_closed, lambda me: _IS_CLOSED),
    "blocked": Kind(lambda row, me: row.is_blocked, lambda me: _IS_BLOCKED),
    "all": Kind(lambda row, me: True, lambda me: true()),
    "filter": Kind(lambda row, me: False, lambda me: false()),  # what its query describes
}
NAMES = {
    "needs-reply": _l("Needs reply"),
    "open": _l("Open"),
    "mine": _l("Mine"),
    "unassigned": _l("Unassigned"),
    "snoozed": _l("Snoozed"),
    "scheduled": _l("Scheduled"),
    "failed": _l("Failed"),
    "closed": _l("Closed"),
    "blocked": _l("Blocked"),
    "all": _l("All"),
    "filter": _l("Filter"),
}
SORTS = {
    "waiting": _l("Longest waiting"),
    "newest": _l("Newest first"),
    "oldest": _l("Oldest first"),
}
_LAST = clock.from_micros(10**17)  # waits for nobody: behind all who do


class View(NamedTuple):
    """Which conversations a list shows: those of a kind, maybe of one Number; and in which order.

    `sort` is one of SORTS, or empty for the view's own; `query` is what a *filter* describes.
    """

    name: str
    number_id: int | None = None
    sort: str = ""
    query: str = ""

    @classmethod
    def parse(
        cls, name: str | None, number: str | None = None, sort: str = "", query: str = ""
    ) -> "View":
        """The view that a page or a topic names; anything unknown is *open*."""
        name, inner, order, quoted, *_ = [*(name or "").split(":"), "", "", ""]
        number, sort, query = number or inner, sort or order, query or unquote(quoted)
        known = number.isascii() and number.isdigit() and len(number) < 16
        return cls(
            name if name in KINDS else "open",
            int(number) if known else None,
            sort if sort in SORTS else "",
            query[: filters.LONGEST] if name == "filter" else "",
        )

    def __str__(self) -> str:
        """A topic's words: letters, digits and `%._-~:` only, whatever the query holds."""
        parts = (self.name, str(self.number_id or ""), self.sort, quote(self.query, safe=""))
        return ":".join(parts).rstrip(":")

    @property
    def place(self) -> str:
        """Which link of the sidebar leads here."""
        if self.number_id is not None:
            return f"number:{self.number_id}"
        return str(self._replace(sort=""))

    @property
    def address(self) -> str:
        """The query of its pages' addresses."""
        parts = {"view": self.name, "number": self.number_id, "q": self.query}
        return urlencode({name: value for name, value in parts.items() if value})

    @property
    def sorted_by(self) -> str:
        """One of SORTS."""
        return self.sort or ("waiting" if self.name == "needs-reply" else "newest")

    @property
    def order(self) -> str:
        """By `key`, asc or desc."""
        return "desc" if self.sorted_by == "newest" else "asc"

    @property
    def column(self) -> ColumnElement[Any]:
        """What the database sorts by, before the id."""
        if self.sorted_by != "waiting":
            return Conversation.last_message_at.expression
        if self.name == "needs-reply":
            return Conversation.waiting_since.expression
        return func.coalesce(Conversation.waiting_since, literal(_LAST, Instant()))

    def key(self, row: ConversationRow) -> str:
        """Where a row stands in the list, and so where the next page of it begins."""
        waits = row.waiting_since or _LAST
        at = waits if self.sorted_by == "waiting" else row.last_message_at
        return f"{clock.micros(at)}-{row.id}"

    def shows(self, row: ConversationRow, viewer_id: int) -> bool:
        """Whether a row belongs to this view of that viewer."""
        if self.number_id is not None and row.number_id != self.number_id:
            return False
        if self.name == "filter":
            return filters.shows(self.query, row.id, viewer_id)
        return KINDS[self.name].shows(row, viewer_id)

    def where(self, viewer_id: int) -> ColumnElement[bool]:
        """The same for the database."""
        number = true() if self.number_id is None else Conversation.number_id == self.number_id
        if self.name == "filter":
            return number & filters.where(self.query, viewer_id)
        return number & KINDS[self.name].where(viewer_id)
