"""A ReadMarker: how far one User has read in one Conversation."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base


class ReadMarker(Base):
    """Counts inbound texts, as `Conversation.received` does: what lies above it is unread.

    Without one, the texts that nobody has answered yet are unread. Whoever leaves it unread means
    the texts that were there: `left_unread` of them.
    """

    __tablename__ = "read_marker"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    received: Mapped[int]
    left_unread: Mapped[int] = mapped_column(default=0, server_default="0")
