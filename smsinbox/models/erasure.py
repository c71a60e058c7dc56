"""An Erasure: that all about one person was removed, by whom, and what stays of their opt-outs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class Erasure(Base):
    """One for each phone. `phone_hash` is keyed, so that nobody finds the phone by trying all;
    `opt_outs` are the numbers of ours it must not be texted from, null for all of them."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(BigId)
    phone_hash: Mapped[str] = mapped_column(String(64), index=True)
    opt_outs: Mapped[list[int | None]] = mapped_column(JSON)
    removed: Mapped[dict[str, Any]] = mapped_column(JSON)  # how many of what
    author_name: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime] = mapped_column(Instant)
