"""When people mean by "tomorrow morning": moments by the clock of some place."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from smsinbox.core.i18n import _l

_MORNING = time(9)

# What is offered, in this order, by the name that forms send.
PRESETS = {
    "1h": _l("In 1 hour"),
    "3h": _l("In 3 hours"),
    "tomorrow": _l("Tomorrow, 9:00"),
    "monday": _l("Monday, 9:00"),
}


def moment(preset: str, zone: str, now: datetime) -> datetime:
    """The moment by the clock of that zone: a name out of PRESETS, or a date and time as browsers
    write it, "2026-11-23T09:00". Raises ValueError for anything else."""
    place = ZoneInfo(zone)
    if preset in ("1h", "3h"):
        return now + timedelta(hours=int(preset[0]))
    today = now.astimezone(place).date()
    if preset == "tomorrow":
        day = today + timedelta(days=1)
    elif preset == "monday":
        day = today + timedelta(days=7 - today.weekday())
    else:
        local = datetime.fromisoformat(preset)
        return (local if local.tzinfo else local.replace(tzinfo=place)).astimezone(UTC)
    return datetime.combine(day, _MORNING, place).astimezone(UTC)
