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

CANCELED = {
    "state": MessageState.CANCELED.value,
    "error_code": "opted-out",
    "error_detail": "The contact changed their mind before it left.",
}

_WAITING = (MessageState.QUEUED.value, MessageState.SCHEDULED.value)


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
    keep_opt_out(conversation.contact_id, conversation.number_id, source)
    conversation.wants_out = False
    db.session.flush()
    emit(ConsentChanged(conversation_id=conversation.id, number_id=conversation.number_id))
    _cancel_waiting(conversation)
    return True


def keep_opt_out(contact_id: int, number_id: int, source: str) -> None:
    """The bare fact, for ends between which there may be no conversation; must not be known."""
    db.session.add(
        OptOut(contact_id=contact_id, number_id=number_id, source=source, at=clock.now())
    )


def restore(conversation: Conversation) -> bool:
    """Forget the opt-out; False when there was none."""
    known = opted_out(conversation)
    if known is None:
        return False
    db.session.delete(known)
    db.session.flush()
    _cancel_waiting(conversation, confirmations_only=True)
    emit(ConsentChanged(conversation_id=conversation.id, number_id=conversation.number_id))
    return True


def _cancel_waiting(conversation: Conversation, *, confirmations_only: bool = False) -> None:
    """What waits was written before the contact changed their mind, our confirmations too."""
    stale = select(Message.id).where(
        Message.conversation_id == conversation.id, Message.state.in_(_WAITING)
    )
    if confirmations_only:
        stale = stale.where(Message.author == Author.CONSENT.value)
    waiting = list(db.session.scalars(stale))
    db.session.execute(
        update(Message).where(Message.id.in_(waiting), Message.state.in_(_WAITING)).values(CANCELED)
    )
    emit_all(
        MessageChanged(
            conversation_id=conversation.id, message_id=message, number_id=conversation.number_id
        )
        for message in waiting
    )
