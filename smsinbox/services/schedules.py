"""Texts that wait for their time: let go when it comes, changed or canceled before.

The sweeper lets them go. Until a text is on its way to the carrier its program may take it back.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import NotFound
from smsinbox.core.events import emit
from smsinbox.core.segments import measure
from smsinbox.dialects.base import Change
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.models.events import MessageChanged, MessageQueued, MessageUnscheduled
from smsinbox.models.message import Arming, Author, Message, MessageState
from smsinbox.queries import content_rules, messages
from smsinbox.services import armed_replies, consent, held, later, outbox
from smsinbox.services.armed_replies import Arms
from smsinbox.services.compliance import Scan
from smsinbox.services.outbound import checked
from smsinbox.services.taken import dialect_of, taken_of, written_down

TAKEN_BACK = "canceled"  # the code of a text that its program canceled
_MOST = 500  # a round
_WAITS = (MessageState.SCHEDULED.value, MessageState.QUEUED.value)


@atomic
def release() -> int:
    """Put the texts whose time has come into the outbox, where one waits on for files that are not
    here yet; how many. For the sweeper."""
    due = select(Message.id, Message.conversation_id).where(
        Message.state == MessageState.SCHEDULED.value, Message.next_at <= clock.now()
    )
    ends = db.session.execute(due.order_by(Message.next_at, Message.id).limit(_MOST)).all()
    if not ends:
        return 0
    outbox.hold({conversation for _, conversation in ends})
    ids = [message for message, _ in ends]
    in_turn = select(Message.id).where(Message.id.in_(ids)).order_by(Message.id)
    db.session.execute(in_turn.with_for_update(key_share=True))  # no file settles meanwhile
    consent.cancel_stale(ids)
    people = _of_people(ids)
    later.say(people)
    released = (
        update(Message)
        .where(Message.id.in_(ids), Message.state == MessageState.SCHEDULED.value)
        .values(state=MessageState.QUEUED.value, next_at=held.HOLD)
        .returning(Message.id)
    )
    found = set(db.session.scalars(released))
    texts = messages.by_ids(ids)
    _let_go([texts[one] for one in ids if one in found])
    return len(found) + len(people)


def _of_people(ids: list[int]) -> list[Message]:
    due = select(Message).where(
        Message.id.in_(ids),
        Message.state == MessageState.SCHEDULED.value,
        Message.author == Author.USER.value,
    )
    return list(db.session.scalars(due.order_by(Message.next_at, Message.id)))


def _let_go(texts: list[Message]) -> None:
    """Now they are said: the lists show them, and what they arm is armed."""
    if not texts:
        return
    armed_replies.arm(
        [Arms(text.conversation_id, text.id) for text in texts if text.arming == Arming.ARMED]
    )
    outbox.bring_up(
        [
            {
                "conversation": text.conversation_id,
                "preview": outbox.preview_of(text.body, text.attachments),
            }
            for text in texts
        ],
        clock.now(),
    )
    outbox.announce_queued([MessageQueued.of(text) for text in texts])


@atomic
def cancel(message_id: int, api_key_id: int) -> Message:
    """Take a scheduled text back; a second time changes nothing.

    Raises NotFound for a text of another program, Refusal when it has left.
    """
    message = _locked(message_id, api_key_id)
    if message.state == MessageState.CANCELED.value:
        return message
    if message.state not in _WAITS or taken_of(message).asked.send_at is None:
        raise Refusal(Reason.TOO_LATE, "It is not waiting for its time; it cannot be canceled.")
    message.state = MessageState.CANCELED.value
    message.error_code = TAKEN_BACK
    message.error_detail = "The program took it back before it left."
    _announce(message)
    emit(MessageUnscheduled.of(message))
    return message


@atomic
def change(message_id: int, api_key_id: int, wanted: Change) -> Message:
    """Another time, other words, or both; raises as `cancel` does, and for words that cannot be
    sent."""
    message = _locked(message_id, api_key_id)
    if message.state != MessageState.SCHEDULED.value:
        raise Refusal(Reason.TOO_LATE, "It is not waiting for its time; it cannot be changed.")
    if wanted.body is not None:
        _reword(message, wanted.body)
    if wanted.send_at is not None:
        _move(message, max(wanted.send_at, clock.now()))
    _announce(message)
    return message


def _reword(message: Message, typed: str) -> None:
    body = checked(typed, alone=not message.attachments)
    asked = taken_of(message).asked
    measured = measure(body, asked.encoding)
    asked = replace(asked, text=replace(asked.text, body=body))
    Scan(content_rules.for_programs()).check(asked, measured)
    message.body, message.encoding = body, measured.encoding
    message.segments = max(measured.parts, 1)
    message.asked = written_down(dialect_of(message) or "", asked)


def _move(message: Message, at: datetime) -> None:
    asked = replace(taken_of(message).asked, send_at=at)
    message.next_at, message.expires_at = at, at + outbox.PATIENCE
    message.asked = written_down(dialect_of(message) or "", asked)


def _locked(message_id: int, api_key_id: int) -> Message:
    message = db.session.get(
        Message, message_id, populate_existing=True, with_for_update={"key_share": True}
    )
    if message is None or message.api_key_id != api_key_id:
        raise NotFound
    return message


def _announce(message: Message) -> None:
    db.session.flush()
    emit(MessageChanged.of(message))
