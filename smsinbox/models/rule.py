"""A Rule: when this arrives at a Number, do that."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.rules.decision import Mode


class Rule(Base):
    """`definition` is what `smsinbox.rules.definition` reads; without a number, it is for all."""

    __tablename__ = "rule"
    __table_args__ = (Index("ix_rule_number_position", "number_id", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number_id: Mapped[int | None] = mapped_column(ForeignKey("number.id"))
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    mode: Mapped[str] = mapped_column(String(6), default=Mode.ON.value)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def keywords(self) -> list[str]:
        """As the admin wrote them."""
        return list(self.definition["match"].get("terms", ()))

    @property
    def reply(self) -> str:
        return str(self.definition.get("reply", ""))
