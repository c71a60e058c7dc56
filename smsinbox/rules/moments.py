"""Moments as admins write them ("Sun 03:00") and as contacts read them ("tomorrow at 9:00")."""

from datetime import UTC, datetime, time, timedelta, tzinfo

from babel.dates import get_day_names, get_month_names

from smsinbox.core.i18n import _, locale, speaking

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def check(written: str) -> None:
    """Raises ValueError unless `instant` can read it."""
    instant(written, UTC, datetime(2026, 1, 1, tzinfo=UTC))


def instant(written: str, zone: tzinfo, near: datetime) -> datetime:
    """The instant that is meant: the next such day after `near`, or a date and time in the zone.

    "Sun 03:00", "2026-12-25 10:00", and ISO with an offset for an hour that a clock shows twice.
    """
    day, _gap, clock = written.strip().partition(" ")
    try:
        if day[:3].lower() in DAYS:
            local = near.astimezone(zone)
            ahead = (DAYS.index(day[:3].lower()) - local.weekday()) % 7
            wall = datetime.combine(local.date() + timedelta(ahead), time.fromisoformat(clock))
        else:
            wall = datetime.fromisoformat(written.strip())
        return (wall if wall.tzinfo else wall.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            _(
                "“%(moment)s” is no moment: write it like “%(example)s” or “2026-12-25 10:00”.",
                moment=written,
                example="Sun 03:00",
            )
        ) from None


def clock_of(local: datetime) -> str:
    """9:00, 14:30."""
    return f"{local.hour}:{local.minute:02}"


def day_of(local: datetime) -> str:
    """12 January."""
    return f"{local.day} {_MONTHS[local.month - 1]}"


def ahead(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """A moment to come: "at 14:00", "tomorrow at 9:00", "on Monday at 9:00", "on 4 May at 9:00".

    In English whoever looks: it is said to contacts, and written down.
    """
    with speaking("en"):
        return coming(moment, now, zone)


def coming(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """The same in the reader's language."""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    at = clock_of(there)
    match (there.date() - here.date()).days:
        case 0:
            return _("at %(time)s", time=at)
        case 1:
            return _("tomorrow at %(time)s", time=at)
        case days if 1 < days < 7:
            name = get_day_names(locale=locale())[there.weekday()]
            return _("on %(weekday)s at %(time)s", weekday=name, time=at)
    month = get_month_names(locale=locale())[there.month]
    return _("on %(day)s %(month)s at %(time)s", day=there.day, month=month, time=at)
