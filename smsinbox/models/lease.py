"""A Lease: who is the one leader of something, and until when."""

from datetime import datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, Instant

SWEEPER = "sweeper"
TERM = timedelta(seconds=5)  # of the sweeper's; it is renewed every second


class Lease(Base):
    """Taken by a conditional UPDATE; a holder that dies loses it by the clock."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime] = mapped_column(Instant)
