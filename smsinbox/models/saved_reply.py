"""A SavedReply: a prepared text, with merge fields as in rules/fields.py."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class SavedReply(Base):
    """For one Number or for all; everybody's, or the User's who wrote it."""

    __tablename__ = "saved_reply"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    shortcut: Mapped[str] = mapped_column(String(20), default="")
    number_id: Mapped[int | None] = mapped_column(ForeignKey("number.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[str] = mapped_column(String(80))  # as it was then
    is_button: Mapped[bool] = mapped_column(default=False)  # stands above the composer
    uses: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
