"""STOP, START and HELP: consent given and withdrawn, by law before everything else."""

from sqlalchemy import select, update

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.events import emit, emit_all
from smsinbox.core.words import ConsentWord
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ConsentChanged, MessageChanged
from smsinbox.models.message import Author, Message, MessageState
from smsinbox.models.opt_out import OptOut
from smsinbox.queries.messages import opted_out


def apply(word: ConsentWord, conversation: Conversation) -> str | None:
    """Do what the word says; the one confirmation to send, or None when nothing changed."""
    name = conversation.number.name
    match word:
        case ConsentWord.STOP:
            if not withdraw(conversation, "word"):
                return None
            return (
                f"{name}: you are unsubscribed and will get no more texts. Reply START to resume."
            )
        case ConsentWord.START:
            if not restore(conversation):
                return None
            return f"{name}: you are subscribed again. Reply HELP for help, STOP to unsubscribe."
        case _:
            return f"{name}: we read every text sent to this number. Reply STOP to unsubscribe."


def withdraw(conversation: Conversation, source: str) -> bool:
    """Keep that the contact opted out, and cancel what has not left; False when known."""
    if opted_out(conversation):
        return False
    db.session.add(
        OptOut(
            contact_id=conversation.contact_id,
            number_id=conversation.number_id,
            source=source,
            at=clock.now(),
        )
    )
    conversation.wants_out = False
    db.session.flush()
    emit(ConsentChanged(conversation_id=conversation.id, number_id=conversation.number_id))
    _cancel_waiting(conversation)
    return True


def restore(conversation: Conversation) -> bool:
    """Forget the opt-out; False when there was none."""
    known = opted_out(conversation)
    if known is None:
        return False
    db.session.delete(known)
    db.session.flush()
    emit(ConsentChanged(conversation_id=conversation.id, number_id=conversation.number_id))
    return True


def _cancel_waiting(conversation: Conversation) -> None:
    waiting = list(
        db.session.scalars(
            select(Message.id).where(
                Message.conversation_id == conversation.id,
                Message.state == MessageState.QUEUED.value,
                Message.author != Author.CONSENT.value,
            )
        )
    )
    db.session.execute(
        update(Message)
        .where(Message.id.in_(waiting), Message.state == MessageState.QUEUED.value)
        .values(
            state=MessageState.CANCELED.value,
            error_code="opted-out",
            error_detail="The contact opted out before it left.",
        )
    )
    emit_all(
        MessageChanged(
            conversation_id=conversation.id, message_id=message, number_id=conversation.number_id
        )
        for message in waiting
    )
