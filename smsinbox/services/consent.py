"""STOP, START and HELP: consent given and withdrawn, by law before everything else."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, insert, update

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.events import emit_all
from smsinbox.core.words import ConsentWord
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ConsentChanged, MessageChanged, MessageIds
from smsinbox.models.message import Author, Message, MessageState
from smsinbox.models.opt_out import OptOut
from smsinbox.queries.messages import opt_outs
from smsinbox.services import armed_replies

CANCELED = {
    "state": MessageState.CANCELED.value,
    "error_code": "opted-out",
    "error_detail": "The contact changed their mind before it left.",
}

_WAITS = Message.state.in_((MessageState.QUEUED.value, MessageState.SCHEDULED.value))


def confirmation(word: ConsentWord, name: str) -> str:
    """The one text that the law allows in answer to the word, from the number of this name."""
    match word:
        case ConsentWord.STOP:
            return (
                f"{name}: you are unsubscribed and will get no more texts. Reply START to resume."
            )
        case ConsentWord.START:
            return f"{name}: you are subscribed again. Reply HELP for help, STOP to unsubscribe."
        case ConsentWord.HELP:
            return f"{name}: we read every text sent to this number. Reply STOP to unsubscribe."


def withdraw(conversations: Sequence[Conversation], source: str) -> set[int]:
    """Keep that these contacts opted out, and cancel what has not left; the ids of those
    conversations where it was not known before."""
    known = opt_outs(conversations)
    new = [conversation for conversation in conversations if conversation.id not in known]
    keep_opt_outs(((one.contact_id, one.number_id) for one in new), source)
    for conversation in new:
        conversation.wants_out = False
    _changed(new, _WAITS)
    return {conversation.id for conversation in new}


def keep_opt_outs(ends: Iterable[tuple[int, int]], source: str) -> None:
    """The bare facts (contact, number), which must not be known; there may be no conversation."""
    said = {"source": source, "at": clock.now()}
    rows = [{"contact_id": contact, "number_id": number, **said} for contact, number in ends]
    if rows:
        db.session.execute(insert(OptOut), rows)


def restore(conversations: Sequence[Conversation]) -> set[int]:
    """Forget the opt-outs; the ids of those conversations where there was one."""
    known = opt_outs(conversations)
    if known:
        gone = [opt_out.id for opt_out in known.values()]
        db.session.execute(delete(OptOut).where(OptOut.id.in_(gone)))
        back = [conversation for conversation in conversations if conversation.id in known]
        _changed(back, _WAITS & (Message.author == Author.CONSENT.value))
    return set(known)


def _changed(conversations: Sequence[Conversation], stale: ColumnElement[bool]) -> None:
    """What waits was written before they changed their minds: on STOP all of it, on START what
    confirms the STOP."""
    if not conversations:
        return
    armed_replies.disarm([one.id for one in conversations if one.armed_id])
    canceled = (
        update(Message)
        .where(Message.conversation_id.in_([one.id for one in conversations]), stale)
        .values(CANCELED)
        .returning(Message.id, Message.conversation_id, Message.number_id)
    )
    emit_all(map(ConsentChanged.of, conversations))
    emit_all(MessageChanged.of(MessageIds(*row)) for row in db.session.execute(canceled))
