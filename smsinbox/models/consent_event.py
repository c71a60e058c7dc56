"""A ConsentEvent: that a Contact withdrew or gave consent, kept as proof and never changed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.models.number import Number


class ConsentSource(StrEnum):
    """From where we know."""

    WORD = "word"  # the contact texted it
    CARRIER = "carrier"  # its event, or its error
    USER = "user"  # one of us, with a reason
    IMPORT = "import"
    RULE = "rule"
    ERASED = "erased"  # known by a fingerprint from before they were erased


class ConsentEvent(Base):
    """`words` are the text's, the carrier's or the reason that was typed; the database refuses to
    change a row, but for the words about somebody who was erased."""

    __tablename__ = "consent_event"
    __table_args__ = (Index("ix_consent_event_contact", "contact_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    number_id: Mapped[int | None] = mapped_column(ForeignKey("number.id"))  # None: all numbers
    opted_out: Mapped[bool]
    source: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    message_id: Mapped[int | None] = mapped_column(BigId)  # the text, which may be gone by now
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    author_name: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime] = mapped_column(Instant)

    number: Mapped[Number | None] = relationship(lazy="select")
