"""A Draft: what a User has begun to write in a Conversation, a text or a note, and not sent yet."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, Instant


class Mode(StrEnum):
    """What the composer writes."""

    TEXT = "text"  # to the contact
    NOTE = "note"  # to colleagues


class Draft(Base):
    """`client_token` is the one it would be sent with; `turn` grows with each save of that
    token, so that saves which overtake each other settle on the last."""

    __tablename__ = "draft"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversation.id"), primary_key=True, index=True
    )
    mode: Mapped[str] = mapped_column(String(4), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    client_token: Mapped[str] = mapped_column(String(64))
    turn: Mapped[int] = mapped_column(BigInteger)
    saved_at: Mapped[datetime] = mapped_column(Instant)
