"""What would be answered: the same evaluator as for real texts, and nothing is stored."""

from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from smsinbox.core import clock
from smsinbox.core.i18n import _
from smsinbox.queries import calendars, facts, rules
from smsinbox.rules.conditions import zone_of_number
from smsinbox.rules.decide import decide
from smsinbox.rules.decision import Decision, Mode
from smsinbox.rules.definition import Definition, definition
from smsinbox.rules.facts import Text
from smsinbox.rules.rulebook import Rule, Rulebook

DRAFT = 0  # the id of a rule that has none yet


def tried(
    number_id: int,
    body: str,
    at: datetime | None = None,
    contact: str = "known",
    draft: dict[str, Any] | None = None,
    files: int | None = None,
) -> Decision:
    """What would come of this text by somebody "new" or "known"; an empty one is a picture.

    `draft` is a definition that is not saved yet, with a `name` and, when it is a rule that is
    there, its `id`; it is taken to be on. Raises NotFound, and Invalid for a draft that cannot be.
    """
    given = facts.stand_in(number_id, at or clock.now(), contact == "new")
    book = rules.book(number_id) if draft is None else with_draft(number_id, draft)
    return decide(Text(body, int(not body) if files is None else files), given, book)


def zone(number_id: int, calendar: str = "") -> tzinfo:
    """By which clock a moment is meant that says none: that calendar's, else the number's."""
    hours = calendars.hours()
    if calendar in hours:
        return hours[calendar].zone
    return zone_of_number(facts.stand_in(number_id, clock.now(), False))


def with_draft(number_id: int, draft: dict[str, Any]) -> Rulebook:
    """The number's rulebook with the draft in the place of the rule that it changes, or behind
    the number's own. Raises Invalid."""
    saved = rules.ready(rules.of_number(number_id))
    of, name = draft.get("id") or DRAFT, str(draft.get("name") or _("This rule"))
    wanted = _definition(draft)
    known = next((one for one in saved if one.id == of), None)
    own = [one for one in saved if not one.everywhere]
    new = Rule(DRAFT, name, wanted, Mode.ON, max((one.position for one in own), default=-1) + 1)
    if known:
        new = replace(known, name=name, definition=wanted, mode=Mode.ON)
    return Rulebook([*(one for one in saved if one is not known), new])


def _definition(draft: dict[str, Any]) -> Definition:
    return definition({key: draft[key] for key in draft.keys() - {"id", "name"}})
