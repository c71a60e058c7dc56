"""An Attempt: one try to hand a Message to a carrier, kept whatever came of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class Attempt(Base):
    """`fence` is the claim's number: only its holder may say what became of the message."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_message", "message_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    account_id: Mapped[int | None] = mapped_column(BigId)
    fence: Mapped[int] = mapped_column(BigId, unique=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(20))
    carrier_id: Mapped[str | None] = mapped_column(String(200))
    error_code: Mapped[str | None] = mapped_column(String(80))
    error_detail: Mapped[str | None] = mapped_column(Text)
