"""Reactions that came as texts are shown at the text they are about, and nobody has to answer them.

Only where exactly one text of ours can be meant: what fits none, or two, stays an ordinary text.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from smsinbox.core import reactions
from smsinbox.core.database import db
from smsinbox.core.events import emit
from smsinbox.core.reactions import Reaction
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ConversationSettled, MessageChanged
from smsinbox.models.message import Direction, Message
from smsinbox.services.answering import Received

_LOOK_AT = 300  # texts of ours, the newest


def fold(received: Sequence[Received]) -> set[int]:
    """Note which of these texts react to which of ours, in the transaction that stores them; the
    ids of those that do."""
    folded = set()
    for one in received:
        reaction = reactions.read(one.body)
        target = _meant(one, reaction) if reaction and not one.files else None
        if reaction is not None and target is not None:
            _note(one, reaction, target)
            folded.add(one.message_id)
    return folded


def _meant(text: Received, reaction: Reaction) -> Message | None:
    newest = (
        select(Message)
        .options(selectinload(Message.attachments))
        .where(
            Message.conversation_id == text.conversation_id,
            Message.direction == Direction.OUTBOUND.value,
            Message.id < text.message_id,
        )
        .order_by(Message.id.desc())
        .limit(_LOOK_AT)
    )
    found = [one for one in db.session.scalars(newest) if _is_about(reaction, one)]
    return found[0] if len(found) == 1 else None


def _is_about(reaction: Reaction, ours: Message) -> bool:
    if reaction.quoted is None:
        return bool(ours.attachments)
    return reactions.tidy(ours.body) == reaction.quoted


def _note(text: Received, reaction: Reaction, target: Message) -> None:
    theirs = db.session.get_one(Message, text.message_id)
    theirs.reacts_to_id, theirs.reaction = target.id, reaction.stored[:16]
    there = db.session.get_one(Conversation, text.conversation_id, populate_existing=True)
    there.unanswered = max(0, there.unanswered - 1)
    if not there.unanswered and there.settle():
        if there.opened_at == text.at:  # this text alone has taken it up again
            there.close()
        emit(ConversationSettled.of(there))
    db.session.flush()
    emit(MessageChanged.of(target))
