"""A Contact: a person (or a machine) known by one phone number."""

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.core.phones import Kind


class Contact(Base):
    """`phone` is E.164 for a person; short codes and alphanumeric senders are kept as they come.

    What a blocked one texts is kept, and disturbs nobody; `blocked_by` is a name as it was then.
    """

    __tablename__ = "contact"
    __table_args__ = (
        Index(
            "ix_contact_blocked",
            "id",
            postgresql_where=text("blocked_at IS NOT NULL"),
            sqlite_where=text("blocked_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    phone: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(12), default=Kind.PERSON.value)
    name: Mapped[str] = mapped_column(String(80), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    attributes: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    blocked_at: Mapped[datetime | None] = mapped_column(Instant)
    blocked_by: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def is_blocked(self) -> bool:
        return self.blocked_at is not None

    def block(self, at: datetime, by: str) -> bool:
        """Let nobody be disturbed by them; False when so it was already."""
        if self.is_blocked:
            return False
        self.blocked_at, self.blocked_by = at, by
        return True

    def unblock(self) -> bool:
        """Listen to them again; False when nobody had blocked them."""
        if not self.is_blocked:
            return False
        self.blocked_at = self.blocked_by = None
        return True

    @property
    def is_answerable(self) -> bool:
        """Whether a text can be sent back: short codes and names of senders cannot be answered."""
        return self.kind == Kind.PERSON.value
