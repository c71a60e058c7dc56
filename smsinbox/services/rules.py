"""Rules: written, changed, switched, put in order, copied and deleted by admins.

Two rules for the same texts are no mistake: the first in line answers, and pages show who loses to
whom (`rules.overlaps`). What each process has of them is out of date with the commit.
"""

from typing import Any

from sqlalchemy import func, select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.core.i18n import _
from smsinbox.models.api_key import ApiKey
from smsinbox.models.number import Number
from smsinbox.models.rule import Rule
from smsinbox.models.user import User
from smsinbox.queries import calendars, facts
from smsinbox.queries import rules as rules_query
from smsinbox.rules.decision import Mode
from smsinbox.rules.definition import Definition
from smsinbox.rules.definition import definition as read
from smsinbox.rules.examples import failures
from smsinbox.rules.facts import Facts
from smsinbox.rules.rulebook import MOST_RULES
from smsinbox.services.authority import must_administer
from smsinbox.services.typed import line

By = User | ApiKey | None

LONGEST_NAME = 80


@atomic
def create(
    number_id: int | None, name: str, definition: dict[str, Any], by: By, mode: Mode = Mode.OFF
) -> Rule:
    """Add a rule behind the others of its number, or with None behind those of all numbers."""
    must_administer(by)
    others = _held(number_id)
    rule = Rule(
        number_id=number_id,
        name=_name(name, others),
        position=max((other.position for other in others), default=-1) + 1,
        mode=mode.value,
        definition=_read(definition, number_id).json_ready(),
        created_at=clock.now(),
    )
    _refuse_too_many(number_id)
    db.session.add(rule)
    db.session.flush()
    _refuse_failing(rule)
    return rule


@atomic
def edit(rule_id: int, name: str, definition: dict[str, Any], by: By) -> Rule:
    """Another name, another definition; its place and switch stay. One that is on must pass its
    own tests."""
    must_administer(by)
    rule, others = _rule_and_others(rule_id)
    rule.name = _name(name, others)
    rule.definition = _read(definition, rule.number_id).json_ready()
    _refuse_failing(rule)
    return rule


@atomic
def switch(rule_id: int, mode: Mode, by: By) -> Rule:
    """Off, in shadow, or on; nobody switches on a rule that fails a test of its own."""
    must_administer(by)
    rule, _ = _rule_and_others(rule_id)
    rule.mode = mode.value
    _refuse_failing(rule)
    return rule


@atomic
def place(rule_id: int, position: int, by: By, seen_on: int | None = None) -> int:
    """Put it at this place of the list that the page of the number `seen_on` shows, those of all
    numbers included; beyond the end is the end. Returns the place, counted from 0.

    A rule of all numbers moves on each of them; how the others stand to one another stays.
    """
    must_administer(by)
    _held(None)
    rule = rules_query.found(rule_id)
    listed = rules_query.listed(rule.number_id or seen_on)
    others = [other for other in listed if other is not rule]
    at = max(0, min(position, len(others)))
    if listed.index(rule) != at:
        _put_between(rule, others[at - 1] if at else None, next(iter(others[at:]), None))
    return at


@atomic
def copy(rule_id: int, by: By) -> Rule:
    """The same again right behind it, switched off, for somebody to change."""
    must_administer(by)
    _held(None)
    rule = rules_query.found(rule_id)
    listed = rules_query.listed(rule.number_id)
    _refuse_too_many(rule.number_id)
    taken = {other.name for other in listed if other.number_id == rule.number_id}
    twin = Rule(
        number_id=rule.number_id,
        name=_free(rule.name, taken),
        mode=Mode.OFF.value,
        definition=dict(rule.definition),
        created_at=clock.now(),
    )
    _put_between(twin, rule, next(iter(listed[listed.index(rule) + 1 :]), None))
    db.session.add(twin)
    db.session.flush()
    return twin


@atomic
def delete(rule_id: int, by: By) -> None:
    """Remove a rule; texts that it wrote stay and keep its name."""
    must_administer(by)
    rule, _ = _rule_and_others(rule_id)
    db.session.delete(rule)


