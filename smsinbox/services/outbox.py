"""The outbox: a queued row of the message table is a promise to hand that text to its carrier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import after_commit, db
from smsinbox.core.doorbell import ring
from smsinbox.core.errors import NotFound
from smsinbox.core.events import emit
from smsinbox.core.kinds import in_words
from smsinbox.core.segments import measure
from smsinbox.core.text import preview
from smsinbox.models.attachment import Attachment
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import MessageQueued
from smsinbox.models.message import Author, Direction, Message, MessageState
from smsinbox.services.delivery import deliver

PATIENCE = timedelta(hours=4)  # a person's reply that could not leave by then is of no use
RULE_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, by name as the bubble shows it."""

    author: Author
    name: str
    user_id: int | None = None
    rule_id: int | None = None
    api_key_id: int | None = None


def lock(conversation_id: int) -> Conversation:
    """The conversation, held until the transaction ends: texts queue up in the order written."""
    conversation = db.session.get(
        Conversation,
        conversation_id,
        populate_existing=True,
        with_for_update={"of": Conversation},
    )
    if conversation is None:
        raise NotFound
    return conversation


def known(conversation: Conversation, client_token: str | None) -> Message | None:
    """The text that was written with this token before, so that a double click writes one."""
    if client_token is None:
        return None
    return db.session.scalar(
        select(Message).where(
            Message.conversation_id == conversation.id, Message.client_token == client_token
        )
    )


def queue(
    conversation: Conversation,
    body: str,
    writer: Writer,
    *,
    client_token: str | None = None,
    answers_id: int | None = None,
    within: timedelta = PATIENCE,
    files: Sequence[Attachment] = (),
) -> Message:
    """Write a text with its files into the outbox, bring the list up to it, and ring once it is
    committed."""
    now = clock.now()
    message = _written(conversation, body, writer)
    message.answers_id, message.client_token = answers_id, client_token
    message.next_at = message.created_at = now
    message.expires_at = now + within
    message.attachments = list(files)
    db.session.add(message)
    db.session.flush()
    conversation.last_message_at = max(conversation.last_message_at, now)
    conversation.last_direction = Direction.OUTBOUND.value
    conversation.preview = preview(body) or in_words(file.content_type for file in files)
    announce_queued(message)
    return message


def _written(conversation: Conversation, body: str, writer: Writer) -> Message:
    measured = measure(body)
    return Message(
        conversation_id=conversation.id,
        account_id=conversation.number.account_id,
        number_id=conversation.number_id,
        direction=Direction.OUTBOUND.value,
        body=body,
        encoding=measured.encoding,
        segments=max(measured.parts, 1),
        author=writer.author.value,
        author_name=writer.name,
        user_id=writer.user_id,
        rule_id=writer.rule_id,
        api_key_id=writer.api_key_id,
        state=MessageState.QUEUED.value,
    )


def announce_queued(message: Message) -> None:
    """Tell the screens, and ring for a worker after the commit."""
    emit(
        MessageQueued(
            conversation_id=message.conversation_id,
            message_id=message.id,
            number_id=message.number_id,
        )
    )
    message_id = message.id
    after_commit(lambda: ring(deliver, message_id))
