"""What waits in the outbox, and for how long."""

from datetime import datetime

from sqlalchemy import case, select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.models.account import Account
from smsinbox.models.message import Message, MessageState
from smsinbox.models.number import Number


def ready_at() -> datetime | None:
    """When the first waiting text may leave, by its own time and its number's pace; None if no
    text waits. Texts of paused accounts do not count."""
    earliest = case(
        (Message.next_at > Number.next_send_at, Message.next_at), else_=Number.next_send_at
    )
    return db.session.scalar(
        select(earliest)
        .join(Number, Number.id == Message.number_id)
        .join(Account, Account.id == Number.account_id)
        .where(Message.state == MessageState.QUEUED.value, Account.paused_at.is_(None))
        .order_by(earliest)
        .limit(1)
    )


def ready_in() -> float | None:
    """Seconds until the first waiting text may leave, 0 when it may now; None if no text waits."""
    at = ready_at()
    return None if at is None else max(0.0, (at - clock.now()).total_seconds())


def oldest_wait() -> float | None:
    """Seconds that a text has been ready and nobody took it; None if none is ready."""
    at = ready_at()
    waited = None if at is None else (clock.now() - at).total_seconds()
    return waited if waited is not None and waited >= 0 else None
