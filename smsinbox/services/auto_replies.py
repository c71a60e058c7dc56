"""What answers by itself: consent words first, for they are law, then the rules of the number.

Runs inside the transaction that stores the text, each text in a savepoint of its own: a rule that
breaks never loses a text. At most one automatic reply per text; the database refuses a second.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, func, select

from smsinbox.core import clock
from smsinbox.core.database import attempt, db
from smsinbox.core.failpoints import failpoint
from smsinbox.core.phones import Address, Kind
from smsinbox.core.text import normalise
from smsinbox.core.words import ConsentWord, consent_word
from smsinbox.models.conversation import Conversation
from smsinbox.models.decision import Decision
from smsinbox.models.message import Author, Direction, Message
from smsinbox.models.number import Number
from smsinbox.models.rule import Rule
from smsinbox.queries import messages as message_queries
from smsinbox.services import consent, outbox

log = logging.getLogger(__name__)

_RULES = (
    select(Rule)
    .where(Rule.number_id.in_(bindparam("numbers", expanding=True)), Rule.enabled)
    .order_by(Rule.position, Rule.id)
)
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


def answer(received: list[Received]) -> None:
    """Let consent words and rules speak about each text."""
    people = [one for one in received if one.contact.kind is Kind.PERSON]
    rules = _enabled_rules({one.number_id for one in people if one.has_rules})
    for one in people:
        word = consent_word(one.answered) or consent_word(one.body)
        rule = None if word else decide(one.body, rules[one.number_id])
        if word or rule:
            _answer_safely(one, word, rule)


def decide(body: str, rules: Iterable[Rule]) -> Rule | None:
    """The first rule, in their order, that matches the text."""
    normalised = normalise(body)
    return next((rule for rule in rules if rule.matches(normalised)), None)


def _enabled_rules(number_ids: set[int]) -> dict[int, list[Rule]]:
    rules: dict[int, list[Rule]] = defaultdict(list)
    if not number_ids:
        return rules
    for rule in db.session.scalars(_RULES, {"numbers": sorted(number_ids)}):
        rules[rule.number_id].append(rule)
    return rules


def _answer_safely(one: Received, word: ConsentWord | None, rule: Rule | None) -> None:
    rule_id = rule.id if rule else None
    try:
        with attempt():
            failpoint("rules.answer")
            outcome, reason = _consent(one, word) if word else _rule(one, rule)
            _record(one, rule_id, outcome, reason)
    except Exception:
        # Whatever broke, the text itself must be kept; the decision says that nothing was sent.
        log.exception("answering failed", extra={"message_id": one.message_id})
        _record(one, rule_id, "failed", "Answering failed inside smsinbox; nothing was sent.")


def _record(one: Received, rule_id: int | None, outcome: str, reason: str) -> None:
    db.session.add(
        Decision(
            message_id=one.message_id,
            rule_id=rule_id,
            outcome=outcome,
            reason=reason,
            at=clock.now(),
        )
    )
    db.session.flush()


def _consent(one: Received, word: ConsentWord) -> tuple[str, str]:
    conversation = db.session.get_one(Conversation, one.conversation_id)
    if _is_ours(one.contact):
        return "held", "It came from a number of ours."
    confirmation = consent.apply(word, conversation)
    if confirmation is None:
        return word.value, "They had said so before; no second confirmation."
    if one.answered:
        return word.value, "The carrier has confirmed it already."
    _queue(one, conversation, confirmation, Author.CONSENT, None)
    return word.value, f"A whole text that says {word.value.upper()}."


def _rule(one: Received, rule: Rule | None) -> tuple[str, str]:
    assert rule is not None
    conversation = db.session.get_one(Conversation, one.conversation_id)
    held = _reason_to_hold(one, conversation)
    if held:
        return "held", held
    _queue(one, conversation, rule.reply, Author.RULE, rule)
    return "replied", f"The text is one of the keywords of “{rule.name}”."


def _reason_to_hold(one: Received, conversation: Conversation) -> str | None:
    if _is_ours(one.contact):
        return "It came from a number of ours."
    if message_queries.opted_out(conversation):
        return "The contact opted out."
    hour = clock.now() - timedelta(hours=1)
    sent = list(
        db.session.scalars(
            select(Message)
            .where(
                Message.conversation_id == conversation.id,
                Message.direction == Direction.OUTBOUND.value,
                Message.created_at > hour,
            )
            .limit(200)
        )
    )
    if sum(message.is_automatic for message in sent) >= MOST_PER_HOUR:
        return f"Already {MOST_PER_HOUR} automatic texts within an hour."
    if any(message.body == one.body for message in sent):
        return "It repeats a text of ours: an echo, not a question."
    return None


def _is_ours(contact: Address) -> bool:
    query = select(func.count()).select_from(Number).where(Number.phone == contact.value)
    return bool(db.session.scalar(query))


def _queue(
    one: Received, conversation: Conversation, body: str, author: Author, rule: Rule | None
) -> Message:
    return outbox.queue(
        conversation,
        body,
        outbox.Writer(author, rule.name if rule else "", rule_id=rule.id if rule else None),
        answers_id=one.message_id,
        within=outbox.RULE_PATIENCE,
    )
