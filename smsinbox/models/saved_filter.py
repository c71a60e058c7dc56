"""A SavedFilter: a list that somebody described and named; and the order of a User's lists."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class SavedFilter(Base):
    """`query` is what `queries/filters.py` reads; each viewer sees by it only what is granted."""

    __tablename__ = "saved_filter"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))
    shared: Mapped[bool] = mapped_column(default=False)  # everybody's, and their author's to change
    created_at: Mapped[datetime] = mapped_column(Instant)


class ListOrder(Base):
    """In which order a User reads a view; without one, in the view's own."""

    __tablename__ = "list_order"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    view: Mapped[str] = mapped_column(String(20), primary_key=True)
    sort: Mapped[str] = mapped_column(String(7))
