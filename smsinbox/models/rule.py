"""A Rule: when exactly this arrives at a Number, answer that."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.core.words import matches_exactly


class Rule(Base):
    """The first enabled rule of a number, by position, that matches answers; no other does."""

    __tablename__ = "rule"
    __table_args__ = (Index("ix_rule_number_position", "number_id", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number_id: Mapped[int] = mapped_column(ForeignKey("number.id"))
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    enabled: Mapped[bool] = mapped_column(default=True)
    keywords: Mapped[list[str]] = mapped_column(JSON)  # as the admin wrote them
    reply: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)

    def matches(self, normalised: str) -> bool:
        """Whether a normalised text is exactly one of the keywords."""
        return matches_exactly(normalised, self.keywords)
