"""A Firing: a Rule fired for a Contact's text; what cooldowns, budgets and figures are made of."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class Firing(Base):
    """At most one for a rule and a text; one in shadow sent nothing."""

    __tablename__ = "firing"
    __table_args__ = (
        Index("ix_firing_contact", "contact_id", "rule_id", "at"),
        Index("ix_firing_rule", "rule_id", "at"),
    )

    message_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("message.id"), primary_key=True, autoincrement=False
    )
    rule_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("rule.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    replied: Mapped[bool] = mapped_column(default=False)  # it sent a text, or would have
    shadow: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Instant)
