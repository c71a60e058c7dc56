"""An OptOut: consent withdrawn by a Contact, for one Number or for all of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_, or_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.models.contact import Contact
from smsinbox.models.number import Number


class OptOut(Base):
    """It stands until the contact says START; without a number, it holds for all of them."""

    __tablename__ = "opt_out"
    __table_args__ = (
        UniqueConstraint("contact_id", "number_id"),
        Index(
            "uq_opt_out_everywhere",
            "contact_id",
            unique=True,
            postgresql_where=text("number_id IS NULL"),
            sqlite_where=text("number_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    number_id: Mapped[int | None] = mapped_column(ForeignKey("number.id"))
    source: Mapped[str] = mapped_column(String(20))  # a ConsentSource
    at: Mapped[datetime] = mapped_column(Instant)

    contact: Mapped[Contact] = relationship(lazy="select")
    number: Mapped[Number | None] = relationship(lazy="select")

    @classmethod
    def covers(cls, contact_id: Any, number_id: Any) -> ColumnElement[bool]:
        """Whether it forbids texts to that contact from that number; columns or values."""
        its_number = or_(cls.number_id == number_id, cls.number_id.is_(None))
        return and_(cls.contact_id == contact_id, its_number)
