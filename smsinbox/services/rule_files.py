"""The rules of a number as one file: written out, compared, tried and put in force as a whole.

Rules are known by their names. A file whose own tests fail is put in force by nobody.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _
from smsinbox.core.phones import BadAddress, address
from smsinbox.models.number import Number
from smsinbox.models.rule import Rule
from smsinbox.queries import calendars, facts, numbers
from smsinbox.queries import rules as rules_query
from smsinbox.rules import rulebook
from smsinbox.rules.decision import Mode
from smsinbox.rules.definition import definition
from smsinbox.rules.examples import failures
from smsinbox.rules.file import RuleFile, Written, rule_file, written
from smsinbox.services.authority import must_administer
from smsinbox.services.rules import By


@dataclass(frozen=True, slots=True)
class Difference:
    """What putting a file in force does to one rule."""

    mark: str  # + new, - gone, ~ changed, > only moved
    name: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.mark} {self.name}{f': {self.words}' if self.words else ''}"


def export(number: Number) -> dict[str, Any]:
    """The number's own rules, as YAML and JSON hold them; those of all numbers are in no file."""
    rules = [
        written(row.name, Mode(row.mode), definition(row.definition))
        for row in rules_query.own(number.id)
    ]
    return RuleFile(number=number.phone, rules=tuple(rules)).short()


def diff(raw: object) -> list[Difference]:
    """What `apply` would do; raises Invalid for a file that cannot be."""
    number, wanted = _read(raw)
    return _differences(rules_query.own(number.id), wanted)


def test(raw: object) -> list[str]:
    """What fails of the tests in the file; nothing is sent or stored. Raises Invalid."""
    return _failing(*_read(raw))


@atomic
def apply(raw: object, by: By) -> list[Difference]:
    """Make the number's own rules those of the file, all or nothing; raises Invalid when the file
    cannot be, and when one of its tests fails."""
    must_administer(by)
    number, wanted = _read(raw)
    db.session.execute(
        select(Number.id).where(Number.id == number.id).with_for_update(key_share=True)
    )
    if failing := _failing(number, wanted):
        words = _("Nothing was changed, for a test fails. %(first)s", first=failing[0])
        if len(failing) > 1:
            words = _("%(words)s And %(count)s more.", words=words, count=len(failing) - 1)
        raise Invalid(words, "rules.tests")
    rows = rules_query.own(number.id)
    differences = _differences(rows, wanted)
    _put(number, {row.name: row for row in rows}, wanted)
    return differences


def _put(number: Number, rows: dict[str, Rule], wanted: RuleFile) -> None:
    for name in rows.keys() - {rule.name for rule in wanted.rules}:
        db.session.delete(rows[name])
    position = min((row.position for row in rows.values()), default=0) - 1
    for rule in wanted.rules:
        row = rows.get(rule.name)
        if row is None:
            row = Rule(number_id=number.id, name=rule.name, created_at=clock.now(), position=0)
            db.session.add(row)
        position = row.position = max(row.position, position + 1)
        row.mode = rule.mode.value
        row.definition = rule.definition.json_ready()
    db.session.flush()


def _read(raw: object) -> tuple[Number, RuleFile]:
    wanted = rule_file(raw)
    try:
        number = numbers.by_phone(address(wanted.number).value)
    except BadAddress as error:
        raise Invalid(str(error), "number") from None
    if number is None:
        raise Invalid(_("%(number)s is not one of our numbers.", number=wanted.number), "number")
    if any(rule.numbers for rule in wanted.rules):
        raise Invalid(_("The file is of one number, so its rules name none."), "rules.numbers")
    everywhere = len(rules_query.own(None))
    if len(wanted.rules) + everywhere > rulebook.MOST_RULES:
        raise Invalid(_("A number has at most %(most)s rules.", most=rulebook.MOST_RULES), "rules")
    return number, wanted


def _differences(rows: list[Rule], wanted: RuleFile) -> list[Difference]:
    known = {row.name: (place, row) for place, row in enumerate(rows)}
    found = []
    for place, rule in enumerate(wanted.rules):
        if rule.name not in known:
            found.append(Difference("+", rule.name, rule.mode.value))
            continue
        before, row = known.pop(rule.name)
        changed = ", ".join(_changed(row, rule))
        if changed:
            found.append(Difference("~", rule.name, changed))
        elif before != place:
            found.append(Difference(">", rule.name, f"place {before + 1} to {place + 1}"))
    return found + [Difference("-", name) for name in known]


def _changed(row: Rule, rule: Written) -> list[str]:
    """The fields in which they differ."""
    before = written(row.name, Mode(row.mode), definition(row.definition)).json_ready()
    after = rule.json_ready()
    return [field for field in after if before[field] != after[field]]


def _failing(number: Number, wanted: RuleFile) -> list[str]:
    """Asked of the file's rules alone: what those of all numbers say besides is not its matter."""
    own = [
        rulebook.Rule(place, rule.name, rule.definition, rule.mode, place)
        for place, rule in enumerate(wanted.rules)
    ]
    now = clock.now()
    about = facts.stand_in(number.id, now, False).number
    failed = failures(own, about, calendars.hours(), now)
    return [f"{wanted.rules[one.rule_id].name}: {one.words}" for one in failed]
