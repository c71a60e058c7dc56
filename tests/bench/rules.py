"""What rules cost: one decision with as many as a number may have, and texts that fifty look at."""

from dataclasses import replace
from statistics import median
from typing import Any

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.models.rule import Rule
from smsinbox.queries import numbers
from smsinbox.rules.definition import definition
from smsinbox.rules.rulebook import MOST_RULES
from tests.bench.figures import tell
from tests.bench.house import House
from tests.bench.load import Load, Seen, run
from tests.rules.speed import KINDS, TEXTS, milliseconds

RULES = 50


def measure(house: House, seconds: float, rounds: int) -> None:
    """The evaluator alone; then the webhook route, by turns with rules and without."""
    slowest = max(milliseconds(text) for text in TEXTS)
    tell("evaluator", house.database, "ms", {}, rules=MOST_RULES, ms_per_text=slowest, bound=2)
    with house.inside():
        number_id = numbers.all_numbers()[0].id
    house.start("valkey", "web", web_concurrency=1)
    load = Load(house.port, house.path, seconds, secret=house.secret, number=house.number, first=0)
    run(replace(load, seconds=seconds / 4))
    without: list[Seen] = []
    beside: list[Seen] = []
    kept = 1_000_000
    for _ in range(max(rounds, 2)):
        for rules, seen in ((0, without), (RULES, beside)):
            with house.inside():
                _write(number_id, rules)
            seen.append(run(replace(load, first=kept)))
            kept += 1_000_000
    house.stop("web", "valkey")
    fast, slow = _middle(without), _middle(beside)
    tell(
        "inbound with rules",
        house.database,
        "texts/s",
        {"without": {"per_second": fast}},
        rules=RULES,
        per_second=slow,
        of_that_without=slow / fast,
        bound=0.8,
    )


def _middle(seen: list[Seen]) -> float:
    return median(one.per_second for one in seen)


@atomic
def _write(number_id: int, count: int) -> None:
    """The number has so many rules; none is for the texts that come."""
    db.session.query(Rule).delete()
    for n in range(count):
        kind = KINDS[n % len(KINDS)]
        terms = [f"(thing|matter) {n}$"] if kind == "regex" else [f"word{n}", f"other thing {n}"]
        wanted: dict[str, Any] = {"match": {"type": kind, "terms": terms}, "reply": "9 to 5"}
        row = Rule(
            number_id=number_id,
            name=f"Rule {n}",
            position=n,
            definition=definition(wanted).json_ready(),
            created_at=clock.now(),
        )
        db.session.add(row)
