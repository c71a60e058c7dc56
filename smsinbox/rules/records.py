"""A Decision as it is written down: what most rules said is in the rulebook, and is kept with it.

Nearly every text is for no rule, and then each of them says just what it said about the text
before. That is an `edition`, kept once for all texts that were decided by one rulebook; a record
holds only what differs. Both are words, not definitions: read back years later they say what was
said then, whatever became of the rules or of this program.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from smsinbox.rules.decision import Decision, Outcome, RuleOutcome

_FOR_ALL = (Outcome.HELD, Outcome.BEHIND)  # said of every rule alike, in the decision's own words


def record(decision: Decision, edition: Iterable[RuleOutcome]) -> bytes:
    """What is left to keep of a decision, as JSON, beside the edition of its rulebook."""
    if decision.rules is edition:  # no rule had anything of its own to say, as mostly
        return replace(decision, rules=(), rest=Outcome.NO_MATCH).written()
    rest = _rest(decision)
    if rest is not Outcome.NO_MATCH:
        edition = _alike(edition, rest, decision.reason)
    own = tuple(
        one
        for one, usual in zip(decision.rules, edition, strict=True)
        if one is not usual and one != usual
    )
    return replace(decision, rules=own, rest=rest).written()


def whole(kept: dict[str, Any], edition: Iterable[RuleOutcome]) -> Decision:
    """The decision again, from its record and that edition."""
    found = Decision.from_json(kept)
    if found.rest is None:
        return found  # from before there were editions: it has everything itself
    if found.rest is not Outcome.NO_MATCH:
        edition = _alike(edition, found.rest, found.reason)
    own = {one.rule_id: one for one in found.rules}
    rules = tuple(own.pop(one.rule_id, one) for one in edition)
    return replace(found, rules=(*rules, *own.values()), rest=None)


def _rest(decision: Decision) -> Outcome:
    """What came of the rules that have nothing of their own to tell."""
    first = next((one.outcome for one in decision.rules), Outcome.NO_MATCH)
    return first if first in _FOR_ALL else Outcome.NO_MATCH


def _alike(edition: Iterable[RuleOutcome], outcome: Outcome, reason: str) -> Iterable[RuleOutcome]:
    return (RuleOutcome(one.rule_id, one.name, outcome, reason) for one in edition)
