"""Keyword rules: written, changed, switched, moved and deleted. Enabled ones never overlap."""

from typing import Any

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.core.text import clean, normalise
from smsinbox.core.words import consent_word
from smsinbox.models.api_key import ApiKey
from smsinbox.models.number import Number
from smsinbox.models.rule import Rule
from smsinbox.models.user import User
from smsinbox.queries import rules as rules_query
from smsinbox.rules.decision import Mode
from smsinbox.rules.definition import definition
from smsinbox.services.authority import must_administer
from smsinbox.services.typed import line

MOST_KEYWORDS = 20
LONGEST_KEYWORD = 60
LONGEST_REPLY = 1600

By = User | ApiKey | None


@atomic
def create(number_id: int, keywords: list[str], reply: str, by: By, name: str = "") -> Rule:
    """Add a rule, switched on, behind the others of its number."""
    must_administer(by)
    others = _of_number(number_id)
    words = _keywords(keywords)
    _refuse_taken(words, others)
    rule = Rule(
        number_id=number_id,
        name=_name(name, words),
        position=len(others),
        mode=Mode.ON.value,
        definition=_definition(words, reply),
        created_at=clock.now(),
    )
    db.session.add(rule)
    db.session.flush()
    return rule


@atomic
def edit(rule_id: int, keywords: list[str], reply: str, name: str, by: By) -> Rule:
    """Change what a rule listens to and answers; its place and switch stay."""
    must_administer(by)
    rule, others = _rule_and_others(rule_id)
    words = _keywords(keywords)
    if rule.enabled:
        _refuse_taken(words, others)
    rule.definition, rule.name = _definition(words, reply), _name(name, words)
    return rule


@atomic
def switch(rule_id: int, enabled: bool, by: By) -> Rule:
    """Switch a rule on or off; on only while no other enabled rule has its keywords."""
    must_administer(by)
    rule, others = _rule_and_others(rule_id)
    if enabled and not rule.enabled:
        _refuse_taken(rule.keywords, others)
    rule.mode = (Mode.ON if enabled else Mode.OFF).value
    return rule


@atomic
def move(rule_id: int, up: bool, by: By) -> Rule:
    """Change places with the neighbour; at the end of the list nothing happens."""
    must_administer(by)
    rule, others = _rule_and_others(rule_id)
    at = sum(other.position < rule.position for other in others) + (-1 if up else 1)
    at = max(0, min(at, len(others)))
    _number_densely([*others[:at], rule, *others[at:]])
    return rule


@atomic
def delete(rule_id: int, by: By) -> None:
    """Remove a rule; texts that it wrote stay and keep its name."""
    must_administer(by)
    rule, others = _rule_and_others(rule_id)
    db.session.delete(rule)
    _number_densely(others)


def _of_number(number_id: int) -> list[Rule]:
    """The number's rules, which nobody else changes before we commit."""
    locked = select(Number.id).where(Number.id == number_id).with_for_update(key_share=True)
    if db.session.scalar(locked) is None:
        raise NotFound
    return rules_query.of_number(number_id)


def _rule_and_others(rule_id: int) -> tuple[Rule, list[Rule]]:
    rules = _of_number(rules_query.found(rule_id).number_id or 0)
    rule = next((rule for rule in rules if rule.id == rule_id), None)
    if rule is None:
        raise NotFound
    return rule, [other for other in rules if other is not rule]


def _keywords(typed: list[str]) -> list[str]:
    """The keywords as written, each meaning once; raises Invalid."""
    meanings: dict[str, str] = {}
    for text in typed:
        word = line(text, "keywords", LONGEST_KEYWORD)
        if word:
            meanings.setdefault(_meaning(word), word)
    if not meanings:
        raise Invalid("Write at least one keyword.", "keywords")
    if len(meanings) > MOST_KEYWORDS:
        raise Invalid(f"A rule has at most {MOST_KEYWORDS} keywords.", "keywords")
    return list(meanings.values())


def _meaning(word: str) -> str:
    meaning = normalise(word)
    if not meaning:
        raise Invalid(f"“{word}” has no letter, digit or emoji to compare.", "keywords")
    consent = consent_word(word)
    if consent:
        raise Invalid(
            f"“{word}” is a {consent.upper()} word: the law says what it does, "
            "so no rule can answer it.",
            "keywords",
        )
    return meaning


def _refuse_taken(keywords: list[str], others: list[Rule]) -> None:
    taken = {normalise(word): rule for rule in others if rule.enabled for word in rule.keywords}
    for word in keywords:
        rule = taken.get(normalise(word))
        if rule:
            raise Invalid(
                f"“{word}” is already answered by the rule “{rule.name}”. "
                "Use another word, or switch that rule off first.",
                "keywords",
            )


def _definition(words: list[str], reply: str) -> dict[str, Any]:
    raw = {"match": {"type": "exact", "terms": words}, "cooldown": "none", "human_grace": 0}
    return definition(raw | {"reply": _reply(reply)}).json_ready()


def _reply(text: str) -> str:
    reply = clean(text).replace("\r\n", "\n").strip()
    if not reply:
        raise Invalid("Write the reply.", "reply")
    if len(reply) > LONGEST_REPLY:
        raise Invalid(f"A reply has at most {LONGEST_REPLY:,} characters.", "reply")
    return reply


def _name(name: str, words: list[str]) -> str:
    return line(name, "name", 80) or words[0]


def _number_densely(rules: list[Rule]) -> None:
    for position, rule in enumerate(rules):
        rule.position = position
