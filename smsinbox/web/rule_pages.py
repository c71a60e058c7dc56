"""The page of a number's rules with whatever is opened on it: a form, a try, a backtest."""

from typing import Any

from werkzeug.wrappers import Response

from smsinbox.core.i18n import _l
from smsinbox.models.number import Number
from smsinbox.queries import calendars, rule_health, users
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries import rules as rules_query
from smsinbox.rules.definition import When
from smsinbox.rules.fields import NAMES, Longest
from smsinbox.services import trying
from smsinbox.web.rule_forms import is_deep, replies_of
from smsinbox.web.rule_presets import presets
from smsinbox.web.setup import Form, page, whole

TYPES = {
    "exact": _l("exactly"),
    "first_word": _l("something that begins with"),
    "word": _l("something with the word"),
    "phrase": _l("something with the words"),
    "regex": _l("something like the pattern"),
    "any": _l("anything"),
    "first_contact": _l("for the first time"),
    "no_text": _l("a picture without words"),
}
COOLDOWNS = {
    "": _l("as long as suits its kind"),
    "none": _l("not at all"),
    "5m": _l("5 minutes"),
    "1h": _l("1 hour"),
    "12h": _l("12 hours"),
    "24h": _l("24 hours"),
    "7d": _l("7 days"),
    "once_per_opening": _l("until the conversation is closed and opened again"),
    "once_ever": _l("for ever"),
}
WHO = {
    "everyone": _l("everyone"),
    "new": _l("new contacts only"),
    "known": _l("known contacts only"),
    "has_tag": _l("contacts with the tag…"),
    "lacks_tag": _l("contacts without the tag…"),
    "language": _l("contacts who speak…"),
}


_UNOPENED = {
    "trying": Form("try"),
    "tried": None,
    "confirmation": "",
    "looking": Form("backtest"),
    "backtest": None,
}


def rules_page(number_id: int | None, form: Form | None = None, **opened: Any) -> Response:
    """`opened` is what was tried (`tried`, `trying`) or looked back on (`backtest`, `looking`)."""
    numbers = numbers_query.all_numbers()
    number = _chosen(numbers, number_id, form)
    known = calendars.all_of()
    standings = rule_health.standings(number.id, number.name) if number else []
    return page(
        "rules/list.html",
        "rules",
        form,
        numbers=numbers,
        number=number,
        standings=standings,
        counts=rules_query.counts(),
        presets=presets([calendar.name for calendar in known]),
        writing=_writing(number, form, known),
        **{**_UNOPENED, **opened},
    )


def _writing(number: Number | None, form: Form | None, known: list[Any]) -> dict[str, Any]:
    """What the form of a rule offers to choose from."""
    return {
        "types": TYPES,
        "cooldowns": COOLDOWNS,
        "who": WHO,
        "calendars": [calendar.name for calendar in known],
        "people": users.assignable(number.id) if number else [],
        "fields": NAMES,
        "numbers": numbers_query.all_numbers(),
        "deep": form is not None and is_deep(form),
        "length": draft_cost(number, form) if number and form else (None, ""),
        "clock": _clock(number, form) if number else "",
    }


def draft_cost(number: Number, form: Form) -> tuple[Longest | None, str]:
    """What the longest text of the rule in the form costs; else why that cannot be said."""
    calendar = form.text("calendar") or None
    when = When.model_construct(calendar=calendar, hours=form.text("hours") or "always")
    try:
        cost = rule_health.draft_cost(number.id, number.name, replies_of(form), when)
    except ValueError as flaw:
        return None, str(flaw)
    return cost, ""


def _clock(number: Number, form: Form | None) -> str:
    """The zone in which the try-out box reads a time."""
    return str(trying.zone(number.id, form.text("calendar") if form else ""))


def _chosen(numbers: list[Number], number_id: int | None, form: Form | None) -> Number | None:
    """The number asked for; else the one of the rule that is being edited; else the first."""
    editing = whole(form.id.removeprefix("rule-")) if form and number_id is None else None
    wanted = rules_query.found(editing).number_id if editing else number_id
    chosen = [number for number in numbers if number.id == wanted] or numbers
    return chosen[0] if chosen else None
