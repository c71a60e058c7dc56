"""What answers by itself: consent words first, for they are law, then the reply that a program has
armed for this text, then the rules of the number.

Runs inside the transaction that stores the texts, in a savepoint: a rule that breaks never loses a
text. All texts of a batch are answered at once, and one by one only after that failed. At most one
automatic reply per text; the database refuses a second.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from smsinbox.core import clock
from smsinbox.core.database import attempt, db
from smsinbox.core.failpoints import failpoint
from smsinbox.core.phones import Address, Kind
from smsinbox.core.text import normalise
from smsinbox.core.words import ConsentWord, consent_word
from smsinbox.models.consent_event import ConsentSource
from smsinbox.models.conversation import Conversation
from smsinbox.models.decision import Decision
from smsinbox.models.inbox import Inbox
from smsinbox.models.message import Author, Message
from smsinbox.models.number import Number
from smsinbox.models.rule import Rule
from smsinbox.queries.consent_words import additions
from smsinbox.queries.inbox import inbox
from smsinbox.queries.standing import Standing, enabled_rules, standing
from smsinbox.services import armed_replies, consent, outbox

log = logging.getLogger(__name__)

_ARMED = "“{}” had armed this reply for the contact's next text."
MOST_PER_HOUR = 6  # automatic texts to one conversation: two machines must not talk for ever


@dataclass(frozen=True, slots=True)
class Received:
    """One text that has just been stored."""

    message_id: int
    conversation_id: int
    number_id: int
    has_rules: bool  # or consent words were added; most have none, and none are looked for
    contact: Address
    body: str
    answered: str = ""  # the consent word that the carrier has answered already
    armed_id: int | None = None  # the text whose reply may be armed


class _Called(NamedTuple):
    """A text, and what has something to say about it; a Message that was armed for it, at last."""

    text: Received
    says: ConsentWord | Message | Rule | None


class _Decided(NamedTuple):
    """What comes of it; with no reply nothing is sent."""

    outcome: str
    reason: str
    reply: str | None = None


def answer(received: list[Received]) -> None:
    """Let consent words and rules speak about each text."""
    people = [one for one in received if one.contact.kind is Kind.PERSON]
    asked = {one.number_id for one in people if one.has_rules}
    rules, added = enabled_rules(asked), additions(asked)
    called = []
    for one in people:
        says = consent_word(one.answered) or consent_word(one.body, added.get(one.number_id, {}))
        found = says or decide(one.body, rules[one.number_id])
        if found or one.armed_id:
            called.append(_Called(one, found))
    for turn in _turns(called):
        _answer_safely(turn)


def decide(body: str, rules: Iterable[Rule]) -> Rule | None:
    """The first rule, in their order, that matches the text."""
    normalised = normalise(body)
    return next((rule for rule in rules if rule.matches(normalised)), None)


def _turns(called: list[_Called]) -> list[list[_Called]]:
    """Every conversation once a turn: its next text is judged by what this one has changed."""
    seen: Counter[int] = Counter()
    turns: list[list[_Called]] = []
    for one in called:
        turn = seen[one.text.conversation_id]
        seen[one.text.conversation_id] += 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(one)
    return turns


def _answer_safely(turn: list[_Called]) -> None:
    try:
        with attempt():
            _answer(turn)
    except Exception:
        if len(turn) > 1:
            for one in turn:
                _answer_safely([one])
            return
        # Whatever broke, the text itself must be kept; the decision says that nothing was sent.
        log.exception("answering failed", extra={"message_id": turn[0].text.message_id})
        failed = _Decided("failed", "Answering failed inside smsinbox; nothing was sent.")
        _record(turn, [failed])


def _answer(turn: list[_Called]) -> None:
    failpoint("rules.answer")
    facts = standing(
        {one.text.conversation_id for one in turn},
        {one.text.contact.value for one in turn},
        {one.text.armed_id for one in turn if one.text.armed_id},
    )
    turn = [one for one in map(partial(_with_armed, facts), turn) if one.says]
    changed = _apply(turn, facts)
    us = inbox() if any(isinstance(one.says, ConsentWord) for one in turn) else None
    decided = [_decided(one, facts, changed, us) for one in turn]
    said = [(one, what.reply) for one, what in zip(turn, decided, strict=True) if what.reply]
    outbox.queue(
        [
            _outgoing(one, facts.conversations[one.text.conversation_id].number, reply)
            for one, reply in said
        ]
    )
    armed_replies.fire([one.says for one, _ in said if isinstance(one.says, Message)])
    _record(turn, decided)


def _with_armed(facts: Standing, one: _Called) -> _Called:
    """What is armed in the conversation now comes before a rule, never before a consent word."""
    if isinstance(one.says, ConsentWord):
        return one
    return one._replace(says=facts.armed.get(one.text.conversation_id) or one.says)


def _apply(turn: list[_Called], facts: Standing) -> set[int]:
    """Do what the consent words say; the ids of the conversations where that changed something."""

    said = {
        one.text.conversation_id: consent.Said(one.text.body, one.text.message_id) for one in turn
    }

    def saying(word: ConsentWord) -> list[Conversation]:
        return [
            facts.conversations[one.text.conversation_id]
            for one in turn
            if one.says is word and one.text.contact.value not in facts.ours
        ]

    stopped = consent.withdraw(saying(ConsentWord.STOP), ConsentSource.WORD, said)
    return stopped | consent.restore(saying(ConsentWord.START), ConsentSource.WORD, said)


def _decided(one: _Called, facts: Standing, changed: set[int], us: Inbox | None) -> _Decided:
    if isinstance(one.says, ConsentWord):
        return _consent(one.text, one.says, facts, changed, us)
    if held := _reason_to_hold(one.text, facts):
        return _Decided("held", held)
    if isinstance(one.says, Message):
        return _Decided("replied", _ARMED.format(one.says.author_name), one.says.auto_reply)
    assert one.says
    reason = f"The text is one of the keywords of “{one.says.name}”."
    return _Decided("replied", reason, one.says.reply)


def _consent(
    one: Received, word: ConsentWord, facts: Standing, changed: set[int], us: Inbox | None
) -> _Decided:
    if one.contact.value in facts.ours:
        return _Decided("held", "It came from a number of ours.")
    if word is not ConsentWord.HELP and one.conversation_id not in changed:
        return _Decided(word.value, "They had said so before; no second confirmation.")
    if one.answered:
        return _Decided(word.value, "The carrier has confirmed it already.")
    name = facts.conversations[one.conversation_id].number.name
    confirmation = consent.confirmation(word, name, us)
    return _Decided(word.value, f"A whole text that says {word.value.upper()}.", confirmation)


def _reason_to_hold(one: Received, facts: Standing) -> str | None:
    if one.contact.value in facts.ours:
        return "It came from a number of ours."
    if one.conversation_id in facts.opted_out:
        return "The contact opted out."
    sent = facts.sent[one.conversation_id]
    if sum(text.is_automatic for text in sent) >= MOST_PER_HOUR:
        return f"Already {MOST_PER_HOUR} automatic texts within an hour."
    if any(text.body == one.body for text in sent):
        return "It repeats a text of ours: an echo, not a question."
    return None


def _outgoing(one: _Called, number: Number, reply: str) -> outbox.Outgoing:
    return outbox.Outgoing(
        conversation_id=one.text.conversation_id,
        number=number,
        body=reply,
        writer=_writer(one.says),
        patience=outbox.RULE_PATIENCE,
        answers_id=one.text.message_id,
    )


def _writer(says: ConsentWord | Message | Rule | None) -> outbox.Writer:
    match says:
        case Rule():
            return outbox.Writer(Author.RULE, says.name, rule_id=says.id)
        case Message():
            return outbox.Writer(Author.ARMED, says.author_name)
        case _:
            return outbox.Writer(Author.CONSENT, "")


def _record(turn: Sequence[_Called], decided: Sequence[_Decided]) -> None:
    now = clock.now()
    db.session.add_all(
        Decision(
            message_id=one.text.message_id,
            rule_id=one.says.id if isinstance(one.says, Rule) else None,
            outcome=said.outcome,
            reason=said.reason,
            at=now,
        )
        for one, said in zip(turn, decided, strict=True)
    )
    db.session.flush()
