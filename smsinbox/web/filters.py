"""What templates may call: fragments, marks, and how phone numbers, money and sizes are written."""

from zoneinfo import available_timezones

from babel.numbers import format_currency, format_decimal
from flask import Flask

from smsinbox.core import clock
from smsinbox.core.i18n import _l, _n, figure, locale
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


def size(count: int) -> str:
    """Of a file: 1 Byte, 930 Bytes, 1.2 kB."""
    for step, unit in _UNITS:
        if count >= step:
            return f"{format_decimal(count / step, '0.0', locale=locale())} {unit}"
    return _n("%(num)s Byte", "%(num)s Bytes", count)


def role(value: str) -> str:
    """What a user may do, in a word."""
    return _ROLES[Role(value)]
