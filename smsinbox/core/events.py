"""The log of events: one row for every change, written in the same transaction as the change.

Rows carry ids, never content. Screens, callbacks and the sweeper read the log behind a cursor.
A cursor is `(txid, id)`: on Postgres a transaction may commit late, so readers stay below the
oldest transaction that is still writing and order by transaction; on SQLite txid is always 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    CursorResult,
    Index,
    String,
    TextClause,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk
from smsinbox.core.database import Base, BigId, Instant, after_commit, db, is_sqlite
from smsinbox.core.doorbell import tell_screens


class Cursor(NamedTuple):
    """A place in the log; `str()` is what pages and sockets carry."""

    txid: int
    id: int

    def __str__(self) -> str:
        return f"{self.txid}.{self.id}"

    @classmethod
    def parse(cls, text_form: str) -> "Cursor | None":
        """The cursor that `str` made, or None for anything else."""
        txid, _, number = text_form.partition(".")
        if not (txid.isascii() and txid.isdigit() and number.isascii() and number.isdigit()):
            return None
        if len(text_form) > 40:
            return None
        return cls(int(txid), int(number))


class LogEntry(Base):
    """One row of the log."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_txid_id", "txid", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    txid: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[int | None] = mapped_column(BigId)
    message_id: Mapped[int | None] = mapped_column(BigId)
    number_id: Mapped[int | None] = mapped_column(BigId)
    user_id: Mapped[int | None] = mapped_column(BigId)


class Entry(NamedTuple):
    """What a reader of the log gets of a row."""

    txid: int
    id: int
    kind: str
    conversation_id: int | None
    message_id: int | None
    number_id: int | None
    user_id: int | None

    @property
    def cursor(self) -> Cursor:
        """Where this entry stands."""
        return Cursor(self.txid, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; subclasses are named in the past tense (models/events.py)."""

    conversation_id: int | None = None
    message_id: int | None = None
    number_id: int | None = None
    user_id: int | None = None


def emit(*events: Event) -> None:
    """Write events to the log, and tell the screens' processes once the transaction commits."""
    emit_all(events)


def emit_all(events: Iterable[Event]) -> None:
    """`emit` for a batch: one statement."""
    rows = [
        {
            "kind": type(event).__name__,
            "conversation": event.conversation_id,
            "message": event.message_id,
            "number": event.number_id,
            "by": event.user_id,
        }
        for event in events
    ]
    if rows:
        _INSERT.run(rows, at=clock.now_micros())
        _tell_once()


_INSERT = Bulk(
    """
    INSERT INTO event (txid, at, kind, conversation_id, message_id, number_id, user_id)
    SELECT {txid}, :at, r.kind, r.conversation, r.message, r.number, r.by FROM {rows}
    """,
    {
        "kind": "TEXT",
        "conversation": "BIGINT",
        "message": "BIGINT",
        "number": "BIGINT",
        "by": "BIGINT",
    },
    sqlite={"txid": "0"},
    postgres={"txid": "CAST(CAST(pg_current_xact_id() AS text) AS bigint)"},
)


def _tell_once() -> None:
    waiting = db.session().info
    if waiting.get("telling") is not waiting.get("after"):
        after_commit(tell_screens)
        waiting["telling"] = waiting.get("after")


def newest() -> Cursor:
    """The end of the log as a reader may see it now."""
    last = select(LogEntry.txid, LogEntry.id).order_by(LogEntry.txid.desc(), LogEntry.id.desc())
    if not is_sqlite():
        last = last.where(LogEntry.txid < _floor())
    found = db.session.execute(last.limit(1)).first()
    return Cursor(*found) if found else Cursor(0, 0)


def since(cursor: Cursor, limit: int = 500) -> list[Entry]:
    """Entries after the cursor in the log's order; never skips one that commits late."""
    place = {"txid": cursor.txid, "id": cursor.id, "most": limit}
    if is_sqlite():
        return _entries(_SINCE_SQLITE, place)
    return _entries(_SINCE_QUIET, place) or _entries(_SINCE_FLOOR, place | {"floor": _floor()})


def _entries(statement: TextClause, place: dict[str, int]) -> list[Entry]:
    return [Entry(*row) for row in db.session.execute(statement, place)]


def _since(settled: str) -> TextClause:
    return text(
        f"""
        SELECT txid, id, kind, conversation_id, message_id, number_id, user_id FROM event
        WHERE (txid, id) > (:txid, :id) AND {settled} ORDER BY txid, id LIMIT :most
        """
    )


_AHEAD = text(
    """
    SELECT count(*), min(at) FROM (
      SELECT at FROM event WHERE (txid, id) > (:txid, :id) ORDER BY txid, id LIMIT 1000) AS it
    """
)
_NOBODY_WRITES = "pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot())"

_SINCE_SQLITE = _since("true")
_SINCE_QUIET = _since(_NOBODY_WRITES)  # nowhere on the server: mostly so, and asked in one go
_SINCE_FLOOR = _since("txid < :floor")


def ahead(cursor: Cursor) -> tuple[int, datetime | None]:
    """How many entries are committed after the cursor, to 1,000, and when the first was written:
    those that a reader may not see yet are counted, too."""
    count, oldest = db.session.execute(_AHEAD, {"txid": cursor.txid, "id": cursor.id}).one()
    return int(count), None if oldest is None else clock.from_micros(oldest)


def reaches_back_to(cursor: Cursor) -> bool:
    """Whether the log still holds everything after the cursor (old rows are pruned)."""
    oldest = db.session.scalar(select(func.min(LogEntry.id)))
    return oldest is None or cursor.id >= oldest - 1


def prune(before: datetime) -> int:
    """Delete entries older than that; the count. Called by the sweeper inside a transaction."""
    result = db.session.execute(delete(LogEntry).where(LogEntry.at < before))
    assert isinstance(result, CursorResult)
    return result.rowcount


def _floor() -> int:
    """Below it all is settled: the oldest transaction of ours that is still writing.

    The snapshot's own xmin waits for the writers of every other database on the server, too.
    The floor is read first; whoever wrote below it has committed before the entries are read.
    """
    newest_xid, running = db.session.execute(_WRITERS).one()
    return min((_full(xid, newest_xid) for xid in running or ()), default=newest_xid)


_WRITERS = text(
    """
SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint),
  (SELECT array_agg(CAST(CAST(backend_xid AS text) AS bigint)) FROM pg_stat_activity
   WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database())
     AND backend_xid IS NOT NULL)
"""
)


def _full(xid: int, newest_xid: int) -> int:
    """A 32-bit transaction id with the epoch it belongs to; one may have begun since `newest_xid`
    was read, and is then a little greater."""
    full = (newest_xid & ~0xFFFFFFFF) | xid
    return full if full <= newest_xid + 0x8000_0000 else full - 0x1_0000_0000
