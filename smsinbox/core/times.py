"""Times as whoever reads them writes them (core/i18n.py): by their clock, in their zone.

What is made once is kept: the patterns of a locale, and the words of a day, of which a page shows
few. The rest is microseconds, as a thread has many times.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import DateTimePattern

from smsinbox.core import clock
from smsinbox.core.i18n import N_, Style, _, language, speaking, style, unfilled

_DAY = timedelta(days=1)
_STEPS = (
    (31_536_000, N_("%(count)sy")),
    (2_592_000, N_("%(count)smo")),
    (86_400, N_("%(count)sd")),
    (3600, N_("%(count)sh")),
    (60, N_("%(count)sm")),
)


class _Patterns(NamedTuple):
    """Of a style: hours and minutes, seconds with them, and what stands beside a day."""

    locale: Locale
    zone: ZoneInfo
    minutes: DateTimePattern
    seconds: DateTimePattern
    beside: str


def here(instant: datetime) -> datetime:
    """The instant by the reader's clock."""
    return instant.astimezone(_patterns(style()).zone)


def wall(at: datetime) -> str:
    """What a clock that shows this looks like to the reader: 14:03 or 2:03 PM."""
    return _minutes(style(), at.hour, at.minute)


def hour(instant: datetime) -> str:
    """The time of the day."""
    return wall(here(instant))


def moment(instant: datetime) -> str:
    """A day and a time: 9 Mar, 14:03."""
    return _beside("MMMd", here(instant))


def day(instant: datetime) -> str:
    """9 Mar 2026."""
    return _day(style(), "yMMMd", here(instant).date())


def exact(instant: datetime) -> str:
    """With seconds: 9 Mar 2026, 14:03:07."""
    known = _patterns(style())
    return known.beside.format(known.seconds.apply(here(instant), known.locale), day(instant))


def full(instant: datetime) -> str:
    """All there is to say: Monday, 9 March 2026, 14:03 CET."""
    at = here(instant)
    return f"{_beside('full', at)} {at.tzname()}"


def day_line(of: date) -> tuple[str, str]:
    """What stands above the texts of a day, which is Today, Yesterday or as the second one says."""
    known = _day(style(), "yMMMd", of)
    today = here(clock.now()).date()
    return {today: _("Today"), today - _DAY: _("Yesterday")}.get(of, known), known


def when(instant: datetime) -> str:
    """How long ago, as lists show it: now, 4m, 3h, 2d, 5mo, 1y."""
    return _age(instant, ages()["when"])


def ago(instant: datetime) -> str:
    """The same inside a sentence: just now, 4m ago."""
    return _age(instant, ages()["ago"])


def ages() -> dict[str, list[tuple[int, str]]]:
    """From how many seconds on which words hold, the longest first; pages go on with them."""
    return _ages(language())


def _age(instant: datetime, steps: list[tuple[int, str]]) -> str:
    seconds = max(0, (clock.now() - instant).total_seconds())
    least, words = next(step for step in steps if seconds >= step[0])
    return words % {"count": int(seconds // (least or 1))}


def _beside(pattern: str, at: datetime) -> str:
    known = style()
    return _patterns(known).beside.format(wall(at), _day(known, pattern, at.date()))


@lru_cache
def _ages(spoken: str) -> dict[str, list[tuple[int, str]]]:
    with speaking(spoken):
        steps = [(least, unfilled(words)) for least, words in _STEPS]
        since = [(least, _("%(age)s ago", age=words)) for least, words in steps]
        return {"when": [*steps, (0, _("now"))], "ago": [*since, (0, _("just now"))]}


@lru_cache(maxsize=8192)
def _minutes(of: Style, hours: int, minutes: int) -> str:
    known = _patterns(of)
    return known.minutes.apply(time(hours, minutes), known.locale)


@lru_cache(maxsize=8192)
def _day(of: Style, pattern: str, on: date) -> str:
    known = _patterns(of).locale
    patterns = known.date_formats if pattern == "full" else known.datetime_skeletons
    return str(patterns[pattern].apply(on, known))


@lru_cache(maxsize=256)
def _patterns(of: Style) -> _Patterns:
    known, wanted = of.locale, of.clock
    usual = "h12" if "h" in known.time_formats["short"].pattern else "h23"
    if wanted in ("", usual):
        patterns = known.time_formats["short"], known.time_formats["medium"]
    else:
        names = ("hm", "hms") if wanted == "h12" else ("Hm", "Hms")
        patterns = known.datetime_skeletons[names[0]], known.datetime_skeletons[names[1]]
    zone = ZoneInfo(of.zone or "UTC")
    return _Patterns(known, zone, *patterns, str(known.datetime_formats["medium"]))
