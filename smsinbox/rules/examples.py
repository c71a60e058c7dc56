"""The tests that admins wrote into their rules: what fails is told, and nothing is sent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from smsinbox.core.i18n import _
from smsinbox.rules import moments
from smsinbox.rules.calendar import Hours
from smsinbox.rules.conditions import zone_of
from smsinbox.rules.decide import decide
from smsinbox.rules.decision import Mode
from smsinbox.rules.definition import Example
from smsinbox.rules.facts import Contact, Facts, Number, Text
from smsinbox.rules.rulebook import Rule, Rulebook


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that came out otherwise."""

    rule_id: int
    example: Example
    words: str


def failures(
    rules: Iterable[Rule], number: Number, calendars: Mapping[str, Hours], now: datetime
) -> tuple[Failure, ...]:
    """All that do not hold among the rules of a number.

    Each is asked of a contact who has never been answered; a rule with examples is taken to be on,
    for it may be about to be.
    """
    every = tuple(rules)
    known = Facts(now, number=number, calendars=calendars)
    return tuple(failure for rule in every for failure in _of(rule, every, known))


def _of(rule: Rule, every: tuple[Rule, ...], known: Facts) -> Iterator[Failure]:
    if not rule.definition.tests:
        return
    book = Rulebook(replace(one, mode=Mode.ON) if one is rule else one for one in every)
    for example in rule.definition.tests:
        got = _winner(rule, example, book, known)
        if got != example.expect:
            yield Failure(
                rule.id,
                example,
                _(
                    "“%(text)s” should be answered by %(expected)s, but is by %(other)s.",
                    text=example.text,
                    expected=_named(example.expect),
                    other=_named(got),
                ),
            )


def _winner(rule: Rule, example: Example, book: Rulebook, known: Facts) -> str | None:
    at = known.at
    if example.at is not None:
        at = moments.instant(example.at, zone_of(rule.definition, known), at)
    given = replace(known, at=at, contact=Contact(new=example.contact == "new"))
    decision = decide(Text(example.text, files=int(not example.text)), given, book)
    return decision.name_of(decision.winner)


def _named(name: str | None) -> str:
    return _("no rule") if name is None else _("“%(name)s”", name=name)
