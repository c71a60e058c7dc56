"""The one clock: aware UTC, and the microseconds in which the database keeps it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Inside, and for this thread alone, it is that instant: for stories about the past."""
    before = _told.set(instant)
    try:
        yield
    finally:
        _told.reset(before)


def micros(instant: datetime) -> int:
    """Microseconds since 1970; exact, unlike `timestamp()`."""
    return (instant - EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """The instant that `micros` made."""
    return EPOCH + timedelta(microseconds=value)


def now_micros() -> int:
    """This instant in microseconds since 1970, as columns keep it."""
    return micros(now())
