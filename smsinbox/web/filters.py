"""What templates may call: fragments, marks, and how times and phone numbers are written."""

from datetime import datetime, timedelta
from zoneinfo import available_timezones

from babel.dates import format_skeleton
from babel.numbers import format_currency, format_decimal
from flask import Flask

from smsinbox.core import clock
from smsinbox.core.i18n import N_, _, _l, _n, figure, language, locale
from smsinbox.core.phones import pretty, region_of
from smsinbox.core.segments import TWINS
from smsinbox.models.user import Role
from smsinbox.web import bodies
from smsinbox.web.fragments import fragment
from smsinbox.web.reasons import reason
from smsinbox.web.records import told
from smsinbox.web.status import arming_of, status_of, taken_back_until

# What a zone is chosen from: without the short names of olden days.
_ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
_STEPS = (
    (31_536_000, N_("%(count)sy")),
    (2_592_000, N_("%(count)smo")),
    (86_400, N_("%(count)sd")),
    (3600, N_("%(count)sh")),
    (60, N_("%(count)sm")),
)
_UNITS = ((10**9, "GB"), (10**6, "MB"), (1000, "kB"))
_ROLES = {Role.ADMIN: _l("Admin"), Role.AGENT: _l("Agent"), Role.VIEWER: _l("Viewer")}


def init_app(app: Flask) -> None:
    """Hand them to every template."""
    app.jinja_env.globals.update(fragment=fragment, status_of=status_of, arming_of=arming_of)
    app.jinja_env.globals["taken_back_until"] = taken_back_until
    bodies.init_app(app)
    app.jinja_env.globals["zones"] = _ZONES
    app.jinja_env.globals["twins"] = TWINS
    app.jinja_env.filters.update(
        phone=phone,
        when=when,
        ago=ago,
        clock_time=clock_time,
        iso=iso,
        moment=moment,
        micros=clock.micros,
        role=role,
        size=size,
        told=told,
        reason=reason,
        figure=figure,
        money=money,
    )


def phone(value: str, beside: str = "") -> str:
    """A number as people write it; nationally when it stands beside one of the same country."""
    return pretty(value, region_of(beside) if beside else None)


def money(micros: int, currency: str) -> str:
    """Millionths of a currency's unit, in two digits that count, as the composer's counter has it:
    a text costs parts of a cent."""
    amount = float(f"{micros / 1e6:.2g}")
    return format_currency(amount, currency, locale=locale(), decimal_quantization=False)


def when(instant: datetime) -> str:
    """How long ago, as lists show it: now, 4m, 3h, 2d, 5mo, 1y."""
    seconds = (clock.now() - instant).total_seconds()
    for step, words in _STEPS:
        if seconds >= step:
            return _(words, count=int(seconds // step))
    return _("now")


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
    day = f"{instant.day} {instant:%b}"
    if language() != "en":
        day = format_skeleton("MMMd", instant, locale=locale())
    return f"{day}, {instant:%H:%M} UTC"


def size(count: int) -> str:
    """Of a file: 1 Byte, 930 Bytes, 1.2 kB."""
    for step, unit in _UNITS:
        if count >= step:
            return f"{format_decimal(count / step, '0.0', locale=locale())} {unit}"
    return _n("%(num)s Byte", "%(num)s Bytes", count)


def role(value: str) -> str:
    """What a user may do, in a word."""
    return _ROLES[Role(value)]


def iso(instant: datetime) -> str:
    """For `<time datetime>`: the page's script reads it."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
