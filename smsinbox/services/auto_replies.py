"""What answers by itself: consent words first, for they are law, then the reply that a program has
armed for this text, then the rules of the number.

Runs inside the transaction that stores the texts, in a savepoint: a rule that breaks never loses a
text. All texts of a batch are answered at once, and one by one only after that failed. At most one
automatic reply per text; the database refuses a second. What is to be done says `rules.decide`, the
same that the try-out box and the backtest ask; here it is done and written down.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import attempt, db
from smsinbox.core.events import emit_all
from smsinbox.core.failpoints import failpoint
from smsinbox.core.phones import Address, Kind
from smsinbox.core.words import ConsentWord, consent_word
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ConversationRead, MessageIds
from smsinbox.models.message import Author, Message
from smsinbox.models.rule import Rule
from smsinbox.queries import facts as facts_query
from smsinbox.queries import rules as rules_query
from smsinbox.queries.facts import Background
from smsinbox.rules import loops
from smsinbox.rules.actions import OptIn, OptOut
from smsinbox.rules.decide import decide
from smsinbox.rules.decision import Decision, Outcome, RuleOutcome
from smsinbox.rules.facts import Facts, Text
from smsinbox.rules.rulebook import Rulebook
from smsinbox.services import armed_replies, automation, consent, decisions, outbox, rule_actions
from smsinbox.services.decisions import Made
from smsinbox.services.rule_actions import Task

log = logging.getLogger(__name__)

_ARMED = "“{}” had armed this reply for the contact's next text."
_NO_RULES = Rulebook()
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
    """What comes of a text; `armed` is the program's text whose reply answers it."""

    text: Received
    there: Conversation
    decision: Decision
    armed: Message | None = None

    def does(self, kind: type[OptIn] | type[OptOut]) -> bool:
        """Whether a rule that is on changes the contact's consent in this way."""
        planned = self.decision.actions
        return any(isinstance(one.action, kind) and not one.shadow for one in planned)


def answer(received: Sequence[Received]) -> None:
    """Let consent words, programs and rules speak about each text."""
    words = facts_query.consent_words({one.number_id for one in received})
    called = [
        one
        for one in received
        if one.rules_stamp is not None
        or (one.contact.kind is Kind.PERSON and (one.armed_id or _consent(one, words)))
    ]
    for turn in _turns(called):
        _answer_safely(turn)


def _consent(one: Received, words: Mapping[int, Mapping[str, ConsentWord]]) -> ConsentWord | None:
    return consent_word(one.answered) or consent_word(one.body, words.get(one.number_id, {}))


def _turns(called: list[Received]) -> list[list[Received]]:
    """Every conversation once a turn: its next text is judged by what this one has changed."""
    seen: Counter[int] = Counter()
    turns: list[list[Received]] = []
    for one in called:
        turn = seen[one.conversation_id]
        seen[one.conversation_id] += 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(one)
    return turns


def _answer_safely(turn: list[Received]) -> None:
    try:
        with attempt():
            _answer(turn)
    except Exception:
        if len(turn) > 1:
            for one in turn:
                _answer_safely([one])
            return
        # Whatever broke, the text itself must be kept; the decision says that nothing was sent.
        log.exception("answering failed", extra={"message_id": turn[0].message_id})
        decisions.record_failure(turn[0].message_id)


def _answer(turn: list[Received]) -> None:
    failpoint("rules.answer")
    decided = _decided(turn)
    changed = _change_consent(decided)
    replies = [(one, reply) for one in decided if (reply := _reply(one, changed))]
    outbox.queue([reply for _, reply in replies])
    armed_replies.fire([one.armed for one, _ in replies if one.armed])
    _carry_out(decided)
    made = [Made(one.text.message_id, one.there, one.decision, bool(one.armed)) for one in decided]
    decisions.record(made, turn[0].at)


def _decided(turn: list[Received]) -> list[Decided]:
    """What is decided about each; nothing was said about the others, no rule is theirs."""
    stamps = {one.number_id: one.rules_stamp for one in turn if one.rules_stamp is not None}
    books = rules_query.books(stamps) if stamps else {}
    _hold_budgets(books.values())
    known = facts_query.background(
        {one.conversation_id: one.message_id for one in turn},
        turn[0].at,
        books,
        {one.armed_id for one in turn if one.armed_id},
    )
    spent: Counter[int] = Counter()
    decided = []
    for one in turn:
        book = books.get(one.number_id, _NO_RULES)
        found = _of(one, known, book, spent)
        spent.update(reply.rule_id for reply in found.decision.replies)
        if book.rules or found.decision.consent or one.conversation_id in known.armed:
            decided.append(found)
    return decided


