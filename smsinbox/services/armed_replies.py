"""Replies that programs give along with a text (Pingram's `autoReply`): the contact's next text is
answered with it, once.

Pingram says no more than that, so the rest is ours. A reply is armed when its text leaves the
outbox's waiting room, not while that is scheduled, and takes the place of the one armed before. It
fires only when its text has left: who texts before that answers something else. `ARMED_FOR` after
that it is disarmed, for later the contact would be answered about what they no longer think of;
three days let a weekend pass. An opt-out disarms for good, a START arms nothing again.

`Message.arming` is the truth. `Conversation.armed_id` only saves everybody else the question, as
the statement that stores a text brings it along. Whoever arms or fires holds the conversation.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select, update

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk
from smsinbox.core.database import atomic, db
from smsinbox.core.events import emit_all
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import MessageChanged, MessageIds
from smsinbox.models.message import ARMED_FOR, Arming, Message, MessageState

_MOST = 500  # a round of the sweeper's

_POINT = Bulk(
    """
    UPDATE conversation SET armed_id = r.message
    FROM {rows} WHERE conversation.id = r.conversation
    """,
    {"conversation": "BIGINT", "message": "BIGINT"},
)


class Arms(NamedTuple):
    """A text with a reply that is armed now."""

    conversation_id: int
    message_id: int


def arm(texts: Sequence[Arms]) -> None:
    """The last of these in each conversation is armed; it replaces every one before it."""
    newest = dict(texts)
    if not newest:
        return
    older = (
        Message.conversation_id.in_(sorted(newest))
        & Message.id.not_in(newest.values())
        & (Message.state != MessageState.SCHEDULED.value)
    )
    _move(older, Arming.REPLACED)
    rows = [{"conversation": at, "message": of} for at, of in sorted(newest.items())]
    _POINT.run(rows)


def fire(texts: Collection[Message]) -> None:
    """Their replies are being sent; they answer nothing more."""
    if texts:
        _move(Message.id.in_([text.id for text in texts]), Arming.ANSWERED)
        _forget({text.conversation_id for text in texts})


def disarm(conversation_ids: Collection[int]) -> None:
    """Nothing more is answered there in advance: the contact opted out."""
    if conversation_ids:
        _move(Message.conversation_id.in_(conversation_ids), Arming.CANCELED)
        _forget(conversation_ids)


@atomic
def expire() -> int:
    """Disarm what waited too long; how many. For the sweeper."""
    old = Message.expires_at < clock.now() - ARMED_FOR
    due = select(Message.id).where(Message.arming == Arming.ARMED.value, old).limit(_MOST)
    ids = list(db.session.scalars(due))
    return _move(Message.id.in_(ids) & old, Arming.EXPIRED) if ids else 0


def _move(which: ColumnElement[bool], to: Arming) -> int:
    moved: Any = (
        update(Message)
        .where(which, Message.arming == Arming.ARMED.value)
        .values(arming=to.value)
        .returning(Message.id, Message.conversation_id, Message.number_id)
    )
    found = db.session.execute(moved).all()
    emit_all(MessageChanged.of(MessageIds(*row)) for row in found)
    return len(found)


def _forget(conversation_ids: Collection[int]) -> None:
    pointed = Conversation.id.in_(conversation_ids) & Conversation.armed_id.is_not(None)
    db.session.execute(update(Conversation).where(pointed).values(armed_id=None))