def _read(definition: dict[str, Any], number_id: int | None) -> Definition:
    wanted = read(definition)
    if wanted.numbers and number_id is not None:
        raise Invalid(_("Only a rule of all numbers can name some of them."), "numbers")
    return wanted


def _held(number_id: int | None) -> list[Rule]:
    """The rules beside which this one stands, which nobody else changes before we commit."""
    numbers = select(Number.id).order_by(Number.id).with_for_update(key_share=True)
    if number_id is not None:
        numbers = numbers.where(Number.id == number_id)
    if not db.session.scalars(numbers).all() and number_id is not None:
        raise NotFound
    return rules_query.own(number_id)


def _rule_and_others(rule_id: int) -> tuple[Rule, list[Rule]]:
    rules = _held(rules_query.found(rule_id).number_id)
    rule = next((rule for rule in rules if rule.id == rule_id), None)
    if rule is None:
        raise NotFound
    return rule, [other for other in rules if other is not rule]


def _refuse_too_many(number_id: int | None) -> None:
    """No number is answered by more than can be looked at for every text."""
    of_all = db.session.scalar(_COUNT.where(Rule.number_id.is_(None))) or 0
    own = _COUNT.group_by(Rule.number_id).where(Rule.number_id.is_not(None))
    if number_id is not None:
        own = own.where(Rule.number_id == number_id)
    most = max(db.session.scalars(own), default=0)
    if of_all + most >= MOST_RULES:
        raise Invalid(
            _(
                "A number has at most %(most)s rules, those of all numbers "
                "included. Delete one that is not needed any more.",
                most=MOST_RULES,
            )
        )


def _refuse_failing(rule: Rule) -> None:
    """One that answers must do what its own tests say, beside all that answers there."""
    if rule.mode != Mode.ON or not rule.definition.get("tests"):
        return
    beside = rules_query.ready(rules_query.listed(rule.number_id))
    now = clock.now()
    about = (
        facts.stand_in(rule.number_id, now, False).number if rule.number_id else Facts(now).number
    )
    for one in failures(beside, about, calendars.hours(), now):
        if one.rule_id == rule.id:
            raise Invalid(
                _("It cannot be on, for a test of its own fails. %(what)s", what=one.words), "tests"
            )


_COUNT = select(func.count()).select_from(Rule)


def _name(typed: str, others: list[Rule]) -> str:
    name = line(typed, "name", LONGEST_NAME, _("Give the rule a name."))
    if any(other.name == name for other in others):
        raise Invalid(
            _("There is a rule “%(name)s” already: choose another name.", name=name), "name"
        )
    return name


def _free(name: str, taken: set[str]) -> str:
    tries = (f"{name[: LONGEST_NAME - 9]} ({n})" for n in range(2, MOST_RULES + 3))
    return next(one for one in tries if one not in taken)


def _put_between(rule: Rule, ahead: Rule | None, behind: Rule | None) -> None:
    """Give it a position after `ahead` and before `behind`, and no other rule another one, unless
    there is no room between them. Of two in one place the number's own stands before that of all
    numbers."""
    lowest, highest = _room(rule, ahead, behind)
    if lowest is not None and highest is not None and lowest > highest:
        _spread()
        lowest, highest = _room(rule, ahead, behind)
    if lowest is None or highest is None:
        rule.position = lowest if lowest is not None else highest or 0
    else:
        rule.position = (lowest + highest) // 2


def _room(rule: Rule, ahead: Rule | None, behind: Rule | None) -> tuple[int | None, int | None]:
    """The least and the greatest position that it may have."""
    lowest = highest = None
    if ahead:
        lowest = ahead.position + (ahead.number_id is None or rule.number_id is not None)
    if behind:
        highest = behind.position - (behind.number_id is not None or rule.number_id is None)
    return lowest, highest


def _spread() -> None:
    """Make room between all positions that there are; nobody stands elsewhere than before."""
    for place, rule in enumerate(rules_query.every()):
        rule.position = place * _APART


_APART = 1000
