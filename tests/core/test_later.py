"""Later is what somebody's own clock and calendar say."""

from datetime import UTC, datetime

import pytest

from smsinbox.core import later

SUNDAY = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # in Berlin Sunday: clocks change at 1:00


@pytest.mark.parametrize(
    ("preset", "zone", "expected"),
    [
        ("1h", "Europe/Berlin", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
        ("3h", "Europe/Berlin", datetime(2026, 3, 29, 2, 30, tzinfo=UTC)),
        ("tomorrow", "Europe/Berlin", datetime(2026, 3, 30, 7, tzinfo=UTC)),
        ("tomorrow", "America/New_York", datetime(2026, 3, 29, 13, tzinfo=UTC)),
        ("monday", "Europe/Berlin", datetime(2026, 3, 30, 7, tzinfo=UTC)),
        ("tomorrow", "no such zone", datetime(2026, 3, 29, 9, tzinfo=UTC)),
        ("", "UTC", None),
    ],
)
def test_a_preset_is_a_moment_in_the_zone_of_who_asks(preset, zone, expected):
    assert later.moment(preset, zone, SUNDAY) == expected


def test_monday_is_never_today():
    monday = datetime(2026, 3, 30, 6, tzinfo=UTC)
    assert later.moment("monday", "UTC", monday) == datetime(2026, 4, 6, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01T00:00", "2026-04-01T10:00Z", "9999-01-01"]
)
def test_what_is_no_local_date_is_none(text):
    assert later.typed(text, "UTC") is None


def test_a_typed_date_is_read_in_the_zone():
    assert later.typed("2026-07-01T10:00", "Europe/Berlin") == datetime(2026, 7, 1, 8, tzinfo=UTC)
