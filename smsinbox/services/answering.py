"""What was decided about texts is done, for all of a batch at once: consent is changed, replies are
queued, conversations paused, and whatever else rules do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.events import emit_all
from smsinbox.core.phones import Address
from smsinbox.core.words import ConsentWord
from smsinbox.models.consent_event import ConsentSource
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ConversationSettled, MessageIds
from smsinbox.models.inbox import Inbox
from smsinbox.models.message import Author, Message
from smsinbox.queries.inbox import inbox
from smsinbox.queries.places import Place
from smsinbox.rules.actions import OptIn, OptOut
from smsinbox.rules.decision import Decision
from smsinbox.rules.rulebook import Rulebook
from smsinbox.services import armed_replies, automation, consent, outbox, rule_actions
from smsinbox.services.consent_lines import Said
from smsinbox.services.rule_actions import Task

NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Received:
    """One text that has just been stored, at that instant."""

    message_id: int
    conversation_id: int
    number_id: int
    rules_stamp: int | None  # None: no rule answers at this number, as at most, and none is sought
    contact: Address
    body: str
    at: datetime
    files: int = 0
    late: timedelta = NO_TIME  # how long after its sending we learnt of it
    answered: str = ""  # the consent word that the carrier has answered already
    armed_id: int | None = None  # the text whose reply may be armed

    @property
    def ids(self) -> MessageIds:
        return MessageIds(self.message_id, self.conversation_id, self.number_id)


class Decided(NamedTuple):
    """What comes of a text by that book; `armed` is the program's text whose reply answers it."""

    text: Received
    place: Place
    book: Rulebook
    decision: Decision
    armed: Message | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is to be done, as mostly."""
        made = self.decision
        acts = made.replies or made.actions or made.quiet
        return not (made.consent or made.pauses or acts or self.armed)


def carry_out(decided: Sequence[Decided], at: datetime) -> None:
    """Do it all, in the transaction that stores the texts."""
    due = _with_conversations(decided)
    opted_out = _change_consent(due)
    us = inbox() if opted_out or any(one.decision.consent for one in due) else None
    replies = [(one, reply) for one in due if (reply := _reply(one, opted_out, us))]
    outbox.queue([reply for _, reply in replies])
    armed_replies.fire([one.armed for one, _ in replies if one.armed])
    _do_the_rest(due, at)


def _with_conversations(decided: Sequence[Decided]) -> list["_Due"]:
    """The rows that what is to be done changes."""
    if not decided:
        return []
    ids = [one.text.conversation_id for one in decided]
    rows = db.session.scalars(
        select(Conversation).where(Conversation.id.in_(ids)),
        execution_options={"populate_existing": True},
    )
    there = {row.id: row for row in rows}
    return [_Due(one, there[one.text.conversation_id]) for one in decided]


class _Due(NamedTuple):
    """What was decided, and the conversation in which it is to be done."""

    what: Decided
    there: Conversation

    @property
    def text(self) -> Received:
        return self.what.text

    @property
    def decision(self) -> Decision:
        return self.what.decision

    @property
    def armed(self) -> Message | None:
        return self.what.armed

    def does(self, kind: type[OptIn] | type[OptOut]) -> bool:
        """Whether a rule that is on changes the contact's consent in this way."""
        planned = self.decision.actions
        return any(isinstance(one.action, kind) and not one.shadow for one in planned)


def _change_consent(decided: Sequence[_Due]) -> set[int]:
    """Do what consent words and rules say; the ids of the conversations that a rule opted out."""

    def saying(word: ConsentWord) -> list[Conversation]:
        return [one.there for one in decided if one.decision.consent is word]

    said = {one.there.id: Said(one.text.body, one.text.message_id) for one in decided}
    consent.withdraw(saying(ConsentWord.STOP), ConsentSource.WORD, said)
    consent.restore(saying(ConsentWord.START), ConsentSource.WORD, said)
    back = [one.there for one in decided if one.does(OptIn)]
    consent.restore(back, ConsentSource.RULE, said)
    out = [one.there for one in decided if one.does(OptOut)]
    return consent.withdraw(out, ConsentSource.RULE, said)


def _reply(one: _Due, opted_out: set[int], us: Inbox | None) -> outbox.Outgoing | None:
    """The one automatic text that goes out."""
    reply = one.decision.reply
    if one.armed:
        return _outgoing(
            one, one.armed.auto_reply, outbox.Writer(Author.ARMED, one.armed.author_name)
        )
    if one.there.id in opted_out:
        return _confirmation(one, ConsentWord.STOP, us)
    if one.decision.consent:
        return _confirmation(one, one.decision.consent, us) if one.decision.confirms else None
    if reply is None:
        return None
    name = one.decision.name_of(reply.rule_id) or ""
    writer = outbox.Writer(Author.RULE, name, rule_id=reply.rule_id)
    later = clock.now() + timedelta(seconds=reply.delay) if reply.delay else None
    return replace(_outgoing(one, reply.text, writer), at=later)


def _confirmation(one: _Due, word: ConsentWord, us: Inbox | None) -> outbox.Outgoing:
    words = consent.confirmation(word, one.there.number.name, us)
    return _outgoing(one, words, outbox.Writer(Author.CONSENT, ""))


def _outgoing(one: _Due, body: str, writer: outbox.Writer) -> outbox.Outgoing:
    return outbox.Outgoing(
        conversation_id=one.text.conversation_id,
        number=one.there.number,
        body=body,
        writer=writer,
        patience=outbox.RULE_PATIENCE,
        answers_id=one.text.message_id,
    )


def _do_the_rest(decided: Sequence[_Due], at: datetime) -> None:
    """What is to be done beside texting."""
    automation.pause(
        [
            automation.Pause(one.there, one.decision.reason, one.text.message_id)
            for one in decided
            if one.decision.pauses
        ]
    )
    tasks = [task for one in decided for task in _tasks(one)]
    rule_actions.carry_out(tasks, at)
    _calm(decided)


def _tasks(one: _Due) -> Iterable[Task]:
    for planned in one.decision.actions:
        name = one.decision.name_of(planned.rule_id) or ""
        yield Task(one.text.ids, one.there, planned.rule_id, name, planned.action, planned.shadow)


def _calm(decided: Sequence[_Due]) -> None:
    """Nobody waits behind texts that need nobody, nor behind an answer that counts as one."""
    for one in decided:
        if one.decision.counts_as_response:
            one.there.settle()
        elif one.decision.quiet:
            one.there.unanswered = max(0, one.there.unanswered - 1)
            if not one.there.unanswered:
                one.there.settle()
    calm = [one for one in decided if one.decision.quiet or one.decision.counts_as_response]
    db.session.flush()
    emit_all(ConversationSettled.of(one.there) for one in calm)
