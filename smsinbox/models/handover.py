"""A Handover: what the next one must know of a Conversation, pinned above it until it is done."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class Handover(Base):
    """One a conversation at most; `due_at` also snoozes it until then."""

    __tablename__ = "handover"

    conversation_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("conversation.id"), primary_key=True, autoincrement=False
    )
    asked: Mapped[str] = mapped_column(Text)
    promised: Mapped[str] = mapped_column(Text)
    next: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    author_name: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime] = mapped_column(Instant)
