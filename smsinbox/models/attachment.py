"""An Attachment: one file of an MMS. What is in it lies on the shelf, under its SHA-256."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core import kinds
from smsinbox.core.database import Base, BigId, Instant


class AttachmentState(StrEnum):
    """What became of the file."""

    WAITING = "waiting"  # still at the carrier, or where a program has it
    STORED = "stored"
    GONE = "gone"  # they have it no more
    REFUSED = "refused"  # we did not want it


class Attachment(Base):
    """`content_type` is the sender's word while the file waits, and ours once it is stored."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("message_id", "position"),
        Index("ix_attachment_sha256", "sha256"),
        Index(
            "ix_attachment_waiting",
            "next_at",
            "id",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    position: Mapped[int]
    source_url: Mapped[str | None] = mapped_column(Text)  # of one that came, or a program's
    content_type: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(120))  # as its writer called it; often empty
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(Text)

    @property
    def is_stored(self) -> bool:
        return self.state == AttachmentState.STORED

    @property
    def waits(self) -> bool:
        """Whether it has yet to be fetched."""
        return self.state == AttachmentState.WAITING

    @property
    def shape(self) -> str:
        """How a page shows it: picture, audio, video or file."""
        return kinds.shape(self.content_type) if self.is_stored else "file"

    @property
    def title(self) -> str:
        """What people call it, and what it is called when it is saved."""
        return self.name or f"{self.shape}-{self.id}{kinds.ending(self.content_type)}"
