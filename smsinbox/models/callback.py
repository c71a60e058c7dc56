"""A Callback: where a program hears of texts; and its posts, the outbox of what it is told."""

from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.models.api_key import ApiKey


class PostState(StrEnum):
    """Whether a post still has to get through."""

    WAITING = "waiting"
    DONE = "done"
    GIVEN_UP = "given_up"


class Callback(Base):
    """An endpoint of a program, or, without a `url`, what signs posts to addresses that its texts
    name themselves. `public_key` is there where what proves is not what signs."""

    __tablename__ = "callback"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"), index=True)
    dialect: Mapped[str] = mapped_column(String(20))
    url: Mapped[str] = mapped_column(Text)
    failover_url: Mapped[str] = mapped_column(Text, default="")
    events: Mapped[list[str]] = mapped_column(JSON)
    secret_sealed: Mapped[str] = mapped_column(Text)
    public_key: Mapped[str | None] = mapped_column(String(100))
    active: Mapped[bool] = mapped_column(default=True)
    failing_since: Mapped[datetime | None] = mapped_column(Instant)
    off_reason: Mapped[str | None] = mapped_column(String(200))  # when we switched it off
    off_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    api_key: Mapped[ApiKey] = relationship(lazy="joined", innerjoin=True)

    @property
    def owner(self) -> str:
        """What its sealed secret is bound to."""
        return f"callback:{self.id}"

    @property
    def is_endpoint(self) -> bool:
        """Whether it has an address of its own."""
        return bool(self.url)

    @property
    def urls(self) -> tuple[str, ...]:
        """Its own addresses in the order in which they are tried."""
        return tuple(url for url in (self.url, self.failover_url) if url)

    def hears(self, name: str) -> bool:
        """Whether it wants an event with this name; `sms.*` stands for all that begin so."""
        return any(fnmatchcase(name, wanted) for wanted in self.events)


class CallbackPost(Base):
    """One thing that one endpoint is told: what about, never the words; `happening` is a Happening
    of the dialects, `name` what the endpoint's dialect calls it.

    `rule_id` is the rule that wants it told, with Happening.RULE; it may be gone since.
    With `own`, the text's own addresses are tried before those of the callback. Whoever tries holds
    the post until `due_at`; the number of `attempts` tells holders apart.
    """

    __tablename__ = "callback_post"
    __table_args__ = (
        UniqueConstraint("callback_id", "event_id"),
        Index("ix_callback_post_log", "callback_id", "id"),
        Index("ix_callback_post_message", "message_id"),
        Index(
            "ix_callback_post_due",
            "due_at",
            "id",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    callback_id: Mapped[str] = mapped_column(ForeignKey("callback.id", ondelete="CASCADE"))
    event_id: Mapped[str] = mapped_column(String(36))
    happening: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(40))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    rule_id: Mapped[int | None] = mapped_column(BigInteger)
    own: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    last_status: Mapped[int | None]
    last_ms: Mapped[int | None]
    last_error: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    callback: Mapped[Callback] = relationship(lazy="joined", innerjoin=True)
