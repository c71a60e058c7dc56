"""Where a phone number is at home, and what time it is there, as far as numbering plans tell."""

import importlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from phonenumbers import NumberParseException, timezone

from smsinbox.core import clock, times
from smsinbox.core.i18n import _

QUIET_FROM, QUIET_UNTIL = 21, 8  # o'clock: nobody is texted at these hours without need
_CACHED = 8192
_WIDEST = 3 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class LocalTime:
    """What clocks show there. Where a number may be in several zones, `latest` is the one furthest
    ahead; `zone` is empty then."""

    earliest: datetime
    latest: datetime
    zone: str

    @property
    def is_quiet(self) -> bool:
        """Whether somebody there may be asleep."""
        return any(_is_quiet(at.hour) for at in (self.earliest, self.latest))

    @property
    def words(self) -> str:
        """A time as the reader writes it, or two between which it is."""
        first, last = times.wall(self.earliest), times.wall(self.latest)
        return first if first == last else _("%(first)s to %(last)s", first=first, last=last)


def local_time(phone: str, zone: str = "", at: datetime | None = None) -> LocalTime | None:
    """The time there by `zone`, where it is known, else by the number; None when it spans more than
    three hours, as for numbers that a whole continent shares."""
    at = at or clock.now()
    names = (zone,) if is_zone(zone) else zones(phone)
    there = sorted((at.astimezone(ZoneInfo(name)) for name in names), key=_wall)
    if not there or _wall(there[-1]) - _wall(there[0]) > _WIDEST:
        return None
    alike = _wall(there[0]) == _wall(there[-1])
    return LocalTime(there[0], there[-1], names[0] if alike else "")


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone."""
    return bool(name) and name in known_zones()


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """All names of zones, "Area/City" and UTC."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


@lru_cache(maxsize=_CACHED)
def zones(phone: str) -> tuple[str, ...]:
    """The zones a number may be in; empty for what is no number."""
    number = _parsed(phone)
    found = timezone.time_zones_for_number(number) if number else ()
    return tuple(name for name in found if is_zone(name))


@lru_cache(maxsize=_CACHED)
def area(phone: str) -> str:
    """The city, region or country of a number, in English; empty when nobody knows."""
    number = _parsed(phone)
    if number is None:
        return ""
    # Its tables take a third of a second and 100 MB: only where somebody looks at a contact.
    geocoder = importlib.import_module("phonenumbers.geocoder")
    return str(geocoder.description_for_number(number, "en"))


def _parsed(phone: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(phone, None)
    except NumberParseException:
        return None


def _wall(at: datetime) -> float:
    return at.replace(tzinfo=None).timestamp()


def _is_quiet(hour: int) -> bool:
    return hour >= QUIET_FROM or hour < QUIET_UNTIL
