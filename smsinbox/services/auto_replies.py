"""What answers by itself: consent words first, for they are law, then the rules of the number.

Runs inside the transaction that stores the texts, in a savepoint: a rule that breaks never loses a
text. All texts of a batch are answered at once, and one by one only after that failed. At most one
automatic reply per text; the database refuses a second.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from smsinbox.core import clock
from smsinbox.core.database import attempt, db
from smsinbox.core.failpoints import failpoint
from smsinbox.core.phones import Address, Kind
from smsinbox.core.text import normalise
from smsinbox.core.words import ConsentWord, consent_word
from smsinbox.models.conversation import Conversation
from smsinbox.models.decision import Decision
from smsinbox.models.message import Author
from smsinbox.models.number import Number
from smsinbox.models.rule import Rule
from smsinbox.queries.standing import Standing, enabled_rules, standing
from smsinbox.services import consent, outbox

log = logging.getLogger(__name__)

MOST_PER_HOUR = 6  # automatic texts to one conversation: two machines must not talk for ever


@dataclass(frozen=True, slots=True)
class Received:
    """One text that has just been stored."""

    message_id: int
    conversation_id: int
    number_id: int
    has_rules: bool  # most numbers have none, and then none are looked for
    contact: Address
    body: str
    answered: str = ""  # the consent word that the carrier has answered already


class _Called(NamedTuple):
    """A text, and what has something to say about it: a consent word or else a rule."""

    text: Received
    says: ConsentWord | Rule


class _Decided(NamedTuple):
    """What comes of it; with no reply nothing is sent."""

    outcome: str
    reason: str
    reply: str | None = None


def answer(received: list[Received]) -> None:
    """Let consent words and rules speak about each text."""
    people = [one for one in received if one.contact.kind is Kind.PERSON]
    rules = enabled_rules({one.number_id for one in people if one.has_rules})
    called = []
    for one in people:
        says = consent_word(one.answered) or consent_word(one.body)
        if found := says or decide(one.body, rules[one.number_id]):
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
        {one.text.conversation_id for one in turn}, {one.text.contact.value for one in turn}
    )
    changed = _apply(turn, facts)
    decided = [
        _rule(one.text, one.says, facts)
        if isinstance(one.says, Rule)
        else _consent(one.text, one.says, facts, changed)
        for one in turn
    ]
    outbox.queue(
        [
            _outgoing(one, facts.conversations[one.text.conversation_id].number, said.reply)
            for one, said in zip(turn, decided, strict=True)
            if said.reply is not None
        ]
    )
    _record(turn, decided)


def _apply(turn: list[_Called], facts: Standing) -> set[int]:
    """Do what the consent words say; the ids of the conversations where that changed something."""

    def saying(word: ConsentWord) -> list[Conversation]:
        return [
            facts.conversations[one.text.conversation_id]
            for one in turn
            if one.says is word and one.text.contact.value not in facts.ours
        ]

    stopped = consent.withdraw(saying(ConsentWord.STOP), "word")
    return stopped | consent.restore(saying(ConsentWord.START))


def _consent(one: Received, word: ConsentWord, facts: Standing, changed: set[int]) -> _Decided:
    if one.contact.value in facts.ours:
        return _Decided("held", "It came from a number of ours.")
    if word is not ConsentWord.HELP and one.conversation_id not in changed:
        return _Decided(word.value, "They had said so before; no second confirmation.")
    if one.answered:
        return _Decided(word.value, "The carrier has confirmed it already.")
    confirmation = consent.confirmation(word, facts.conversations[one.conversation_id].number.name)
    return _Decided(word.value, f"A whole text that says {word.value.upper()}.", confirmation)


def _rule(one: Received, rule: Rule, facts: Standing) -> _Decided:
    held = _reason_to_hold(one, facts)
    if held:
        return _Decided("held", held)
    return _Decided("replied", f"The text is one of the keywords of “{rule.name}”.", rule.reply)


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
    rule = one.says if isinstance(one.says, Rule) else None
    author = Author.RULE if rule else Author.CONSENT
    return outbox.Outgoing(
        conversation_id=one.text.conversation_id,
        number=number,
        body=reply,
        writer=outbox.Writer(author, rule.name if rule else "", rule_id=rule.id if rule else None),
        patience=outbox.RULE_PATIENCE,
        answers_id=one.text.message_id,
    )


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
