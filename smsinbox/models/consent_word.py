"""A further consent word, beside those that always count: ARRET in France, BASTA on one number."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class AddedWord(Base):
    """On one number, on all numbers of a country, or with neither on all of them."""

    __tablename__ = "consent_word"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    spelling: Mapped[str] = mapped_column(String(40))  # normalised
    meaning: Mapped[str] = mapped_column(String(5))  # a ConsentWord
    number_id: Mapped[int | None] = mapped_column(ForeignKey("number.id"))
    country: Mapped[str] = mapped_column(String(2), default="")  # ISO 3166, of our number
    created_at: Mapped[datetime] = mapped_column(Instant)
