"""What only time brings about: leases that end, texts that grow too old, logs that grow too long.

Called by the sweeper. Every change is a conditional UPDATE, so that two sweepers do no harm.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.events import emit_all, prune
from smsinbox.dialects.words import SILENT
from smsinbox.models.events import MessageChanged, MessageIds
from smsinbox.models.lease import SWEEPER, TERM, Lease
from smsinbox.models.message import Delivery, Direction, Message, MessageState
from smsinbox.services import notifications
from smsinbox.services.delivery import LEASE

_SILENCE = timedelta(hours=72)
_KEEP_EVENTS = timedelta(hours=24)


@atomic
def lead(holder: str) -> bool:
    """Become or stay the one sweeper; a dead one loses its term after five seconds."""
    now = clock.now()
    insert = (sqlite if is_sqlite() else postgresql).insert(Lease)
    db.session.execute(
        insert.values(name=SWEEPER, holder=holder, until=now).on_conflict_do_nothing()
    )
    free = or_(Lease.holder == holder, Lease.until <= now, Lease.until > now + 10 * TERM)
    return bool(
        _count(update(Lease).where(Lease.name == SWEEPER, free), until=now + TERM, holder=holder)
    )


@atomic
def expire_leases() -> int:
    """Texts whose holder never came back: nobody can tell, so they are uncertain.

    A lease far in the future was written by a clock that was set back since; it has ended, too.
    """
    now = clock.now()
    ended = or_(Message.lease_until < now, Message.lease_until > now + 2 * LEASE)
    return len(
        _change_all(
            and_(Message.state == MessageState.SENDING.value, ended),
            state=MessageState.UNCERTAIN.value,
            lease_until=None,
            error_code="no-answer",
            error_detail="The process that sent it stopped before the carrier's answer was kept.",
        )
    )


@atomic
def expire_texts() -> int:
    """Texts that could not leave in time: late words are worse than none."""
    late = _change_all(
        and_(Message.state == MessageState.QUEUED.value, Message.expires_at < clock.now()),
        state=MessageState.FAILED.value,
        error_code="expired",
        error_detail="It waited too long and was not sent.",
    )
    notifications.failed(late)
    return len(late)


@atomic
def give_up_on_receipts() -> int:
    """Accepted texts about which the carrier has said nothing for three days.

    Some carriers answer success for a person on their suppression list, and send nothing; nothing
    but this silence ever tells. What a receipt called sent was not suppressed.
    """
    long_ago = clock.now() - _SILENCE
    unheard_of = Message.delivery < int(Delivery.SENT)
    return len(
        _change_all(
            and_(
                Message.direction == Direction.OUTBOUND.value,
                Message.state == MessageState.ACCEPTED.value,
                Message.delivery < int(Delivery.UNCONFIRMED),
                Message.created_at < long_ago,
                # One that was scheduled, or sent again, left long after it was written.
                or_(Message.next_at.is_(None), Message.next_at < long_ago),
            ),
            delivery=int(Delivery.UNCONFIRMED),
            error_code=case((unheard_of, SILENT), else_=Message.error_code),
        )
    )


@atomic
def prune_events() -> int:
    """Screens that were away longer than this reload their page."""
    return prune(clock.now() - _KEEP_EVENTS)


def _change_all(condition: Any, **values: Any) -> list[int]:
    """The ids of those that were changed."""
    found = db.session.execute(
        select(Message.id, Message.conversation_id, Message.number_id).where(condition).limit(500)
    ).all()
    if not found:
        return []
    ids = [row[0] for row in found]
    change = update(Message).where(Message.id.in_(ids), condition).values(**values)
    changed = list(db.session.scalars(change.returning(Message.id)))
    emit_all(MessageChanged.of(MessageIds(*row)) for row in found)
    return changed


def _count(statement: Any, **values: Any) -> int:
    result = db.session.execute(statement.values(**values))
    assert isinstance(result, CursorResult)
    return result.rowcount
