"""The kill switch: nothing leaves from one number, or from any, until somebody lets it go on.

Texts are still written and kept; they wait in the outbox as long as any text may
(services/outbox.py) and leave in their order afterwards. What a carrier has in hand at that moment
cannot be called back.
"""

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import after_commit, atomic, db
from smsinbox.core.doorbell import ring
from smsinbox.core.events import emit, emit_all
from smsinbox.models.events import MessageChanged, MessageIds, SendingPaused, SendingResumed
from smsinbox.models.inbox import Inbox, Scope
from smsinbox.models.message import Message, MessageState
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.queries import numbers
from smsinbox.queries.inbox import ONLY
from smsinbox.services.authority import must_administer
from smsinbox.services.delivery import deliver

_DRAWN = 500  # waiting texts that are drawn anew; the others are when somebody opens them


@atomic
def pause(number_id: int | None, by: User | None) -> None:
    """Let nothing leave from this number, with None from any; a second time changes nothing."""
    what = _held(number_id, by)
    if what.paused_at is None:
        what.paused_at, what.paused_by = clock.now(), by.name if by else None
        emit(SendingPaused(number_id=number_id))
        _draw_waiting(number_id)


@atomic
def resume(number_id: int | None, by: User | None) -> None:
    """Let texts leave again, in their order."""
    what = _held(number_id, by)
    if what.paused_at is not None:
        what.paused_at = what.paused_by = None
        emit(SendingResumed(number_id=number_id))
        _draw_waiting(number_id)
        after_commit(lambda: ring(deliver, 0))


def _held(number_id: int | None, by: User | None) -> Number | Inbox:
    must_administer(by)
    if number_id is not None:
        return numbers.found(number_id)
    inbox = db.session.get(Inbox, ONLY)
    if inbox is None:
        inbox = Inbox(id=ONLY, company="", contact="", opt_out_scope=Scope.NUMBER.value)
        db.session.add(inbox)
    return inbox


def _draw_waiting(number_id: int | None) -> None:
    db.session.flush()
    waiting = select(Message.id, Message.conversation_id, Message.number_id).where(
        Message.state == MessageState.QUEUED.value
    )
    if number_id is not None:
        waiting = waiting.where(Message.number_id == number_id)
    found = db.session.execute(waiting.order_by(Message.id).limit(_DRAWN))
    emit_all(MessageChanged.of(MessageIds(*row)) for row in found)
