"""Files of contacts on their way: how a worker takes one up, step by step, and lets go of it.

Whoever works on one holds it for a minute under a fence, and says after every step how far it is;
should it die, somebody else goes on from there. Nothing is locked for longer than a step.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, or_, select, update

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.models.transfer import Transfer, TransferState
from smsinbox.services import shelved

LARGEST = 10_000_000  # bytes of a file that is brought in
KEPT = timedelta(hours=24)
_LEASE = timedelta(seconds=60)
_MOST_ATTEMPTS = 5  # without a step between them


class Lost(Exception):
    """Somebody else works on it now, or nobody wants it any more."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to work on a transfer, as it was when it was taken."""

    transfer: Transfer
    fence: int


@atomic
def forget() -> int:
    """Throw away files whose day is over; how many transfers. For the sweeper."""
    ended = select(Transfer).where(
        Transfer.expires_at < clock.now(),
        or_(Transfer.source.is_not(None), Transfer.result.is_not(None)),
    )
    found = list(db.session.scalars(ended.limit(100)))
    names = [name for one in found for name in (one.source, one.result)]
    for one in found:
        one.source = one.result = one.next_at = one.fence = None
        if one.is_busy:
            one.state, one.error = TransferState.FAILED.value, "Nobody worked on it for a day."
    shelved.release(names)
    return len(found)


@atomic
def claim() -> Hold | None:
    """Take the next one that waits, or None."""
    now = clock.now()
    query = select(Transfer).where(Transfer.next_at <= now).order_by(Transfer.next_at).limit(1)
    transfer = db.session.scalar(
        query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    )
    if transfer is None:
        return None
    transfer.fence, transfer.next_at = secrets.randbits(62), now + _LEASE
    transfer.attempts += 1
    if transfer.attempts > _MOST_ATTEMPTS:
        _end(transfer, TransferState.FAILED, "It was begun five times and never got on.")
    return Hold(transfer, transfer.fence)


@atomic
def step(hold: Hold, **values: Any) -> None:
    """Say how far it is; raises Lost when it is not ours any more, and then undoes what the
    transaction around us did."""
    result = db.session.execute(
        update(Transfer)
        .where(Transfer.id == hold.transfer.id, Transfer.fence == hold.fence)
        .values(next_at=clock.now() + _LEASE, attempts=0, **values)
    )
    assert isinstance(result, CursorResult)
    if not result.rowcount:
        raise Lost


@atomic
def pause(hold: Hold) -> None:
    """Enough for now: whoever comes next goes on."""
    step(hold)
    db.session.execute(
        update(Transfer).where(Transfer.id == hold.transfer.id).values(next_at=clock.now())
    )


@atomic
def finish(hold: Hold, state: TransferState, result: str | None, error: str | None = None) -> None:
    """It is done, or cannot be."""
    step(hold)
    transfer = db.session.get_one(Transfer, hold.transfer.id, populate_existing=True)
    before, transfer.result = transfer.result, result
    if before != result:
        shelved.release([before])
    _end(transfer, state, error)


def _end(transfer: Transfer, state: TransferState, error: str | None) -> None:
    transfer.state, transfer.error = state.value, error
    transfer.next_at = transfer.fence = None
    transfer.ended_at, transfer.expires_at = clock.now(), clock.now() + KEPT
