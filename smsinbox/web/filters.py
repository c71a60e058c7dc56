"""What templates may call: fragments, marks, and how times and phone numbers are written."""

from datetime import datetime, timedelta
from zoneinfo import available_timezones

from flask import Flask

from smsinbox.core import clock
from smsinbox.core.i18n import _
from smsinbox.core.phones import pretty, region_of
from smsinbox.web import bodies
from smsinbox.web.fragments import fragment
from smsinbox.web.status import arming_of, status_of, taken_back_until

# What a zone is chosen from: without the short names of olden days.
_ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
_STEPS = ((60, 60, "m"), (3600, 24, "h"), (86_400, 30, "d"), (2_592_000, 12, "mo"))


def init_app(app: Flask) -> None:
    """Hand them to every template."""
    app.jinja_env.globals.update(fragment=fragment, status_of=status_of, arming_of=arming_of)
    app.jinja_env.globals["taken_back_until"] = taken_back_until
    bodies.init_app(app)
    app.jinja_env.globals["zones"] = _ZONES
    app.jinja_env.filters.update(
        phone=phone,
        when=when,
        ago=ago,
        clock_time=clock_time,
        iso=iso,
        moment=moment,
        micros=clock.micros,
    )


def phone(value: str, beside: str = "") -> str:
    """A number as people write it; nationally when it stands beside one of the same country."""
    return pretty(value, region_of(beside) if beside else None)


def when(instant: datetime) -> str:
    """How long ago, as lists show it: now, 4m, 3h, 2d, 5mo, 1y."""
    seconds = (clock.now() - instant).total_seconds()
    if seconds < 60:
        return "now"
    for size, most, unit in _STEPS:
        if seconds < size * most:
            return f"{int(seconds // size)}{unit}"
    return f"{int(seconds // 31_536_000) or 1}y"


def ago(instant: datetime) -> str:
    """The same inside a sentence: just now, 4m ago."""
    if clock.now() - instant < timedelta(minutes=1):
        return _("just now")
    return _("%(age)s ago", age=when(instant))


def clock_time(instant: datetime) -> str:
    """Hours and minutes in UTC; the page turns them into the reader's own."""
    return f"{instant:%H:%M}"


def moment(instant: datetime) -> str:
    """A day and a time to come, in UTC; the page turns them into the reader's own."""
    return f"{instant.day} {instant:%b, %H:%M} UTC"


def iso(instant: datetime) -> str:
    """For `<time datetime>`: the page's script reads it."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
