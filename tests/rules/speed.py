"""How long a decision takes with as many rules as a number may have: for tests and the bench."""

import time
import timeit

from smsinbox.rules.decide import decide
from smsinbox.rules.facts import Text
from smsinbox.rules.rulebook import MOST_RULES, Rule, Rulebook
from tests.rules.build import a_rule, facts

KINDS = ("exact", "first_word", "word", "phrase", "regex")
TEXTS = ("hours", "what are your opening times, I would like to come by at ten", "¿Qué horas?")


def milliseconds(body: str, rules: int = MOST_RULES, rounds: int = 20) -> float:
    """The best time of one decision; the last rule of all is the one that answers."""
    book, text, given = Rulebook(_rules(rules)), Text(body), facts()
    clock = time.process_time  # whatever else this machine does meanwhile
    best = min(
        timeit.repeat(lambda: decide(text, given, book), timer=clock, number=5, repeat=rounds)
    )
    return best / 5 * 1000


def _rules(count: int) -> list[Rule]:
    some = [_rule(n) for n in range(count - 1)]
    return [*some, a_rule("Any", when={"calendar": "Office", "is": "open"}, human_grace=5)]


def _rule(n: int) -> Rule:
    kind = KINDS[n % len(KINDS)]
    terms = [f"(thing|matter) {n}$"] if kind == "regex" else [f"word{n}", f"other thing {n}"]
    typos = int(kind != "regex" and n % 2)
    return a_rule(f"R{n}", match={"type": kind, "terms": terms, "typos": typos})
