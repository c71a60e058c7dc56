"""Texts that wait for their time: let go when it comes, changed or canceled before.

The sweeper lets them go. Until a text is on its way to the carrier its program may take it back.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from smsinbox.core import clock
from smsinbox.core.database import after_commit, atomic, db
from smsinbox.core.doorbell import ring
from smsinbox.core.errors import NotFound
from smsinbox.core.events import emit, emit_all
from smsinbox.core.segments import measure
from smsinbox.core.text import preview
from smsinbox.dialects.base import Change
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import MessageChanged
from smsinbox.models.message import Arming, Message, MessageState
from smsinbox.queries import content_rules
from smsinbox.services import armed_replies, held, outbox
from smsinbox.services.armed_replies import Arms
from smsinbox.services.compliance import Scan
from smsinbox.services.delivery import deliver
from smsinbox.services.outbound import checked
from smsinbox.services.taken import dialect_of, taken_of, written_down

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
    db.session.execute(in_turn.with_for_update())  # no file settles meanwhile
    released = (
        update(Message)
        .where(Message.id.in_(ids), Message.state == MessageState.SCHEDULED.value)
        .values(state=MessageState.QUEUED.value, next_at=held.HOLD)
        .returning(Message.id, Message.conversation_id, Message.number_id, Message.arming)
    )
    found = sorted(db.session.execute(released), key=lambda row: ids.index(row[0]))
    armed_replies.arm([Arms(at, of) for of, at, _, arming in found if arming == Arming.ARMED])
    emit_all(
        MessageChanged(message_id=message, conversation_id=conversation, number_id=number)
        for message, conversation, number, _ in found
    )
    after_commit(lambda: ring(deliver, ids[-1]))
    return len(found)


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
    message.error_code = "canceled"
    message.error_detail = "The program took it back before it left."
    _announce(message)
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
    measured = measure(body)
    asked = taken_of(message).asked
    asked = replace(asked, text=replace(asked.text, body=body))
    Scan(content_rules.all_rules()).check(asked, measured)
    conversation = db.session.get_one(Conversation, message.conversation_id)
    if conversation.preview == preview(message.body):
        conversation.preview = preview(body)
    message.body, message.encoding = body, measured.encoding
    message.segments = max(measured.parts, 1)
    message.asked = written_down(dialect_of(message) or "", asked)


def _move(message: Message, at: datetime) -> None:
    asked = replace(taken_of(message).asked, send_at=at)
    message.next_at, message.expires_at = at, at + outbox.PATIENCE
    message.asked = written_down(dialect_of(message) or "", asked)


def _locked(message_id: int, api_key_id: int) -> Message:
    message = db.session.get(Message, message_id, populate_existing=True, with_for_update=True)
    if message is None or message.api_key_id != api_key_id:
        raise NotFound
    return message


def _announce(message: Message) -> None:
    db.session.flush()
    emit(
        MessageChanged(
            conversation_id=message.conversation_id,
            message_id=message.id,
            number_id=message.number_id,
        )
    )
