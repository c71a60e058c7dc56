"""What answers by itself: consent words first, for they are law, then the reply that a program has
armed for this text, then the rules of the number.

Runs inside the transaction that stores the texts, in a savepoint: a rule that breaks never loses a
text. All texts of a batch are answered at once, and one by one only after that failed. At most one
automatic reply per text; the database refuses a second. What is to be done says `rules.decide`, the
same that the try-out box and the backtest ask; here it is done and written down.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from smsinbox.core.database import attempt, db
from smsinbox.core.failpoints import failpoint
from smsinbox.core.phones import Kind
from smsinbox.core.words import consent_word
from smsinbox.models.rule import Rule
from smsinbox.queries import facts as facts_query
from smsinbox.queries import rules as rules_query
from smsinbox.queries.facts import Background
from smsinbox.rules import loops
from smsinbox.rules.decide import LATEST, decide
from smsinbox.rules.decision import Decision, Outcome, RuleOutcome
from smsinbox.rules.facts import Facts, Text
from smsinbox.rules.rulebook import Rulebook
from smsinbox.services import answering, decisions
from smsinbox.services.answering import Decided, Received
from smsinbox.services.decisions import Made

log = logging.getLogger(__name__)

_ARMED = "“{}” had armed this reply for the contact's next text."
_NO_RULES = Rulebook()
NO_TIME = timedelta(0)


def answer(received: Sequence[Received]) -> None:
    """Let consent words, programs and rules speak about each text."""
    called = [
        one
        for one in received
        if one.rules_stamp is not None
        or (one.contact.kind is Kind.PERSON and (one.armed_id or _has_consent_word(one)))
    ]
    for turn in _turns(called):
        _answer_safely(turn)


def _has_consent_word(one: Received) -> bool:
    """One of those that always count; where others were added, no text gets by unheard."""
    return bool(consent_word(one.answered) or consent_word(one.body))


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
    everything = _decided(turn)
    answering.carry_out([one for one in everything if not one.is_idle], turn[0].at)
    made = [
        Made(one.text.ids, one.place.contact_id, one.decision, one.book, bool(one.armed))
        for one in everything
    ]
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
    place, facts = known.places[one.conversation_id], known.facts[one.conversation_id]
    if one.late > LATEST or spent:
        facts = replace(facts, late=one.late, spent=Counter(facts.spent) + spent)
    text = Text(one.body, one.files, consent_word(one.answered) if one.answered else None)
    armed = known.armed.get(one.conversation_id)
    if armed is not None:
        alone = decide(text, facts, _NO_RULES)
        if _may_be_answered(alone, facts):
            behind = _behind(alone, book, _ARMED.format(armed.author_name))
            return Decided(one, place, book, behind, armed)
    return Decided(one, place, book, decide(text, facts, book))


def _may_be_answered(decision: Decision, facts: Facts) -> bool:
    """Whether what a program has armed may go out: the holds and caps are those of rules."""
    evidence = loops.evidence(facts.conversation.turns, decision.normalised, facts.at)
    return not (decision.held or facts.opted_out or loops.over_a_cap(evidence))


def _behind(decision: Decision, book: Rulebook, reason: str) -> Decision:
    outcomes = (RuleOutcome(one.id, one.name, Outcome.BEHIND, reason) for one in book.rules)
    return replace(decision, reason=reason, rules=tuple(outcomes))
