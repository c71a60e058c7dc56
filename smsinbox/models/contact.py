"""A Contact: a person (or a machine) known by one phone number."""

from datetime import datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.core.phones import Kind


class Contact(Base):
    """`phone` is E.164 for a person; short codes and alphanumeric senders are kept as they come."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    phone: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(12), default=Kind.PERSON.value)
    name: Mapped[str] = mapped_column(String(80), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    attributes: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def is_answerable(self) -> bool:
        """Whether a text can be sent back: short codes and names of senders cannot be answered."""
        return self.kind == Kind.PERSON.value
