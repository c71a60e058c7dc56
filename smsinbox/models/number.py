"""A Number: a phone number (or short code, or alphanumeric sender) of ours."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.models.account import Account


class Number(Base):
    """`pace` is how many segments may leave a second; `next_send_at` is when the next one may."""

    __tablename__ = "number"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    phone: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    profile_id: Mapped[str | None] = mapped_column(ForeignKey("profile.id"), index=True)
    pace: Mapped[float] = mapped_column(default=1.0)
    next_send_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
