"""A StrangeWord: what a carrier said that we do not know, from the first time on."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class StrangeWord(Base):
    """`words` is the sentence that pages show of it, such as "Unknown status pondering."; that it
    is here means that the admins were told."""

    __tablename__ = "strange_word"

    account_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("account.id"), primary_key=True, autoincrement=False
    )
    words: Mapped[str] = mapped_column(String(200), primary_key=True)
    heard_at: Mapped[datetime] = mapped_column(Instant)
