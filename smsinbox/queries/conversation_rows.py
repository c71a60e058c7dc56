"""One row of a list for each conversation, the same for whoever looks at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, exists, func, select, text

from smsinbox.core import clock
from smsinbox.core.courtesy import is_only_thanks
from smsinbox.core.phones import pretty, region_of
from smsinbox.models.calendar import Calendar
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation, ConversationStatus
from smsinbox.models.message import TROUBLED, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.queries.waiting import Wait, wait


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
    unanswered: int
    waiting_since: datetime | None
    received: int
    starred: bool
    preview: str
    last_direction: str | None
    last_message_at: datetime
    wants_out: bool
    has_scheduled: bool
    failed_id: int | None
    is_blocked: bool
    opening: dict[str, Any] | None  # the calendar of its number
    tags: tuple[tuple[str, str], ...] = ()  # name and colour
    failed: Message | None = None  # the last of ours that did not arrive, and nobody dismissed

    @property
    def title(self) -> str:
        return self.contact_name or pretty(self.contact_phone, region_of(self.number_phone))

    @property
    def has_failed(self) -> bool:
        return self.failed_id is not None

    @property
    def is_open(self) -> bool:
        return self.status == ConversationStatus.OPEN

    @property
    def is_work(self) -> bool:
        """Open, and of nobody who is blocked."""
        return self.is_open and not self.is_blocked

    @property
    def is_closed(self) -> bool:
        return self.status == ConversationStatus.CLOSED

    @property
    def is_only_thanks(self) -> bool:
        """All that waits is a thank-you or a thumb: perhaps it needs no reply."""
        waits = self.is_work and self.waiting_since is not None and self.unanswered == 1
        return waits and self.last_direction == "inbound" and is_only_thanks(self.preview)

    @property
    def wait(self) -> Wait:
        """How long they have waited for us, in opening hours where the number has any."""
        return wait(self.waiting_since or clock.now(), self.opening)

    def unread(self, read: int | None) -> int:
        """How many of its texts are new to somebody who has read so many; who never opened it has
        read what was answered."""
        return self.unanswered if read is None else max(0, self.received - read)

    @property
    def initials(self) -> str:
        words = self.contact_name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def row_of(found: Row[*tuple[Any, ...]]) -> ConversationRow:
    """What `COLUMNS` selected; `tags` and `failed` are asked for apart."""
    return ConversationRow(*found)


_HAS_SCHEDULED = exists().where(
    Message.conversation_id == Conversation.id, Message.state == MessageState.SCHEDULED.value
)
_FAILED = (
    select(func.max(Message.id))
    .where(Message.conversation_id == Conversation.id, text(TROUBLED))
    .scalar_subquery()
)
COLUMNS: Select[*tuple[Any, ...]] = (
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
        Conversation.unanswered,
        Conversation.waiting_since,
        Conversation.received,
        Conversation.starred,
        Conversation.preview,
        Conversation.last_direction,
        Conversation.last_message_at,
        Conversation.wants_out,
        _HAS_SCHEDULED,
        _FAILED,
        Contact.blocked_at.is_not(None),
        Calendar.definition,
    )
    .select_from(Conversation)
    .join(Number, Number.id == Conversation.number_id)
    .join(Contact, Contact.id == Conversation.contact_id)
    .outerjoin(Calendar, Calendar.name == Number.calendar)
    .outerjoin(User, User.id == Conversation.assignee_id)
)
