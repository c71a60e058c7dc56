"""Presence: whether a User has a page open, as the sockets saw it last."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant

FRESH = timedelta(seconds=60)  # sockets say so every 20 s


class PresenceState(StrEnum):
    """Away is somebody with a page open who has not touched it for long, or says so."""

    ONLINE = "online"
    AWAY = "away"


class Presence(Base):
    """Whoever was not seen for longer than FRESH is offline, whatever the state says."""

    __tablename__ = "presence"

    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("user.id"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(6), default=PresenceState.ONLINE.value)
    seen_at: Mapped[datetime] = mapped_column(Instant)
