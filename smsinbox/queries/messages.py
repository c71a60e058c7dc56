"""The texts of a conversation, and the little that pages ask about one text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.api_key import ApiKey
from smsinbox.models.attempt import Attempt
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message, MessageState
from smsinbox.models.opt_out import OptOut
from smsinbox.models.permission import Permission, can
from smsinbox.models.receipt import Receipt
from smsinbox.models.user import User

_WITH_FILES = select(Message).options(
    selectinload(Message.attachments), selectinload(Message.reactions)
)
_SAID = _WITH_FILES.where(Message.state != MessageState.SCHEDULED.value)


@dataclass(frozen=True, slots=True)
class Thread:
    """Texts, oldest first; `older` is the id to ask before for the ones above them, `newer` the id
    to ask after for those below; None where there are none. What waits for its time is `later`, at
    the end of all, in the order in which it will be said."""

    messages: list[Message]
    older: int | None
    newer: int | None = None
    later: Sequence[Message] = ()


def thread(conversation_id: int, before: int | None = None, limit: int = 50) -> Thread:
    """The newest texts of a conversation, or the newest ones before an id."""
    query = _SAID.where(Message.conversation_id == conversation_id)
    if before is not None:
        query = query.where(Message.id < before)
    found = list(db.session.scalars(query.order_by(Message.id.desc()).limit(limit + 1)))
    shown = found[:limit][::-1]
    later = scheduled(conversation_id) if before is None else ()
    return Thread(shown, shown[0].id if len(found) > limit else None, later=later)


def thread_after(conversation_id: int, after: int, limit: int = 50) -> Thread:
    """The oldest texts after an id."""
    query = _SAID.where(Message.conversation_id == conversation_id, Message.id > after)
    found = list(db.session.scalars(query.order_by(Message.id).limit(limit + 1)))
    shown = found[:limit]
    newer = shown[-1].id if len(found) > limit else None
    later = scheduled(conversation_id) if newer is None else ()
    return Thread(shown, shown[0].id if shown else after, newer, later)


def scheduled(conversation_id: int) -> list[Message]:
    """What waits for its time, the next one first."""
    query = _WITH_FILES.where(
        Message.conversation_id == conversation_id, Message.state == MessageState.SCHEDULED.value
    )
    return list(db.session.scalars(query.order_by(Message.next_at, Message.id)))


def thread_around(conversation_id: int, at: int, limit: int = 50) -> Thread:
    """The texts around one of them; the newest where it is not of this conversation."""
    there = select(Message.id).where(Message.id == at, Message.conversation_id == conversation_id)
    if db.session.scalar(there) is None:
        return thread(conversation_id, limit=limit)
    above = thread(conversation_id, at, limit // 2)
    below = thread_after(conversation_id, at - 1, limit - limit // 2)
    return Thread(above.messages + below.messages, above.older, below.newer, below.later)


def following(conversation_id: int, after: int, limit: int) -> list[Message]:
    """Texts after an id, oldest first: how programs page through a conversation."""
    return list(
        db.session.scalars(
            _WITH_FILES.where(Message.conversation_id == conversation_id, Message.id > after)
            .order_by(Message.id)
            .limit(limit)
        )
    )


def for_viewer(viewer: User | ApiKey, message_id: int) -> Message:
    """The text; NotFound when it is not there or not granted."""
    message = db.session.get(Message, message_id)
    if message is None or not can(viewer, Permission.SEE, message.number_id):
        raise NotFound
    return message


def by_ids(ids: list[int]) -> dict[int, Message]:
    """These texts as they are now."""
    found = db.session.scalars(_WITH_FILES.where(Message.id.in_(ids)))
    return {message.id: message for message in found}


def reacted_to(message_id: int) -> int | None:
    """The text that this one reacts to; None for an ordinary one."""
    return db.session.scalar(select(Message.reacts_to_id).where(Message.id == message_id))


def opted_out(conversation: Conversation) -> OptOut | None:
    """Why the contact cannot be texted from this number, if they said so."""
    return db.session.scalar(
        select(OptOut)
        .where(OptOut.covers(conversation.contact_id, conversation.number_id))
        .order_by(OptOut.number_id.is_not(None))
        .limit(1)
    )


def opt_outs(conversations: Sequence[Conversation]) -> dict[int, OptOut]:
    """`opted_out` for many, by conversation id; where two stand, the one for all numbers."""
    if not conversations:
        return {}
    found = db.session.execute(
        select(Conversation.id, OptOut)
        .join(OptOut, OptOut.covers(Conversation.contact_id, Conversation.number_id))
        .where(Conversation.id.in_([conversation.id for conversation in conversations]))
        .order_by(OptOut.number_id.is_(None))
    )
    return {row[0]: row[1] for row in found}


def sent_by(api_key_id: int, ids: list[int]) -> list[Message]:
    """Those of these texts that the program with this key sent, in the order of the ids."""
    found = by_ids(ids)
    texts = [found[one] for one in dict.fromkeys(ids) if one in found]
    return [text for text in texts if text.api_key_id == api_key_id]


def attempts(message: Message) -> list[Attempt]:
    """Every try to hand it over, in order."""
    tries = select(Attempt).where(Attempt.message_id == message.id)
    return list(db.session.scalars(tries.order_by(Attempt.id)))


def receipts(message: Message) -> list[Receipt]:
    """Everything the carrier reported about it, as it came in."""
    heard = select(Receipt).where(Receipt.message_id == message.id)
    return list(db.session.scalars(heard.order_by(Receipt.id)))


def last_heard_of(message: Message) -> datetime:
    """When its newest receipt came, or its last attempt ended, or it was written."""
    receipt = select(func.max(Receipt.received_at)).where(Receipt.message_id == message.id)
    tried = select(func.max(Attempt.ended_at)).where(Attempt.message_id == message.id)
    return db.session.scalar(receipt) or db.session.scalar(tried) or message.created_at


def left_at(message: Message) -> datetime | None:
    """When the carrier took it; None as long as it has not, or nobody can tell."""
    if message.state != MessageState.ACCEPTED:
        return None
    taken = select(func.max(Attempt.ended_at)).where(
        Attempt.message_id == message.id, Attempt.outcome == "accepted"
    )
    return db.session.scalar(taken)
