"""A Transfer: contacts brought in or taken along as a file, by a worker, step by step."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class TransferKind(StrEnum):
    """What for."""

    IMPORT = "import"
    EXPORT = "export"
    PERSON = "person"  # all that we know of one


class TransferState(StrEnum):
    """How far it is. Only an import is first looked at, then run when somebody says so."""

    DRAFT = "draft"  # which column means what?
    LOOKING = "looking"
    LOOKED = "looked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Transfer(Base):
    """`source` and `result` are files on the shelf, gone after `expires_at`; `next_at` is when a
    worker may take it (again), None while nothing is to be done. Lines count from 0."""

    __tablename__ = "transfer"
    __table_args__ = (
        Index(
            "ix_transfer_waiting",
            "next_at",
            postgresql_where=text("next_at IS NOT NULL"),
            sqlite_where=text("next_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    contact_id: Mapped[int | None] = mapped_column(BigId)
    name: Mapped[str] = mapped_column(String(120))  # what the file is called when it is saved
    source: Mapped[str | None] = mapped_column(String(64))
    result: Mapped[str | None] = mapped_column(String(64))
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    flawed: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)  # since something was last done
    error: Mapped[str | None] = mapped_column(String(300))
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    fence: Mapped[int | None] = mapped_column(BigId)  # of whoever works on it
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def is_import(self) -> bool:
        return self.kind == TransferKind.IMPORT

    @property
    def is_busy(self) -> bool:
        return self.state in (TransferState.LOOKING, TransferState.RUNNING)

    @property
    def unchanged(self) -> int:
        """Lines that say what is known already."""
        return max(0, self.done - self.created - self.updated - self.flawed)

    @property
    def percent(self) -> int:
        """How much of it is done, as far as it is known."""
        return min(100, 100 * self.done // self.total) if self.total else 0
