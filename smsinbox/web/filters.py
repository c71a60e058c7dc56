"""What templates may call: fragments, marks, and how phone numbers, money and sizes are written."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel.numbers import format_currency, format_decimal
from flask import Flask

from smsinbox.core import clock
from smsinbox.core.i18n import Style, _l, _n, figure, locale, style
from smsinbox.core.phones import pretty, region_of
from smsinbox.core.segments import TWINS
from smsinbox.models.user import Role
from smsinbox.queries.prices import Price
from smsinbox.web import bodies
from smsinbox.web.fragments import fragment
from smsinbox.web.reasons import reason
from smsinbox.web.records import told
from smsinbox.web.status import arming_of, status_of, taken_back_until

# What a zone is chosen from: without the short names of olden days.
_ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
_LONGEST = 49  # segments: 1,600 characters of two UTF-16 units each
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
        by_segments=by_segments,
    )


def phone(value: str, beside: str = "") -> str:
    """A number as people write it; nationally when it stands beside one of the same country."""
    return pretty(value, region_of(beside) if beside else None)


def money(micros: int, currency: str) -> str:
    """Millionths of a currency's unit, in two digits that count: a text costs parts of a cent."""
    amount = float(f"{micros / 1e6:.2g}")
    return format_currency(amount, currency, locale=locale(), decimal_quantization=False)


def by_segments(price: Price | None) -> str:
    """What the composer's counter says of a text of 0, 1, 2 … segments, between bars; # stands for
    the encoding."""
    return _by_segments(price, style())


@lru_cache
def _by_segments(price: Price | None, _style: Style) -> str:
    said = [""]
    for count in range(1, _LONGEST + 1):
        words = _n("%(num)s segment", "%(num)s segments", count)
        cost = [money(price.micros * count, price.currency)] if price else []
        said.append(" · ".join([words, "#", *cost]))
    return "|".join(said)


def size(count: int) -> str:
    """Of a file: 1 Byte, 930 Bytes, 1.2 kB."""
    for step, unit in _UNITS:
        if count >= step:
            return f"{format_decimal(count / step, '0.0', locale=locale())} {unit}"
    return _n("%(num)s Byte", "%(num)s Bytes", count)


def role(value: str) -> str:
    """What a user may do, in a word."""
    return _ROLES[Role(value)]
