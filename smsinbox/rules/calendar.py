"""Opening hours: a week, a time zone, and the days on which all is different.

A moment is judged by what the clock on the wall shows then, so nothing has to be said about summer
time: an hour that happens twice is open twice, one that is skipped is never. Hours belong to the
day they begin on; a holiday takes away its own hours, never the night before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from smsinbox.core.i18n import _
from smsinbox.rules import fields
from smsinbox.rules.moments import DAYS
from smsinbox.rules.reading import Strict, read

_HOURS = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")
_DAY = 1440  # minutes
_LOOK_AHEAD = 430  # days; who opens later than that does not open
_MINUTE = timedelta(minutes=1)

Ranges = Annotated[tuple[str, ...], Field(max_length=12)]


class Special(Strict):
    """One day or several on which other hours are kept: none at all when `open` is empty."""

    first: date = Field(alias="from")
    last: date | None = Field(default=None, alias="until")  # it belongs to it, too
    open: Ranges = ()
    label: str = Field("", max_length=80)
    text: str = Field("", max_length=1600)  # said instead of a rule's reply

    @field_validator("last")
    @classmethod
    def _is_not_before(cls, last: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("first")
        if last and first and not 0 <= (last - first).days <= 366:
            raise ValueError(_("The last day must be within a year after the first."))
        return last

    @field_validator("open")
    @classmethod
    def _are_hours(cls, ranges: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(ranges)

    @field_validator("text")
    @classmethod
    def _has_known_fields(cls, text: str) -> str:
        fields.check(text)
        return text.strip()

    def covers(self, day: date) -> bool:
        return self.first <= day <= (self.last or self.first)


class Calendar(Strict):
    """`weekly` has mon … sun, each with ranges; "18:00-02:00" passes midnight.

    Of two special days on one date the later one in the list counts.
    """

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    zone: str
    weekly: dict[str, Ranges] = Field(default={})
    special: tuple[Special, ...] = Field((), max_length=400)

    @field_validator("zone")
    @classmethod
    def _exists(cls, zone: str) -> str:
        if zone not in _zones():
            raise ValueError(
                _("“%(zone)s” is no time zone: choose one such as America/New_York.", zone=zone)
            )
        return zone

    @field_validator("weekly")
    @classmethod
    def _are_days(cls, weekly: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for day in weekly:
            if day not in DAYS:
                raise ValueError(
                    _("“%(day)s” is no day: write %(days)s.", day=day, days=", ".join(DAYS))
                )
        return {day: _checked(ranges) for day, ranges in weekly.items()}


@dataclass(frozen=True, slots=True)
class State:
    """Whether it is open; a special day's label and the text to say instead, where there are."""

    open: bool
    label: str = ""
    text: str = ""

    @property
    def word(self) -> str:
        return "open" if self.open else "closed"


class _Known(NamedTuple):
    """From `since` to `until` nothing changes; then `change` comes, if one does."""

    since: datetime
    until: datetime
    state: State
    change: datetime | None


