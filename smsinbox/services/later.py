"""Texts that people wrote and that have not left: scheduled ones, and those still held for undo.

A scheduled text of a person is said when its time comes, and stands in the thread where it was
said: it is written anew then, with the token, words and files of the one that waited.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, NotFound
from smsinbox.core.events import emit, emit_all
from smsinbox.core.i18n import _
from smsinbox.models.activity import Activity
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ConversationSettled, MessageChanged, MessageUnscheduled
from smsinbox.models.message import Author, Direction, Message, MessageState
from smsinbox.models.notification import Notification
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.services import automation, drafts, outbound, outbox, uploads, watching
from smsinbox.services.drafts import Writing

TAKEN_BACK = "taken-back"  # the code of a text that a person took back
TEXTED = "contact-texted"  # and of one that gave way to the contact
_MOST = 500
_NOTHING = Writing()
_inbound = aliased(Message)
_WAS_TEXTED = exists().where(
    _inbound.conversation_id == Message.conversation_id,
    _inbound.direction == Direction.INBOUND.value,
    _inbound.id > Message.id,
)


@atomic
def take_back(message_id: int, by: User) -> Message:
    """Cancel a text of a person that has not left; a second time changes nothing. Raises Conflict
    when it is too late."""
    message, conversation = _held(message_id)
    if message.state == MessageState.CANCELED and message.error_code == TAKEN_BACK:
        return message
    if not may_be_taken_back(message):
        raise Conflict(_("It is too late: the text has left, or is leaving now."))
    was_said = message.state == MessageState.QUEUED
    message.state = MessageState.CANCELED.value
    message.error_code = TAKEN_BACK
    message.error_detail = f"{by.name} took it back before it left."
    db.session.flush()
    if was_said:
        _unsay(conversation)
    else:
        emit(MessageUnscheduled.of(message))
    emit(MessageChanged.of(message))
    return message


@atomic
def edit(message_id: int, by: User, beside: Writing = _NOTHING) -> tuple[Message, str]:
    """Take it back to write it anew: its files wait for the text that comes in its stead, and its
    words are the draft again, with what was written beside; also how that reads now."""
    message, conversation = _held(message_id)
    is_first = may_be_taken_back(message)
    take_back(message_id, by)
    if is_first:
        uploads.give_back(message, by)
    return message, drafts.give_back(conversation.id, message.body, beside, by)


@atomic
def send_now(message_id: int, by: User) -> Message:
    """Say what was scheduled at once. Raises Conflict when it is not waiting any more, and what
    `outbound.reply` raises for those who cannot be texted and for words that may not be sent."""
    message, conversation = _held(message_id)
    if message.state != MessageState.SCHEDULED:
        raise Conflict(_("It is not waiting for its time any more."))
    outbound.check_reachable(conversation, by)
    watching.check(conversation.number, message.body, by)
    return _say(message, conversation, by)


def may_be_taken_back(message: Message) -> bool:
    """Whether a person wrote it and nobody has begun to send it."""
    waits = message.state == MessageState.SCHEDULED or (
        message.state == MessageState.QUEUED and message.attempts == 0
    )
    return waits and message.author == Author.USER


@atomic
def give_way() -> int:
    """Cancel what was not to be said once the contact has texted; how many. For the sweeper."""
    waits = (Message.state == MessageState.SCHEDULED.value) & Message.unless_texted
    found = select(Message).where(waits, _WAS_TEXTED).order_by(Message.id).limit(_MOST)
    gone = list(db.session.scalars(found.with_for_update(of=Message, key_share=True)))
    for message in gone:
        _give_way(message)
    return len(gone)


def say(due: Sequence[Message]) -> None:
    """Their time has come: send them, or cancel those that give way. The transaction around us
    holds their conversations."""
    for message in due:
        if message.unless_texted and _contact_texted(message):
            _give_way(message)
        else:
            there = db.session.get_one(Conversation, message.conversation_id)
            _say(message, there, db.session.get_one(User, message.user_id))


def _contact_texted(message: Message) -> bool:
    query = select(Message.id).where(Message.id == message.id, _WAS_TEXTED)
    return db.session.scalar(query) is not None


def _give_way(message: Message) -> None:
    message.state = MessageState.CANCELED.value
    message.error_code = TEXTED
    message.error_detail = "They texted first."
    db.session.flush()
    emit_all([MessageChanged.of(message), MessageUnscheduled.of(message)])


def _say(message: Message, conversation: Conversation, by: User) -> Message:
    writer = outbox.Writer(Author.USER, message.author_name, user_id=message.user_id)
    files, token, before = list(message.attachments), message.client_token, message.id
    message.client_token = None  # there is one text with it: the new one
    db.session.flush()
    number = db.session.get_one(Number, message.number_id)
    outgoing = outbox.Outgoing(
        conversation_id=conversation.id,
        number=number,
        body=message.body,
        writer=writer,
        client_token=token,
        patience=number.patience,
    )
    [queued] = outbox.queue([outgoing])
    for file in files:
        file.message_id = queued.id
    db.session.flush()
    for model in (Activity, Notification):
        _moved(model, before, queued.id)
    emit(MessageChanged.of(message))
    db.session.expire(message, ["attachments"])
    db.session.delete(message)
    db.session.expire(conversation, ["preview", "last_message_at", "last_direction"])
    automation.give_way(conversation)
    outbound.take_up(conversation, by)
    db.session.flush()
    return db.session.get_one(Message, queued.id)


def _moved(model: Any, before: int, after: int) -> None:
    db.session.execute(update(model).where(model.message_id == before).values(message_id=after))


def _unsay(conversation: Conversation) -> None:
    """The list shows what was said last before it; whoever waited, waits again."""
    said = Message.state.not_in((MessageState.CANCELED.value, MessageState.SCHEDULED.value))
    query = select(Message).where(Message.conversation_id == conversation.id, said)
    last = db.session.scalar(query.order_by(Message.id.desc()).limit(1))
    conversation.reopen()
    if last is None:
        conversation.preview, conversation.last_direction = "", None
    else:
        conversation.preview = outbox.preview_of(last.body, last.attachments)
        conversation.last_direction = last.direction
        conversation.last_message_at = last.created_at
        if last.is_inbound:
            conversation.wait(last.created_at)
    db.session.flush()
    emit(ConversationSettled.of(conversation))


def _held(message_id: int) -> tuple[Message, Conversation]:
    """The text and its conversation, held in the order in which everybody takes them."""
    known = db.session.get(Message, message_id)
    if known is None:
        raise NotFound
    conversation = outbox.lock(known.conversation_id)
    message = db.session.get(
        Message, message_id, populate_existing=True, with_for_update={"key_share": True}
    )
    if message is None:
        raise NotFound  # its time has come meanwhile
    return message, conversation
