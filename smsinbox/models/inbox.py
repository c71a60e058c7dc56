"""The Inbox: what is true of the whole installation, in one row."""

from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId


class Scope(StrEnum):
    """For which of our numbers an opt-out holds."""

    NUMBER = "number"
    ALL = "all"


class Inbox(Base):
    """Who we are, as HELP tells it, and how far a STOP reaches."""

    __tablename__ = "inbox"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    company: Mapped[str] = mapped_column(String(60), default="")
    contact: Mapped[str] = mapped_column(String(120), default="")  # a phone, an address, a site
    opt_out_scope: Mapped[str] = mapped_column(String(6), default=Scope.NUMBER.value)
    closes_on_opt_out: Mapped[bool] = mapped_column(default=False)
