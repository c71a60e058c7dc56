"""Automatic texts that must not leave after all: automation was paused, the contact was blocked, or
an agent was faster."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select, update

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.events import emit_all
from smsinbox.models.activity import ActivityKind
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import AutomationPaused, MessageChanged, MessageIds
from smsinbox.models.message import Author, Message, MessageState
from smsinbox.services import activities
from smsinbox.services.activities import Line

RULES = (Author.RULE, Author.ARMED)  # the confirmation of a consent word is owed in any case
_STOPPED: dict[str, Any] = {
    "state": MessageState.CANCELED.value,
    "error_code": "automation-paused",
    "error_detail": "Automatic texts were paused in this conversation before it left.",
}
_BLOCKED: dict[str, Any] = {
    "state": MessageState.CANCELED.value,
    "error_code": "contact-blocked",
    "error_detail": "The contact was blocked before it left.",
}
_ANSWERED: dict[str, Any] = {
    "state": MessageState.CANCELED.value,
    "error_code": "agent-answered",
    "error_detail": "An agent answered before this automatic text left.",
}
_IS_RULES = Message.author.in_([author.value for author in RULES])
_WAITS = Message.state.in_((MessageState.QUEUED.value, MessageState.SCHEDULED.value))


class Pause(NamedTuple):
    """Where, why, and the text that was one too many."""

    conversation: Conversation
    reason: str
    message_id: int

    @property
    def about(self) -> MessageIds:
        return MessageIds(self.message_id, self.conversation.id, self.conversation.number_id)


def pause(those: Sequence[Pause]) -> None:
    """Nothing answers there by itself until a person lets it; the transaction around us holds the
    conversations."""
    now = clock.now()
    new = [one for one in those if one.conversation.pause(now, one.reason)]
    if not new:
        return
    db.session.flush()
    activities.write([Line(one.about, ActivityKind.PAUSED, one.reason) for one in new], now)
    ids = [one.conversation.id for one in new]
    _cancel(Message.conversation_id.in_(ids) & _WAITS & _IS_RULES, _STOPPED)
    emit_all(AutomationPaused.of(one.conversation) for one in new)


def hush(contact_id: int) -> None:
    """Nothing automatic goes to this contact, who is blocked now."""
    theirs = select(Conversation.id).where(Conversation.contact_id == contact_id)
    _cancel(Message.conversation_id.in_(theirs) & _WAITS & _IS_RULES, _BLOCKED)


def give_way(conversation: Conversation) -> None:
    """An agent texts now: what a rule would have said a little later stays unsaid."""
    delayed = or_(
        Message.state == MessageState.SCHEDULED.value, Message.next_at > Message.created_at
    )
    mine = (Message.conversation_id == conversation.id) & (Message.author == Author.RULE.value)
    never_tried = Message.attempts == 0
    _cancel(mine & _WAITS & delayed & never_tried, _ANSWERED)


def is_stopped(message: Message) -> bool:
    """Whether this text is one that the pause of its conversation, or a block, keeps back."""
    there = message.conversation
    return message.author in RULES and (there.paused_at is not None or there.contact.is_blocked)


def ending(message: Message) -> dict[str, Any]:
    """What becomes of a text that is stopped."""
    return _BLOCKED if message.conversation.contact.is_blocked else _STOPPED


def stop(message: Message) -> None:
    """Keep back a text that was about to leave."""
    _cancel(Message.id == message.id, ending(message) | {"fence": None, "lease_until": None})


def _cancel(which: ColumnElement[bool], values: dict[str, Any]) -> None:
    gone = (
        update(Message)
        .where(which)
        .values(values)
        .returning(Message.id, Message.conversation_id, Message.number_id)
    )
    emit_all(MessageChanged.of(MessageIds(*row)) for row in db.session.execute(gone).all())