class Hours:
    """A calendar made ready: build one per calendar and keep it. Equal calendars, equal answers."""

    def __init__(self, calendar: Calendar) -> None:
        self.name = calendar.name
        self.zone = ZoneInfo(calendar.zone)
        self._weekly = [_minutes(calendar.weekly.get(day, ())) for day in DAYS]
        self._special = [(one, _minutes(one.open)) for one in reversed(calendar.special)]
        self._known: _Known | None = None

    def texts(self, at: datetime) -> tuple[str, ...]:
        """What special days, this one's and those to come, say instead of a rule's reply."""
        today = at.astimezone(self.zone).date()
        coming = (one for one, _ in self._special if (one.last or one.first) >= today)
        return tuple(one.text for one in coming if one.text)

    def state(self, at: datetime) -> State:
        """Open or closed at that instant, by the clock on the wall."""
        known = self._known
        return known.state if known and known.since <= at < known.until else self._state(at)

    def until(self, at: datetime) -> datetime | None:
        """When that changes next; None when not within a year and more."""
        known = self._known
        if known and known.since <= at < known.until:
            return known.change
        at = at.astimezone(UTC)
        state, last = self._state(at), self._last_day(at)
        for moment in self._boundaries(at, last):
            later = self._state(moment)
            if later.open != state.open:
                self._known = _Known(at, moment, state, moment)
                return moment
            if later != state:  # only the label or the text
                return self._change(moment, last, state.open)
        self._known = _Known(at, self._next_month(at), state, None)
        return None

    def opens(self, at: datetime) -> datetime | None:
        """When it opens next; None while it is open, and when it will not."""
        return None if self.state(at).open else self.until(at)

    def _change(self, after: datetime, last: date, is_open: bool) -> datetime | None:
        moments = self._boundaries(after, last)
        return next((moment for moment in moments if self._state(moment).open != is_open), None)

    def _state(self, at: datetime) -> State:
        local = at.astimezone(self.zone)
        minute, day = local.hour * 60 + local.minute, local.date()
        special, ranges = self._on(day)
        is_open = any(begin <= minute < end for begin, end in ranges)
        if not is_open:
            night, ranges = self._on(day - timedelta(1)) if day > date.min else (None, [])
            if any(minute + _DAY < end for _, end in ranges):
                special, is_open = night, True
        if special is None:
            return State(is_open)
        return State(is_open, special.label, special.text)

    def _on(self, day: date) -> tuple[Special | None, list[tuple[int, int]]]:
        for special, ranges in self._special:
            if special.covers(day):
                return special, ranges
        return None, self._weekly[day.weekday()]

    def _boundaries(self, after: datetime, last: date) -> Iterator[datetime]:
        """Every instant after this one at which something could change, in order."""
        day = after.astimezone(self.zone).date()
        while day <= last:
            yield from sorted(moment for moment in self._moments(day) if moment > after)
            day += timedelta(1)

    def _last_day(self, at: datetime) -> date:
        """Counted from the month, so that all its days know equally much of the future."""
        return at.astimezone(self.zone).date().replace(day=1) + timedelta(_LOOK_AHEAD)

    def _next_month(self, at: datetime) -> datetime:
        first = at.astimezone(self.zone).date().replace(day=1) + timedelta(32)
        return datetime(first.year, first.month, 1, tzinfo=self.zone).astimezone(UTC)

    def _moments(self, day: date) -> set[datetime]:
        """What the ranges of a day and its night begin and end, midnight, and the clock's jumps."""
        walls = {0}
        walls.update(minute for pair in self._on(day)[1] for minute in pair if minute < _DAY)
        night = self._on(day - timedelta(1))[1]
        walls.update(end - _DAY for _, end in night if end > _DAY)
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        moments = {
            (midnight + wall * _MINUTE).replace(fold=fold).astimezone(UTC)
            for wall in walls
            for fold in (0, 1)
        }
        return moments | self._jump(midnight)

    def _jump(self, midnight: datetime) -> set[datetime]:
        """The instant in this day at which the clock is put forward or back, if it is."""
        begin = midnight.astimezone(UTC)
        end = (midnight + timedelta(1)).astimezone(UTC)  # the next midnight on the wall
        if self._offset(begin) == self._offset(end):
            return set()
        low, high = 0, (end - begin) // _MINUTE
        while high - low > 1:
            middle = (low + high) // 2
            same = self._offset(begin + middle * _MINUTE) == self._offset(begin)
            low, high = (middle, high) if same else (low, middle)
        return {begin + high * _MINUTE}

    def _offset(self, at: datetime) -> timedelta | None:
        return at.astimezone(self.zone).utcoffset()


def calendar(raw: object) -> Calendar:
    """What was written, as JSON holds it; raises Invalid: `field` names the place."""
    return read(Calendar, raw)


def _zones() -> set[str]:
    if not _ZONES:
        _ZONES.update(available_timezones())
    return _ZONES


_ZONES: set[str] = set()


def _checked(ranges: tuple[str, ...]) -> tuple[str, ...]:
    ends = sorted(_minutes(ranges))
    for earlier, later in pairwise(ends):
        if later[0] < earlier[1]:
            raise ValueError(_("Two of these hours overlap: %(hours)s.", hours=", ".join(ranges)))
    return ranges


def _minutes(ranges: tuple[str, ...]) -> list[tuple[int, int]]:
    """Begin and end in minutes of the day; an end in the night has more than a day's."""
    return [_range(written) for written in ranges]


def _range(written: str) -> tuple[int, int]:
    found = _HOURS.fullmatch(written.strip())
    if not found:
        raise ValueError(
            _("“%(hours)s” are no hours: write them like “09:00-17:30”.", hours=written)
        )
    hour, minute, last_hour, last_minute = map(int, found.groups())
    begin, end = hour * 60 + minute, last_hour * 60 + last_minute
    if begin >= _DAY or end > _DAY:
        raise ValueError(
            _(
                "“%(hours)s” goes beyond 24:00: write “18:00-02:00” to pass midnight.",
                hours=written,
            )
        )
    return begin, end if end > begin else end + _DAY
