"""What became of an attempt. Only the holder of the fence may move the message; the attempt's own
row is written in any case, and late good news still counts."""

import logging
import random
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError

from smsinbox.core import clock
from smsinbox.core.database import atomic, attempt, db
from smsinbox.core.events import emit
from smsinbox.dialects.base import Accepted
from smsinbox.dialects.errors import CarrierError, Misconfigured, OptedOut, Rejected, Unavailable
from smsinbox.models.account import Account
from smsinbox.models.attempt import Attempt
from smsinbox.models.consent_event import ConsentSource
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import AccountPaused, MessageChanged
from smsinbox.models.message import Author, Delivery, Message, MessageState
from smsinbox.queries.messages import opted_out
from smsinbox.services import (
    automation,
    billing,
    breaker,
    carriage,
    consent,
    notifications,
    receipts,
)
from smsinbox.services.consent_lines import Said

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 12


@atomic
def accept(message_id: int, fence: int, accepted: Accepted) -> None:
    """The carrier has it. Receipts that came before this commit are matched now."""
    _end_attempt(fence, "accepted", carrier_id=accepted.carrier_id)
    try:
        with attempt():
            moved = _move(
                message_id,
                fence,
                also_uncertain=True,
                state=MessageState.ACCEPTED.value,
                carrier_id=accepted.carrier_id,
                delivery=int(Delivery.QUEUED),
                **billing.of_answer(accepted),
                error_code=None,
                error_detail=None,
                error_raw=None,
            )
    except IntegrityError:
        # Two sends, one id: what the carrier did with the second nobody can tell.
        log.warning("carrier repeated an id", extra={"message_id": message_id})
        moved = _move(message_id, fence, state=MessageState.UNCERTAIN.value, error_code="same-id")
    message = db.session.get_one(Message, message_id, populate_existing=True)
    breaker.went_through(message.account_id)
    if moved:
        receipts.match(message)
        _announce(message)


@atomic
def refuse(message_id: int, fence: int, error: CarrierError) -> None:
    """The carrier did not simply take it: the six outcomes of the error tree."""
    _end_attempt(fence, type(error).__name__.lower(), error=error)
    message = _locked(message_id)
    values: dict[str, Any] = {
        "error_code": (error.code or "")[:80],
        "error_detail": error.detail,
        "error_raw": error.raw,
    }
    breaker.failed(message.account_id, error)
    match error:
        case Unavailable() | Misconfigured() if (place := _next_route(message)) is not None:
            # It keeps its place in line: behind all that waits, it could come minutes late.
            values |= {"state": MessageState.QUEUED.value, "route": place}
        case Unavailable() if message.attempts < MOST_ATTEMPTS:
            pause = backoff(message.attempts, error.retry_after)
            later = clock.now() + pause
            values |= {"state": MessageState.QUEUED.value, "next_at": later, "route": 0}
        case Misconfigured():
            values |= {"state": MessageState.QUEUED.value, "next_at": clock.now(), "route": 0}
        case Rejected() | Unavailable():
            values |= {"state": MessageState.FAILED.value}
        case _:
            values |= {"state": MessageState.UNCERTAIN.value}
    values = _unless_opted_out(message, values)
    if _move(message_id, fence, **values):
        if values["state"] == MessageState.FAILED.value:
            notifications.failed([message_id])
        _follow(message, error)
        _announce(message)


@atomic
def give_back(message_id: int, fence: int) -> None:
    """Nothing was sent; the text may be claimed again, unless somebody spoke meanwhile."""
    _end_attempt(fence, "not sent")
    message = _locked(message_id)
    again = {"state": MessageState.QUEUED.value, "next_at": clock.now()}
    if _move(message_id, fence, **_unless_opted_out(message, again)):
        _announce(message)


def backoff(attempts: int, retry_after: float | None) -> timedelta:
    """How long to wait after so many tries: full jitter up to ten minutes, at least a second, and
    never less than the carrier asked for."""
    jittered = random.uniform(0, min(600.0, 2.0 * 2**attempts))
    return timedelta(seconds=max(1.0, jittered, retry_after or 0.0))


def _next_route(message: Message) -> int | None:
    """The next account that this text has not tried in this round; provably, none has taken it."""
    found = carriage.next_for(message, message.conversation.number, message.route + 1)
    return found[0] if found else None


def _locked(message_id: int) -> Message:
    """The message; whoever wants to say STOP in its conversation waits until we are done."""
    message = db.session.get_one(Message, message_id, populate_existing=True)
    lock = {"of": Conversation, "key_share": True}
    db.session.get(Conversation, message.conversation_id, with_for_update=lock)
    return message


def _unless_opted_out(message: Message, values: dict[str, Any]) -> dict[str, Any]:
    """A text that would wait again although the contact said STOP meanwhile, or it is one that is
    stopped, is canceled: it could never leave, and would hold up all behind it."""
    waits = values["state"] == MessageState.QUEUED.value and message.author != Author.CONSENT
    if waits and opted_out(message.conversation):
        return consent.CANCELED
    if waits and automation.is_stopped(message):
        return automation.ending(message)
    return values


def _follow(message: Message, error: CarrierError) -> None:
    """What an error means beyond its message."""
    if isinstance(error, OptedOut):
        words = f"{error.code or ''} {error.detail or ''}".strip()
        said = {message.conversation_id: Said(words, message.id)}
        consent.withdraw([message.conversation], ConsentSource.CARRIER, said)
    if isinstance(error, Misconfigured):
        db.session.execute(
            update(Account)
            .where(Account.id == message.account_id, Account.paused_at.is_(None))
            .values(paused_at=clock.now(), paused_reason=error.detail or str(error))
        )
        emit(AccountPaused(number_id=message.number_id))


def _move(message_id: int, fence: int, *, also_uncertain: bool = False, **values: Any) -> bool:
    """Change the message if the fence still holds; a lost race is a no-op, not an error."""
    states = [MessageState.SENDING.value]
    if also_uncertain:
        states.append(MessageState.UNCERTAIN.value)
    result = db.session.execute(
        update(Message)
        .where(Message.id == message_id, Message.fence == fence, Message.state.in_(states))
        .values(lease_until=None, **values)
    )
    assert isinstance(result, CursorResult)
    if not result.rowcount:
        log.info("the fence does not hold any more", extra={"message_id": message_id})
    return bool(result.rowcount)


def _end_attempt(
    fence: int, outcome: str, *, carrier_id: str | None = None, error: CarrierError | None = None
) -> None:
    found = db.session.scalar(select(Attempt).where(Attempt.fence == fence))
    if found is None:
        return
    found.ended_at, found.outcome, found.carrier_id = clock.now(), outcome[:20], carrier_id
    if error is not None:
        found.error_code, found.error_detail = (error.code or "")[:80], error.detail
    db.session.flush()


def _announce(message: Message) -> None:
    emit(MessageChanged.of(message))
