"""STOP, START and HELP: consent given and withdrawn, by law before everything else.

Whatever changes a consent leaves a ConsentEvent, the proof. How far an opt-out reaches, one number
or all of ours, is a setting; it counts at the moment of the opt-out, and START lifts all of it.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from smsinbox.core import clock
from smsinbox.core.database import db, is_sqlite
from smsinbox.core.events import emit_all
from smsinbox.core.words import ConsentWord
from smsinbox.models.consent_event import ConsentEvent, ConsentSource
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import (
    ConsentChanged,
    ConversationClosed,
    MessageChanged,
    MessageIds,
    MessageUnscheduled,
)
from smsinbox.models.inbox import Inbox, Scope
from smsinbox.models.message import Author, Message, MessageState
from smsinbox.models.opt_out import OptOut
from smsinbox.queries.inbox import inbox
from smsinbox.queries.messages import opt_outs
from smsinbox.services import armed_replies, consent_lines
from smsinbox.services.consent_lines import Pair, Said

CANCELED = {
    "state": MessageState.CANCELED.value,
    "error_code": "opted-out",
    "error_detail": "The contact changed their mind before it left.",
}

_WAITS = Message.state.in_((MessageState.QUEUED.value, MessageState.SCHEDULED.value))

_SILENCE = Said()
_UNSAID: Mapping[int, Said] = MappingProxyType({})


def confirmation(word: ConsentWord, name: str, us: Inbox | None = None) -> str:
    """The one text that the law allows in answer to the word: from the company, as the settings
    (`us`, where they are at hand) name it, or else from the number of this name."""
    us = us or inbox()
    name = us.company or name
    match word:
        case ConsentWord.STOP:
            return (
                f"{name}: you are unsubscribed and will get no more texts. Reply START to resume."
            )
        case ConsentWord.START:
            return f"{name}: you are subscribed again. Reply HELP for help, STOP to unsubscribe."
        case ConsentWord.HELP:
            way = f"for help, {us.contact}" if us.contact else "we read every text sent here"
            return f"{name}: {way}. Reply STOP to unsubscribe."


def withdraw(
    conversations: Sequence[Conversation], source: str, said: Mapping[int, Said] = _UNSAID
) -> set[int]:
    """Keep that these contacts opted out, and cancel what has not left; the ids of those
    conversations where it was not known before. `said` is by the conversation's id."""
    if not conversations:
        return set()
    known, everywhere = opt_outs(conversations), reaches_everywhere()
    new = [conversation for conversation in conversations if conversation.id not in known]
    narrow = [one for one in conversations if one.id in known and known[one.id].number_id]
    changed = new + narrow if everywhere else new  # an older opt-out now reaches as far as this
    ends: dict[Pair, Said] = {
        (one.contact_id, None if everywhere else one.number_id): said.get(one.id, _SILENCE)
        for one in changed
    }
    take_out(ends, source)
    _put_away([conversation for conversation in conversations if conversation.id in known])
    return {conversation.id for conversation in new}


def reaches_everywhere() -> bool:
    """Whether an opt-out that comes now holds for all of our numbers."""
    return inbox().opt_out_scope == Scope.ALL


def take_out(ends: Mapping[Pair, Said], source: str) -> int:
    """The same by contact and number, where there may be no conversation; how many were new."""
    kept = _keep(ends, source)
    affected = _between(kept)
    consent_lines.write(affected, ends, source, opted_out=True)
    for conversation in affected:
        conversation.wants_out = False
    _put_away(affected)
    _changed(affected, _WAITS)
    return len(kept)


def _put_away(conversations: Sequence[Conversation]) -> None:
    """Nobody waits where nobody may answer."""
    for conversation in conversations:
        conversation.settle()
    if conversations and inbox().closes_on_opt_out:
        closed = [one for one in conversations if one.close()]
        db.session.flush()
        emit_all(map(ConversationClosed.of, closed))


def _keep(ends: Mapping[Pair, Said], source: str) -> set[Pair]:
    """The bare facts, of which those that are known change nothing; those that were new."""
    if not ends:
        return set()
    into = (sqlite if is_sqlite() else postgresql).insert(OptOut).on_conflict_do_nothing()
    rows = [
        {
            "contact_id": contact,
            "number_id": number,
            "source": source,
            "at": said.since or clock.now(),
        }
        for (contact, number), said in ends.items()
    ]
    kept = db.session.execute(
        into.values(rows).returning(OptOut.contact_id, OptOut.number_id)
    ).all()
    pairs = [(row[0], row[1]) for row in kept]
    _record([(pair, ends[pair]) for pair in pairs], True, source)
    return set(pairs)


