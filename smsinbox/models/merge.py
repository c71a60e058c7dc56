"""A Merge: two contacts were found to be one person; for a while it can be undone."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core import clock
from smsinbox.core.database import Base, BigId, Instant

UNDONE_WITHIN = timedelta(days=30)


class Merge(Base):
    """`state` is what was written about both before, and about the person since
    (services/merging.py); it holds words about people, so erasing one takes it along."""

    __tablename__ = "merge"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    author_name: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def can_be_undone(self) -> bool:
        """Whether it stands and is young enough."""
        return self.undone_at is None and clock.now() - self.at <= UNDONE_WITHIN
