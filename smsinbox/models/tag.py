"""A Tag: a word that colleagues and rules put on Contacts."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant

COLORS = ("grey", "red", "orange", "yellow", "green", "teal", "blue", "violet", "pink")


class Tag(Base):
    """Known by its name, whatever its case; `color` is one of the style sheet's names."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)  # folded to lower case
    color: Mapped[str] = mapped_column(String(12), default="grey")
    created_at: Mapped[datetime] = mapped_column(Instant)


class ContactTag(Base):
    """A Contact wears a Tag."""

    __tablename__ = "contact_tag"

    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contact.id"), primary_key=True, autoincrement=False
    )
    tag_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