def restore(
    conversations: Sequence[Conversation],
    source: str = ConsentSource.WORD,
    said: Mapping[int, Said] = _UNSAID,
) -> set[int]:
    """Forget the opt-outs; the ids of those conversations where there was one."""
    if not conversations:
        return set()
    ends = {
        (one.contact_id, one.number_id): said.get(one.id, _SILENCE)
        for one in sorted(conversations, key=lambda one: one.id)
    }
    back = lift(ends, source)
    return {one.id for one in conversations if (one.contact_id, one.number_id) in back}


def lift(ends: Mapping[tuple[int, int], Said], source: str) -> set[tuple[int, int]]:
    """Forget whatever forbids texts to a contact from a number; those of the ends where there was
    anything. What held for all numbers is lifted for all."""
    both = tuple_(OptOut.contact_id, OptOut.number_id).in_(list(ends))
    of_contacts = OptOut.contact_id.in_({contact for contact, _ in ends})
    by_contact = {contact: said for (contact, _), said in ends.items()}
    freed = _forget(or_(both, of_contacts & OptOut.number_id.is_(None)), by_contact, source)
    return {end for end in ends if end in freed or (end[0], None) in freed}


def lift_one(opt_out: OptOut, source: str, said: Said) -> None:
    """Forget this one; another may still stand."""
    _forget(OptOut.id == opt_out.id, {opt_out.contact_id: said}, source)


def _forget(which: ColumnElement[bool], said: Mapping[int, Said], source: str) -> set[Pair]:
    gone = db.session.execute(
        delete(OptOut)
        .where(which)
        .returning(OptOut.contact_id, OptOut.number_id)
        .execution_options(synchronize_session=False)
    )
    freed = {(row[0], row[1]) for row in gone}
    ends = {pair: said[pair[0]] for pair in freed}
    _record(list(ends.items()), False, source)
    affected = _between(freed)
    consent_lines.write(affected, ends, source, opted_out=False)
    _changed(affected, _WAITS & (Message.author == Author.CONSENT.value))
    return freed


def _record(facts: Sequence[tuple[Pair, Said]], opted_out: bool, source: str) -> None:
    """Write down what changed, for ever."""
    rows = [
        {
            "contact_id": contact,
            "number_id": number,
            "opted_out": opted_out,
            "source": source,
            "words": said.words,
            "message_id": said.message_id,
            "user_id": said.by.id if said.by else None,
            "author_name": said.by.name if said.by else "",
            "at": clock.now(),
        }
        for (contact, number), said in facts
    ]
    if rows:
        db.session.execute(insert(ConsentEvent), rows)


def cancel_stale(message_ids: Collection[int]) -> None:
    """Take back those of these waiting texts whose contact has opted out: they could never leave.
    No STOP comes by here; it is for texts that waited while an opt-out came another way."""
    of = aliased(Conversation)
    out = exists().where(
        of.id == Message.conversation_id, OptOut.covers(of.contact_id, of.number_id)
    )
    _cancel(Message.id.in_(message_ids) & _WAITS & out & (Message.author != Author.CONSENT.value))


def _between(pairs: Collection[Pair]) -> list[Conversation]:
    """Every conversation that these pairs cover."""
    if not pairs:
        return []
    theirs = select(Conversation).where(Conversation.contact_id.in_({one for one, _ in pairs}))
    return [
        one
        for one in db.session.scalars(theirs.order_by(Conversation.id))
        if (one.contact_id, one.number_id) in pairs or (one.contact_id, None) in pairs
    ]


def _changed(conversations: Sequence[Conversation], stale: ColumnElement[bool]) -> None:
    """What waits was written before they changed their minds: on STOP all of it, on START what
    confirms the STOP."""
    if not conversations:
        return
    armed_replies.disarm([one.id for one in conversations if one.armed_id])
    emit_all(map(ConsentChanged.of, conversations))
    _cancel(Message.conversation_id.in_([one.id for one in conversations]) & stale)


def _cancel(which: ColumnElement[bool]) -> None:
    canceled = (
        update(Message)
        .where(which)
        .values(CANCELED)
        .returning(Message.id, Message.conversation_id, Message.number_id)
        .execution_options(synchronize_session=False)
    )
    gone = [MessageIds(*row) for row in db.session.execute(canceled)]
    emit_all(kind.of(one) for one in gone for kind in (MessageChanged, MessageUnscheduled))
