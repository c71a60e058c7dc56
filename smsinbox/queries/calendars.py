"""Calendars: opening hours ready to be asked, and which rules depend on them."""

from collections import defaultdict
from datetime import datetime
from functools import lru_cache

import orjson
from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.core.i18n import _
from smsinbox.models.calendar import Calendar
from smsinbox.models.rule import Rule
from smsinbox.rules import calendar as reading
from smsinbox.rules.calendar import Hours
from smsinbox.rules.moments import coming


def all_of() -> list[Calendar]:
    """Every calendar, by name."""
    return list(db.session.scalars(select(Calendar).order_by(Calendar.name)))


def found(calendar_id: int) -> Calendar:
    """The calendar; raises NotFound."""
    calendar = db.session.get(Calendar, calendar_id)
    if calendar is None:
        raise NotFound
    return calendar


def hours() -> dict[str, Hours]:
    """Every calendar made ready, by the name that rules know it by."""
    return {calendar.name: hours_of(calendar) for calendar in all_of()}


def hours_of(calendar: Calendar) -> Hours:
    """One made ready; the same object as long as its definition is the same."""
    return hours_in(orjson.dumps(calendar.definition))


def used_by() -> dict[str, list[Rule]]:
    """The rules that depend on each calendar, by its name; those of none are missing."""
    users: dict[str, list[Rule]] = defaultdict(list)
    for rule in db.session.scalars(select(Rule).order_by(Rule.position, Rule.id)):
        name = (rule.definition.get("when") or {}).get("calendar")
        if name:
            users[name].append(rule)
    return users


def state_line(hours: Hours, at: datetime) -> str:
    """What a page says: "Open now, until 17:00 today"; "Closed (Christmas) until tomorrow at 9:00".

    All by the clock on the calendar's own wall.
    """
    state, until = hours.state(at), hours.until(at)
    now = _("Open now") if state.open else _("Closed now")
    if state.label:
        now = _("%(state)s (%(label)s)", state=now, label=state.label)
    if until is None:
        return _("%(state)s, with no change for a year", state=now)
    moment = coming(until, at, hours.zone)
    if state.open:
        return _("%(state)s; closes %(moment)s", state=now, moment=moment)
    return _("%(state)s; opens %(moment)s", state=now, moment=moment)


@lru_cache(maxsize=256)
def hours_in(definition: bytes) -> Hours:
    """What this JSON defines, made ready; the same object for the same bytes."""
    return Hours(reading.calendar(orjson.loads(definition)))
