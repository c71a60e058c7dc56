"""How long somebody has waited: the clock stands still while a number's calendar is closed."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from smsinbox.core import clock
from smsinbox.queries.calendars import hours_in
from smsinbox.rules.calendar import Hours

LATE = timedelta(minutes=15)  # amber
TOO_LATE = timedelta(hours=1)  # red
_MOST_CHANGES = 100  # a month and more of opening and closing


class Wait(NamedTuple):
    """`since` is when it would have begun had nobody closed; `level` is "", late or too-late."""

    since: datetime
    is_running: bool

    @property
    def length(self) -> timedelta:
        return clock.now() - self.since

    @property
    def level(self) -> str:
        return "too-late" if self.length >= TOO_LATE else "late" if self.length >= LATE else ""


def wait(since: datetime, opening: dict[str, Any] | None) -> Wait:
    """The wait that began then, by the definition of a Calendar, if there is one."""
    if opening is None:
        return Wait(since, True)
    hours, now = hours_in(orjson.dumps(opening)), clock.now()
    return Wait(now - _open_between(hours, since, now), hours.state(now).open)


def _open_between(hours: Hours, since: datetime, now: datetime) -> timedelta:
    at, sum_ = since, timedelta()
    for _ in range(_MOST_CHANGES):
        change = min(hours.until(at) or now, now)
        if hours.state(at).open:
            sum_ += change - at
        if change >= now:
            return sum_
        at = change
    return sum_ + (now - at)
