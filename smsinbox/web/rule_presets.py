"""Beginnings for a number's first rules: each fills the form, and nothing answers before it is
saved and switched on."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from smsinbox.core import clock
from smsinbox.core.i18n import _


class Preset(NamedTuple):
    """A name, what it is good for, and the definition it begins with."""

    name: str
    words: str
    definition: dict[str, Any]


def presets(calendars: Sequence[str]) -> dict[str, Preset]:
    """By their key; those about closed hours use the first calendar, when there is one."""
    calendar = calendars[0] if calendars else None
    return {
        "after-hours": Preset(_("After hours"), _("Say when you are back"), _after_hours(calendar)),
        "welcome": Preset(_("Welcome"), _("Greet whoever writes for the first time"), _WELCOME),
        "hours": Preset(_("Opening hours"), _("Answer “hours” and “open”"), _HOURS),
        "address": Preset(_("Address"), _("Say where you are"), _ADDRESS),
        "call": Preset(_("Call me"), _("Promise a call and alert the agents"), _CALL),
        "holiday": Preset(_("Holiday"), _("Away for some days"), _holiday(clock.now().date())),
    }


def _after_hours(calendar: str | None) -> dict[str, Any]:
    return {
        "match": {"type": "any"},
        "when": {"calendar": calendar, "is": "closed" if calendar else "always"},
        "cooldown": "12h",
        "human_grace": 30,
        "reply": "Thank you for your text. We are closed now and open {{calendar.opens|soon}}; "
        "then one of us will answer.",
    }


def _holiday(today: date) -> dict[str, Any]:
    first = today + timedelta(days=1)
    return {
        "match": {"type": "any"},
        "valid_from": first.isoformat(),
        "valid_until": (first + timedelta(days=6)).isoformat(),
        "cooldown": "24h",
        "reply": "We are on holiday this week. We will answer when we are back.",
    }


_WELCOME = {
    "match": {"type": "first_contact"},
    "cooldown": "once_ever",
    "reply": "Hello {{contact.first_name|there}}, this is {{number.name}}. "
    "Thank you for your text: one of us will answer soon.",
}
_HOURS = {
    "match": {"type": "exact", "terms": ["hours", "open", "opening hours"]},
    "reply": "We are open Monday to Friday, 9:00 to 17:00.",
}
_ADDRESS = {
    "match": {"type": "word", "terms": ["address", "where", "directions"]},
    "reply": "You find us at 1 Main Street, Springfield.",
}
_CALL = {
    "match": {"type": "phrase", "terms": ["call me", "call back"]},
    "reply": "Thank you. We will call you back today.",
    "actions": [{"do": "notify", "users": []}],
}
