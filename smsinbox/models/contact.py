"""A Contact: a person (or a machine) known by one phone number.

A person with two phones is two contacts, one of which leads: what people write down about them is
written to both rows, so that intake and rules read the one they have at hand, and conversations and
consent stay with the phone they belong to.
"""

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.core.phones import Kind

ERASED = "erased"  # a kind: their phone is not known any more


class Contact(Base):
    """`phone` is E.164 for a person; short codes and alphanumeric senders are kept as they come.

    `person_id` is the contact that leads, on those that were merged into it. `zone` (IANA) is known
    better than the phone tells; empty mostly. What a blocked one texts is kept, and disturbs
    nobody; `blocked_by` is a name as it was then.
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
    person_id: Mapped[int | None] = mapped_column(BigId, index=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    zone: Mapped[str] = mapped_column(String(40), default="", server_default="")
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

    @property
    def leader_id(self) -> int:
        """The contact that leads the person this phone belongs to; mostly itself."""
        return self.person_id or self.id

    @property
    def is_erased(self) -> bool:
        """Whether nothing of them is left but that there was somebody."""
        return self.kind == ERASED

    @property
    def initials(self) -> str:
        """Two letters for an avatar, of those with a name."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
