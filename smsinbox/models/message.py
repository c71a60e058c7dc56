"""A Message: one text. Its `state` is what the carrier took, its `delivery` what the phone got."""

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.core.reactions import standing
from smsinbox.models.account import Account
from smsinbox.models.attachment import Attachment
from smsinbox.models.conversation import Conversation


class Direction(StrEnum):
    """Inbound comes from the contact, outbound goes to them."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class MessageState(StrEnum):
    """What became of it at the carrier's door."""

    RECEIVED = "received"  # inbound
    SCHEDULED = "scheduled"  # waits for its time, and holds up no other text
    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FAILED = "failed"
    CANCELED = "canceled"
    UNCERTAIN = "uncertain"


class Delivery(IntEnum):
    """What the phone got: the highest rank of all receipts, so order cannot matter.

    A positive receipt outranks a negative one: a failed first try may come before a delivery.
    """

    NONE = 0
    QUEUED = 10
    SENT = 20
    UNCONFIRMED = 40
    UNDELIVERED = 50
    DELIVERED = 60


class Author(StrEnum):
    """Who wrote it."""

    CONTACT = "contact"
    USER = "user"
    RULE = "rule"
    CONSENT = "consent"  # the confirmation that the law allows after STOP, START and HELP
    PROGRAM = "program"
    ARMED = "armed"  # a program, in advance: see Arming


class Arming(StrEnum):
    """What became of the reply that came along with a text, to answer the contact's next one."""

    ARMED = "armed"
    ANSWERED = "answered"
    REPLACED = "replaced"  # by that of a newer text
    CANCELED = "canceled"  # the contact opted out
    EXPIRED = "expired"


ARMED_FOR = timedelta(days=3)  # after the moment by which its text must have left
LEFT = (MessageState.SENDING, MessageState.ACCEPTED, MessageState.UNCERTAIN)
AUTOMATIC = (Author.RULE, Author.CONSENT, Author.ARMED)

# What somebody has to look at: ours, not a program's, which hears of it by its callbacks.
TROUBLED = """direction = 'outbound' AND author <> 'program' AND dismissed_at IS NULL
    AND (state IN ('failed', 'uncertain') OR (state = 'accepted' AND delivery = 50))"""
_ENDED = "direction = 'outbound' AND state = 'accepted' AND delivery >= 40"


