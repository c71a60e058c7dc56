"""A Decision: what the rules decided about one inbound Message, and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class Decision(Base):
    """One row for every inbound text that a rule or a consent word had something to say about."""

    __tablename__ = "decision"

    message_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("message.id"), primary_key=True, autoincrement=False
    )
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("rule.id", ondelete="SET NULL"))
    outcome: Mapped[str] = mapped_column(String(20))  # see services/auto_replies.py
    reason: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # the record
    edition_id: Mapped[int | None] = mapped_column(BigId)  # of the rules that decided
    at: Mapped[datetime] = mapped_column(Instant)
