"""An Edition: a number's rules as they were, in the words that their Decisions need not repeat."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId


class Edition(Base):
    """Kept once with the first decision by these rules, never changed, never deleted."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)  # of its content
    outcomes: Mapped[list[Any]] = mapped_column(JSON)  # see rules/records.py
