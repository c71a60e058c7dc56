"""An OptOut: consent withdrawn by a Contact for one Number."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class OptOut(Base):
    """It stands until the contact says START; `source` tells where we learned it."""

    __tablename__ = "opt_out"
    __table_args__ = (UniqueConstraint("contact_id", "number_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    number_id: Mapped[int] = mapped_column(ForeignKey("number.id"))
    source: Mapped[str] = mapped_column(String(20))  # word, carrier or user
    at: Mapped[datetime] = mapped_column(Instant)
