"""A Receipt: a carrier's report about a Message. Always kept, matched when its message is known."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class Receipt(Base):
    """`rank` is a Delivery, or null for a status nobody has told us about; `fence` is that of the
    attempt it is about, where the carrier could carry it for us."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("account_id", "carrier_id", "status"),
        Index("ix_receipt_message", "message_id"),
        Index(
            "ix_receipt_unmatched",
            "received_at",
            postgresql_where=text("message_id IS NULL"),
            sqlite_where=text("message_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    carrier_id: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(60))
    rank: Mapped[int | None]
    sender: Mapped[str | None] = mapped_column(String(40))
    recipient: Mapped[str | None] = mapped_column(String(40))
    code: Mapped[str | None] = mapped_column(String(80))
    detail: Mapped[str | None] = mapped_column(Text)
    occurred_at: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    fence: Mapped[int | None] = mapped_column(BigInteger)
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)
    cost_currency: Mapped[str | None] = mapped_column(String(3))
    cost_breakdown: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    segments: Mapped[int | None]
