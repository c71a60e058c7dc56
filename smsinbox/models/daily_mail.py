"""A DailyMail: for which day a user was told by mail of texts that failed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class DailyMail(Base):
    """Whoever writes the `day` (as 2026-11-22, by the user's own calendar) holds that day's mail.
    `next_at` is when it may be tried again; nothing while it is on its way and when it is gone."""

    __tablename__ = "daily_mail"

    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("user.id"), primary_key=True, autoincrement=False
    )
    day: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int]
    next_at: Mapped[datetime | None] = mapped_column(Instant)

    def is_open(self, day: str, now: datetime) -> bool:
        """Whether that day's mail is nobody's: not begun, or put off until now."""
        is_due = self.next_at is not None and self.next_at <= now
        return self.day < day or (self.day == day and is_due)
