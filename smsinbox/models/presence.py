"""A Presence: whether a User is there, as their open pages say."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, Instant

EVERY = 20.0  # seconds: how often it is written down at most
HOLDS = timedelta(seconds=2.5 * EVERY)


class Availability(StrEnum):
    """Offline is never written down: it is when nothing was heard for a while."""

    ONLINE = "online"
    AWAY = "away"  # a page is open, and nobody has touched one for a quarter of an hour
    OFFLINE = "offline"


class Presence(Base):
    """`state` is ONLINE or AWAY, and was so at `seen_at`."""

    __tablename__ = "presence"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(7))
    seen_at: Mapped[datetime] = mapped_column(Instant)
