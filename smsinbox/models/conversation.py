"""A Conversation: everything between one Contact and one Number, and what the list shows of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from smsinbox.core import clock
from smsinbox.core.database import Base, BigId, Instant
from smsinbox.models.contact import Contact
from smsinbox.models.number import Number
from smsinbox.models.user import User


class ConversationStatus(StrEnum):
    """Where a conversation stands; a new text from the contact opens it again."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Conversation(Base):
    """The last text, its time and who waits are kept here so that lists read one table."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("number_id", "contact_id"),
        Index("ix_conversation_status_last", "status", "last_message_at", "id"),
        Index("ix_conversation_assignee_last", "assignee_id", "last_message_at", "id"),
        Index("ix_conversation_number_last", "number_id", "last_message_at", "id"),
        Index("ix_conversation_last", "last_message_at", "id"),
        Index("ix_conversation_contact", "contact_id"),
        Index(
            "ix_conversation_snoozed",
            "snoozed_until",
            postgresql_where=text("snoozed_until IS NOT NULL"),
            sqlite_where=text("snoozed_until IS NOT NULL"),
        ),
        Index(
            "ix_conversation_waiting",
            "waiting_since",
            "id",
            postgresql_where=text("waiting_since IS NOT NULL"),
            sqlite_where=text("waiting_since IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number_id: Mapped[int] = mapped_column(ForeignKey("number.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    status: Mapped[str] = mapped_column(String(8), default=ConversationStatus.OPEN.value)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    assigned_at: Mapped[datetime | None] = mapped_column(Instant)
    unanswered: Mapped[int] = mapped_column(default=0)  # inbound texts since the last answer
    waiting_since: Mapped[datetime | None] = mapped_column(Instant)  # when the first of them came
    alarmed_at: Mapped[datetime | None] = mapped_column(Instant)  # somebody was told of the wait
    received: Mapped[int] = mapped_column(default=0)  # inbound texts ever: see ReadMarker
    starred: Mapped[bool] = mapped_column(default=False)
    last_message_at: Mapped[datetime] = mapped_column(Instant)
    last_direction: Mapped[str | None] = mapped_column(String(8))
    preview: Mapped[str] = mapped_column(String(160), default="")
    wants_out: Mapped[bool] = mapped_column(default=False)  # "please stop texting me": for a person
    armed_id: Mapped[int | None] = mapped_column(BigId)  # a hint: services/armed_replies.py
    opened_at: Mapped[datetime | None] = mapped_column(Instant)  # when its present opening began
    snoozed_until: Mapped[datetime | None] = mapped_column(Instant)
    # Two machines were talking, or somebody asked for silence: nothing answers here by itself.
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_reason: Mapped[str | None] = mapped_column(String(200))
    resumed_at: Mapped[datetime | None] = mapped_column(Instant)  # nothing before tells of loops
    created_at: Mapped[datetime] = mapped_column(Instant)

    number: Mapped[Number] = relationship(lazy="joined", innerjoin=True)
    contact: Mapped[Contact] = relationship(lazy="joined", innerjoin=True)
    assignee: Mapped[User | None] = relationship(lazy="joined")

    @property
    def is_closed(self) -> bool:
        return self.status == ConversationStatus.CLOSED

    @property
    def is_snoozed(self) -> bool:
        return self.status == ConversationStatus.SNOOZED

    def wait(self, since: datetime) -> bool:
        """Somebody shall answer it; False when that is so already."""
        if self.waiting_since is not None:
            return False
        self.unanswered, self.waiting_since = max(1, self.unanswered), since
        return True

    def settle(self) -> bool:
        """It needs no reply, or has it; False when it needed none."""
        changed = self.waiting_since is not None
        self.unanswered, self.waiting_since = 0, None
        return changed

    def close(self) -> bool:
        """Put it away; False when it was away already."""
        changed, self.status = not self.is_closed, ConversationStatus.CLOSED.value
        self.snoozed_until, self.wants_out = None, False
        self.settle()
        return changed

    def reopen(self) -> bool:
        """Take it up again; False when it was open."""
        if self.status == ConversationStatus.OPEN:
            return False
        if self.is_closed:
            self.opened_at = clock.now()
        self.status, self.snoozed_until = ConversationStatus.OPEN.value, None
        return True

    def assign(self, user_id: int | None, at: datetime) -> bool:
        """Give it to somebody, or to nobody; False when they have it already."""
        if self.assignee_id == user_id:
            return False
        self.assignee_id, self.assigned_at = user_id, at
        return True

    def snooze(self, until: datetime | None) -> bool:
        """Put it away until then, with None only until the contact texts; False when it is closed
        or put away so already."""
        if self.status == ConversationStatus.SNOOZED and self.snoozed_until == until:
            return False
        if self.is_closed:
            return False
        self.status, self.snoozed_until = ConversationStatus.SNOOZED.value, until
        return True

    def pause(self, at: datetime, reason: str) -> bool:
        """Nothing answers here by itself any more; False when so it was already."""
        if self.paused_at is not None:
            return False
        self.paused_at, self.paused_reason = at, reason[:200]
        return True

    def resume(self) -> bool:
        """Let rules answer again; False when they were never stopped."""
        if self.paused_at is None:
            return False
        self.paused_at = self.paused_reason = None
        self.resumed_at = clock.now()
        return True
