"""A Hearing: how often texts come in on a Number, so that a strange silence is noticed."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, Instant

_ENOUGH = 20  # texts before we speak of a habit
_LEARNS = timedelta(days=7)  # with its nights and its weekend
_FORGETS = timedelta(days=28)  # the longest gap is half as long after this
_WEIGHT = 0.1  # of the newest gap in the normal one
_SHORTEST = 3600.0  # seconds that are never strange


class Hearing(Base):
    """`gap` is the normal one, `longest` the longest of the last weeks; in seconds."""

    __tablename__ = "hearing"

    number_id: Mapped[int] = mapped_column(ForeignKey("number.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)
    heard: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(Instant)
    gap: Mapped[float] = mapped_column(default=0.0)
    longest: Mapped[float] = mapped_column(default=0.0)

    def hear(self, texts: int, at: datetime) -> None:
        """So many have come since the last time we listened."""
        silence = max(0.0, (at - self.last_at).total_seconds())
        fading = 0.5 ** (silence / _FORGETS.total_seconds())
        normal = silence / texts
        self.gap = normal if self.heard < 2 else self.gap + _WEIGHT * (normal - self.gap)
        self.longest = max(self.longest * fading, normal)
        self.heard += texts
        self.last_at = at

    def silence(self, now: datetime) -> timedelta | None:
        """How long nothing has come, when that is strange by its own habit; nights are none."""
        quiet = (now - self.last_at).total_seconds()
        known = self.heard >= _ENOUGH and now - self.since >= _LEARNS
        strange = quiet > max(_SHORTEST, 1.5 * self.longest, 10 * self.gap)
        return timedelta(seconds=quiet) if known and strange else None
