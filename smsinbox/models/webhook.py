"""A Webhook: what a carrier sent us, byte for byte, and what we made of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class WebhookState(StrEnum):
    """Quarantined is genuine, but we could not use it: an admin may replay it after a fix."""

    PROCESSED = "processed"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


class Webhook(Base):
    """`dedupe_key` is the carrier's own id of the event, so that a repeated one is known."""

    __tablename__ = "webhook"
    __table_args__ = (
        UniqueConstraint("account_id", "dedupe_key"),
        Index("ix_webhook_received", "received_at"),
        Index(
            "ix_webhook_quarantined",
            "id",
            postgresql_where=text("state = 'quarantined'"),
            sqlite_where=text("state = 'quarantined'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    dedupe_key: Mapped[str] = mapped_column(String(300))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(11))
    reason: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Instant)
    replayed_at: Mapped[datetime | None] = mapped_column(Instant)
