"""The rules of a number: their rows, the rulebook made of them, and how often each fired.

A rulebook is kept in this process together with the number's `rules_stamp`, which the database
changes with every rule: whoever read the stamp knows whether the book still holds.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import ColumnElement, func, or_, select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.models.firing import Firing
from smsinbox.models.number import Number
from smsinbox.models.rule import Rule
from smsinbox.rules import rulebook
from smsinbox.rules.decision import Mode
from smsinbox.rules.definition import Definition, definition
from smsinbox.rules.rulebook import Rulebook

log = logging.getLogger(__name__)

DAYS = 7
_IN_ORDER = (Rule.position, Rule.number_id.is_(None), Rule.id)
_books: dict[int, tuple[int, Rulebook]] = {}  # by number: the stamp, and the book as it was then


@dataclass(frozen=True, slots=True)
class Figures:
    """When a rule fired last, and how often on each of the last seven days, today at the end."""

    last_fired: datetime | None
    by_day: list[int]


def of_number(number_id: int) -> list[Rule]:
    """The number's rules and those of all numbers that listen on it, switched off ones too, first
    asked first."""
    query = select(Rule).where(_answers_at([number_id])).order_by(*_IN_ORDER)
    phone = _phones([number_id]).get(number_id, "")
    return [row for row in db.session.scalars(query) if _listens(row, number_id, phone)]


def own(number_id: int | None) -> list[Rule]:
    """The rules of this number alone, or with None those of all numbers, in their order."""
    query = select(Rule).where(Rule.number_id == number_id).order_by(*_IN_ORDER)
    return list(db.session.scalars(query))


def listed(number_id: int | None) -> list[Rule]:
    """As a number's page lists them; without a number those of all numbers alone."""
    return own(None) if number_id is None else of_number(number_id)


def every() -> list[Rule]:
    """All rules of all numbers, in an order in which each number's are, too."""
    return list(db.session.scalars(select(Rule).order_by(*_IN_ORDER)))


def found(rule_id: int) -> Rule:
    """The rule; raises NotFound."""
    rule = db.session.get(Rule, rule_id)
    if rule is None:
        raise NotFound
    return rule


def counts() -> dict[int, int]:
    """How many rules of its own each number has; numbers without any are missing."""
    query = select(Rule.number_id, func.count()).group_by(Rule.number_id)
    found = db.session.execute(query)
    return {number_id: int(count) for number_id, count in found if number_id}


def book(number_id: int) -> Rulebook:
    """What answers at the number now."""
    stamp = db.session.scalar(select(Number.rules_stamp).where(Number.id == number_id))
    if stamp is None:
        raise NotFound
    return books({number_id: stamp})[number_id]


def books(stamps: Mapping[int, int]) -> dict[int, Rulebook]:
    """The rulebooks of these numbers, whose stamps were just read."""
    found = {}
    for number, stamp in stamps.items():
        kept = _books.get(number)
        if kept and kept[0] == stamp:
            found[number] = kept[1]
    missing = stamps.keys() - found.keys()
    rows, phones = (_rows(missing), _phones(missing)) if missing else ([], {})
    for number in missing:
        answering = (row for row in rows if _listens(row, number, phones.get(number, "")))
        found[number] = Rulebook(ready(answering))
        _books[number] = stamps[number], found[number]
    return found


def ready(rows: Iterable[Rule]) -> list[rulebook.Rule]:
    """Rows as the evaluator takes them; one that cannot be read, as no page writes it, is none."""
    made = []
    for row in rows:
        try:
            wanted = _definition(orjson.dumps(row.definition))
        except Invalid as flaw:
            log.error("unreadable rule left out: %s", flaw, extra={"rule_id": row.id})
            continue
        everywhere = row.number_id is None
        made.append(
            rulebook.Rule(row.id, row.name, wanted, Mode(row.mode), row.position, everywhere)
        )
    return made


@lru_cache(maxsize=1024)
def _definition(written: bytes) -> Definition:
    return definition(orjson.loads(written))


def figures(rule_ids: Collection[int], zone: str = "UTC") -> dict[int, Figures]:
    """How often these rules fired, those in shadow included; a day is one of that zone."""
    there = ZoneInfo(zone)
    today = clock.now().astimezone(there).date()
    days = [today - timedelta(DAYS - 1 - ago) for ago in range(DAYS)]
    since = datetime(days[0].year, days[0].month, days[0].day, tzinfo=there)
    last = dict(
        db.session.execute(
            select(Firing.rule_id, func.max(Firing.at))
            .where(Firing.rule_id.in_(rule_ids))
            .group_by(Firing.rule_id)
        ).all()
    )
    fired: dict[int, dict[object, int]] = defaultdict(lambda: defaultdict(int))
    lately = select(Firing.rule_id, Firing.at).where(
        Firing.rule_id.in_(rule_ids), Firing.at >= since
    )
    for rule_id, at in db.session.execute(lately):
        fired[rule_id][at.astimezone(there).date()] += 1
    return {
        one: Figures(last.get(one), [fired[one][day] if one in fired else 0 for day in days])
        for one in rule_ids
    }


def _rows(number_ids: Collection[int]) -> list[Rule]:
    answering = select(Rule).where(_answers_at(number_ids), Rule.mode != Mode.OFF.value)
    return list(db.session.scalars(answering, execution_options={"populate_existing": True}))


def _phones(number_ids: Collection[int]) -> dict[int, str]:
    query = select(Number.id, Number.phone).where(Number.id.in_(number_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}


def _listens(row: Rule, number_id: int, phone: str) -> bool:
    """A rule of all numbers may name those that it means."""
    if row.number_id is not None:
        return row.number_id == number_id
    named = row.definition.get("numbers")
    return not named or phone in named


def _answers_at(number_ids: Collection[int]) -> ColumnElement[bool]:
    return or_(Rule.number_id.in_(number_ids), Rule.number_id.is_(None))