class Message(Base):
    """The queued rows of this table are the outbox; the partial indexes keep claims fast."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("account_id", "direction", "carrier_id"),
        UniqueConstraint("conversation_id", "client_token"),
        UniqueConstraint("answers_id"),
        Index("ix_message_thread", "conversation_id", "id"),
        Index(
            "ix_message_outbox",
            "next_at",
            "id",
            postgresql_where=text("state = 'queued'"),
            sqlite_where=text("state = 'queued'"),
        ),
        Index(
            "ix_message_waiting",
            "conversation_id",
            "id",
            postgresql_where=text("state IN ('queued', 'sending')"),
            sqlite_where=text("state IN ('queued', 'sending')"),
        ),
        Index(
            "ix_message_doubtful",
            "state",
            "lease_until",
            postgresql_where=text("state IN ('sending', 'uncertain')"),
            sqlite_where=text("state IN ('sending', 'uncertain')"),
        ),
        Index(
            "ix_message_ended",
            "number_id",
            "id",
            postgresql_where=text(_ENDED),
            sqlite_where=text(_ENDED),
        ),
        Index(
            "ix_message_scheduled",
            "next_at",
            postgresql_where=text("state = 'scheduled'"),
            sqlite_where=text("state = 'scheduled'"),
        ),
        Index(
            "ix_message_scheduled_in",
            "conversation_id",
            postgresql_where=text("state = 'scheduled'"),
            sqlite_where=text("state = 'scheduled'"),
        ),
        Index(
            "ix_message_troubled",
            "conversation_id",
            postgresql_where=text(TROUBLED),
            sqlite_where=text(TROUBLED),
        ),
        Index(
            "ix_message_reacts",
            "reacts_to_id",
            postgresql_where=text("reacts_to_id IS NOT NULL"),
            sqlite_where=text("reacts_to_id IS NOT NULL"),
        ),
        Index(
            "ix_message_armed",
            "conversation_id",
            postgresql_where=text("arming = 'armed'"),
            sqlite_where=text("arming = 'armed'"),
        ),
        Index(
            "ix_message_unconfirmed",
            "created_at",
            postgresql_where=text("state = 'accepted' AND delivery < 40"),
            sqlite_where=text("state = 'accepted' AND delivery < 40"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    number_id: Mapped[int] = mapped_column(ForeignKey("number.id"))
    direction: Mapped[str] = mapped_column(String(8))
    body: Mapped[str] = mapped_column(Text)
    encoding: Mapped[str] = mapped_column(String(8))
    segments: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("rule.id", ondelete="SET NULL"))
    api_key_id: Mapped[int | None] = mapped_column(ForeignKey("api_key.id"))
    author_name: Mapped[str] = mapped_column(String(80), default="")  # as it was then
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))  # by itself, once
    reacts_to_id: Mapped[int | None] = mapped_column(BigId)  # services/reacting.py
    reaction: Mapped[str | None] = mapped_column(String(16))  # "-" before it: taken back
    client_token: Mapped[str | None] = mapped_column(String(64))
    carrier_id: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(9))
    delivery: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int | None] = mapped_column(BigId)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    route: Mapped[int] = mapped_column(default=0, server_default="0")  # which account is next
    next_at: Mapped[datetime | None] = mapped_column(Instant)  # queued without: held for files
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    error_code: Mapped[str | None] = mapped_column(String(80))
    error_detail: Mapped[str | None] = mapped_column(Text)
    error_raw: Mapped[str | None] = mapped_column(Text)
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)  # millionths of the currency
    cost_currency: Mapped[str | None] = mapped_column(String(3))
    billed: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # services/billing.py
    asked: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # by a program
    arming: Mapped[str | None] = mapped_column(String(8))  # None without a reply to arm
    unless_texted: Mapped[bool] = mapped_column(default=False, server_default=false())
    dismissed_at: Mapped[datetime | None] = mapped_column(Instant)  # its trouble was seen
    occurred_at: Mapped[datetime | None] = mapped_column(Instant)  # the carrier's clock
    created_at: Mapped[datetime] = mapped_column(Instant)

    conversation: Mapped[Conversation] = relationship(lazy="select")
    account: Mapped[Account] = relationship(lazy="select")  # the one it went or came through
    attachments: Mapped[list[Attachment]] = relationship(order_by=Attachment.position)

    reactions: Mapped[list["Message"]] = relationship(
        primaryjoin="Message.id == foreign(remote(Message.reacts_to_id))",
        order_by="Message.id",
        viewonly=True,
    )

    @property
    def is_inbound(self) -> bool:
        return self.direction == Direction.INBOUND

    @property
    def is_automatic(self) -> bool:
        """Nobody wrote it in answer: a rule, the law of consent or a program in advance did."""
        return self.author in AUTOMATIC

    @property
    def standing_reactions(self) -> list[str]:
        """The contact's reactions to it that they did not take back, as emoji."""
        return standing([one.reaction or "" for one in self.reactions])

    @property
    def auto_reply(self) -> str:
        """What answers the contact's next text, while it is armed; empty for none."""
        reply = (self.asked or {}).get("auto_reply")
        return reply if isinstance(reply, str) else ""

    @property
    def billed_segments(self) -> int:
        """As many as the carrier says, or by our own count until it does."""
        return (self.billed or {}).get("segments") or self.segments

    @property
    def wanted(self) -> str:
        """The encoding that a program insists on, "gsm7" or "ucs2"; mostly empty."""
        return (self.asked or {}).get("encoding") or ""

    @property
    def can_be_resent(self) -> bool:
        """Only a person may send again, and only what failed or what nobody knows about."""
        return self.state == MessageState.UNCERTAIN or self.is_lost

    @property
    def is_lost(self) -> bool:
        """Whether it is known that it did not get through."""
        if self.state == MessageState.ACCEPTED:
            return self.delivery == Delivery.UNDELIVERED
        return self.state == MessageState.FAILED
