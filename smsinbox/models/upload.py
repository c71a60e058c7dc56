"""An Upload: one file that a User has brought for a text that they have not sent yet. Sent, it is
an Attachment."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core import kinds
from smsinbox.core.database import Base, BigId, Instant


class Upload(Base):
    """It goes with a text in its Conversation and nowhere else, and nobody but its User sees it."""

    __tablename__ = "upload"
    # Never the id of another one again: a page that was left open may still name it.
    __table_args__ = (
        Index("ix_upload_user_id", "user_id", "conversation_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]  # bytes
    sha256: Mapped[str] = mapped_column(String(64))  # where it lies on the shelf
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def shape(self) -> str:
        """How a page shows it: picture, audio, video or file."""
        return kinds.shape(self.content_type)

    @property
    def title(self) -> str:
        """What people call it, and what it is called when it is saved."""
        return self.name or f"{self.shape}-{self.id}{kinds.ending(self.content_type)}"
