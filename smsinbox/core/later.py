"""Later, as people mean it: in an hour, tomorrow at nine, on Monday, or a date of their own."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from smsinbox.core.i18n import _l
from smsinbox.core.whereabouts import is_zone

_MORNING = time(9)
_HOURS = {"1h": 1, "3h": 3}
PRESETS = {
    "1h": _l("In 1 hour"),
    "3h": _l("In 3 hours"),
    "tomorrow": _l("Tomorrow, 9:00"),
    "monday": _l("Monday, 9:00"),
}


def moment(preset: str, zone: str, now: datetime) -> datetime | None:
    """The instant that a preset means for somebody in that zone (IANA); None for no preset.

    Hours are real hours; mornings are theirs, also across a change of clocks.
    """
    if preset in _HOURS:
        return now + timedelta(hours=_HOURS[preset])
    here = now.astimezone(_zone(zone))
    if preset == "tomorrow":
        return _morning(here, 1)
    if preset == "monday":
        return _morning(here, 7 - here.weekday())
    return None


def typed(text: str, zone: str) -> datetime | None:
    """What `<input type=datetime-local>` says, in that zone; None for anything else."""
    try:
        local = datetime.fromisoformat(text)
        if local.tzinfo is not None or not 2000 < local.year < 2100:
            return None
        return local.replace(tzinfo=_zone(zone)).astimezone(UTC)
    except ValueError:
        return None


def in_words(at: datetime, zone: str) -> str:
    """Wed 25 Nov, 09:00 (Europe/Berlin): for what is written down once and read anywhere."""
    here = at.astimezone(_zone(zone))
    return f"{here:%a} {here.day} {here:%b, %H:%M} ({here.tzinfo})"


def _morning(here: datetime, days: int) -> datetime:
    day = here.date() + timedelta(days=days)
    return datetime.combine(day, _MORNING, here.tzinfo).astimezone(UTC)


def _zone(zone: str) -> ZoneInfo:
    return ZoneInfo(zone if is_zone(zone) else "UTC")
