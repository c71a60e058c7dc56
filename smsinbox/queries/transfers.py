"""Files of contacts on their way, and how long the next has waited for a worker."""

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.transfer import Transfer


def found(transfer_id: int) -> Transfer:
    """One of them; raises NotFound."""
    transfer = db.session.get(Transfer, transfer_id)
    if transfer is None:
        raise NotFound
    return transfer


def latest() -> list[Transfer]:
    """The last ones, newest first."""
    return list(db.session.scalars(select(Transfer).order_by(Transfer.id.desc()).limit(10)))


def oldest_wait() -> float | None:
    """Seconds that one could have been worked on and nobody did; None if none can be now."""
    waits = select(Transfer.next_at).where(Transfer.next_at.is_not(None))
    at = db.session.scalar(waits.order_by(Transfer.next_at).limit(1))
    waited = None if at is None else (clock.now() - at).total_seconds()
    return waited if waited is not None and waited >= 0 else None