def _hold_budgets(books: Iterable[Rulebook]) -> None:
    """A daily budget is spent by one process at a time."""
    limited = [
        rule.id for book in books for rule in book.rules if rule.definition.daily_budget is not None
    ]
    if limited:
        held = select(Rule.id).where(Rule.id.in_(limited)).order_by(Rule.id)
        db.session.execute(held.with_for_update(key_share=True))


def _of(one: Received, known: Background, book: Rulebook, spent: Counter[int]) -> Decided:
    there, facts = known.conversations[one.conversation_id], known.facts[one.conversation_id]
    facts = replace(facts, late=one.late, spent=Counter(facts.spent) + spent)
    text = Text(one.body, one.files, consent_word(one.answered))
    armed = known.armed.get(one.conversation_id)
    if armed is not None:
        alone = decide(text, facts, _NO_RULES)
        if _may_be_answered(alone, facts):
            return Decided(
                one, there, _behind(alone, book, _ARMED.format(armed.author_name)), armed
            )
    return Decided(one, there, decide(text, facts, book))


def _may_be_answered(decision: Decision, facts: Facts) -> bool:
    """Whether what a program has armed may go out: the holds and caps are those of rules."""
    evidence = loops.evidence(facts.conversation.turns, decision.normalised, facts.at)
    return not (decision.held or facts.opted_out or loops.over_a_cap(evidence))


def _behind(decision: Decision, book: Rulebook, reason: str) -> Decision:
    outcomes = (RuleOutcome(one.id, one.name, Outcome.BEHIND, reason) for one in book.rules)
    return replace(decision, reason=reason, rules=tuple(outcomes))


def _change_consent(decided: Sequence[Decided]) -> set[int]:
    """Do what consent words and rules say; the ids of the conversations that a rule opted out."""

    def saying(word: ConsentWord) -> list[Conversation]:
        return [one.there for one in decided if one.decision.consent is word]

    consent.withdraw(saying(ConsentWord.STOP), "word")
    consent.restore(saying(ConsentWord.START))
    consent.restore([one.there for one in decided if one.does(OptIn)])
    return consent.withdraw([one.there for one in decided if one.does(OptOut)], "rule")


def _reply(one: Decided, opted_out: set[int]) -> outbox.Outgoing | None:
    """The one automatic text that goes out."""
    reply = one.decision.reply
    if one.armed:
        return _outgoing(
            one, one.armed.auto_reply, outbox.Writer(Author.ARMED, one.armed.author_name)
        )
    if one.there.id in opted_out:
        return _confirmation(one, ConsentWord.STOP)
    if one.decision.consent:
        return _confirmation(one, one.decision.consent) if one.decision.confirms else None
    if reply is None:
        return None
    name = one.decision.name_of(reply.rule_id) or ""
    writer = outbox.Writer(Author.RULE, name, rule_id=reply.rule_id)
    later = clock.now() + timedelta(seconds=reply.delay) if reply.delay else None
    return replace(_outgoing(one, reply.text, writer), at=later)


def _confirmation(one: Decided, word: ConsentWord) -> outbox.Outgoing:
    words = consent.confirmation(word, one.there.number.name)
    return _outgoing(one, words, outbox.Writer(Author.CONSENT, ""))


def _outgoing(one: Decided, body: str, writer: outbox.Writer) -> outbox.Outgoing:
    return outbox.Outgoing(
        conversation_id=one.text.conversation_id,
        number=one.there.number,
        body=body,
        writer=writer,
        patience=outbox.RULE_PATIENCE,
        answers_id=one.text.message_id,
    )


def _carry_out(decided: Sequence[Decided]) -> None:
    """What is to be done beside texting."""
    automation.pause(
        [
            automation.Pause(one.there, one.decision.reason, one.text.message_id)
            for one in decided
            if one.decision.pauses
        ]
    )
    tasks = [task for one in decided for task in _tasks(one)]
    rule_actions.carry_out(tasks, decided[0].text.at if decided else clock.now())
    _calm(decided)


def _tasks(one: Decided) -> Iterable[Task]:
    for planned in one.decision.actions:
        name = one.decision.name_of(planned.rule_id) or ""
        yield Task(one.text.ids, one.there, planned.rule_id, name, planned.action, planned.shadow)


def _calm(decided: Sequence[Decided]) -> None:
    """Texts that need nobody are not unread; an answer that counts as one leaves nothing so."""
    for one in decided:
        if one.decision.counts_as_response:
            one.there.unread = 0
        elif one.decision.quiet:
            one.there.unread = max(0, one.there.unread - 1)
    calm = [one for one in decided if one.decision.quiet or one.decision.counts_as_response]
    db.session.flush()
    emit_all(ConversationRead.of(one.there) for one in calm)
