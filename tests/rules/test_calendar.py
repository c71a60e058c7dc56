"""Open or closed by the clock on the wall, through nights, holidays and odd hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core.errors import Invalid
from smsinbox.rules import moments
from smsinbox.rules.calendar import Hours, calendar
from tests.rules.build import OFFICE

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def hours(zone="America/New_York", special=(), **weekly):
    return Hours(calendar({"name": "C", "zone": zone, "weekly": weekly, "special": list(special)}))


def daily(*ranges):
    return {day: list(ranges) for day in DAYS}


def wall(zone, written, fold=0):
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


OFFICE_HOURS = Hours(calendar(OFFICE))


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-05-04 09:00", True),
        ("2026-05-04 08:59", False),
        ("2026-05-04 12:29", True),
        ("2026-05-04 12:30", False),
        ("2026-05-04 13:30", True),
        ("2026-05-04 17:00", False),
        ("2026-05-03 12:00", False),
        ("2026-12-25 12:00", False),
        ("2026-12-24 12:00", True),
    ],
)
def test_hours_begin_with_their_first_minute_and_end_before_their_last(at, is_open):
    assert OFFICE_HOURS.state(wall("America/New_York", at)).open is is_open


def test_a_special_day_says_its_own():
    state = OFFICE_HOURS.state(wall("America/New_York", "2026-12-25 12:00"))
    assert (state.word, state.label, state.text) == ("closed", "Christmas", "Merry Christmas!")


def test_a_night_belongs_to_the_day_it_begins_on():
    bar = hours(
        fri=["18:00-02:00"],
        special=[{"from": "2026-05-09", "open": []}, {"from": "2026-05-15", "label": "shut"}],
    )
    zone = "America/New_York"
    assert bar.state(wall(zone, "2026-05-09 01:59")).open  # the holiday takes no night before it
    assert not bar.state(wall(zone, "2026-05-09 02:00")).open
    assert not bar.state(wall(zone, "2026-05-16 01:00")).open  # that night never began
    assert bar.until(wall(zone, "2026-05-08 20:00")) == wall(zone, "2026-05-09 02:00")


def test_several_days_can_be_special_and_opened():
    fair = hours(special=[{"from": "2026-05-09", "until": "2026-05-11", "open": ["10:00-12:00"]}])
    zone = "America/New_York"
    opens = [fair.state(wall(zone, f"2026-05-{day:02} 11:00")).open for day in range(8, 13)]
    assert opens == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("zone", "gap", "fold"),
    [
        ("America/New_York", "2026-03-08", "2026-11-01"),
        ("Europe/Berlin", "2026-03-29", "2026-10-25"),
        ("Australia/Lord_Howe", "2026-10-04", "2026-04-05"),  # half an hour
    ],
)
def test_an_hour_that_happens_twice_is_open_twice_and_one_that_is_skipped_never(zone, gap, fold):
    early = hours(zone, **daily("01:30-02:30"))
    for day in (gap, fold):
        midnight, seen = wall(zone, f"{day} 00:00"), 0
        for minute in range(6 * 60):
            at = midnight + timedelta(minutes=minute)
            clock = at.astimezone(ZoneInfo(zone))
            is_open = (1, 30) <= (clock.hour, clock.minute) < (2, 30)
            assert early.state(at).open is is_open
            seen += is_open
        assert (seen < 60) is (day == gap)
        assert (seen > 60) is (day == fold)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
@pytest.mark.parametrize("start", ["2026-03-07", "2026-03-28", "2026-10-03", "2026-04-04"])
def test_the_next_change_is_the_first_minute_that_is_different(zone, start):
    early = hours(zone, **daily("01:45-02:15", "22:00-00:30"))
    begin = wall(zone, f"{start} 12:00")
    states = [early.state(begin + timedelta(minutes=n)).open for n in range(3 * 1440)]
    for asked in range(0, 1440, 7):
        at = begin + timedelta(minutes=asked)
        change = next(n for n in range(asked, len(states)) if states[n] != states[asked])
        fresh = hours(zone, **daily("01:45-02:15", "22:00-00:30"))
        assert early.until(at) == fresh.until(at) == begin + timedelta(minutes=change)


def test_what_never_changes_has_no_next_change():
    always = hours(**daily("00:00-24:00"))
    never = hours()
    at = wall("America/New_York", "2026-05-04 12:00")
    assert always.state(at).open
    assert always.opens(at) is always.until(at) is never.opens(at) is never.until(at) is None


def test_a_label_alone_is_no_change():
    shut = hours(mon=["09:00-17:00"], special=[{"from": "2026-05-02", "label": "May"}])
    zone = "America/New_York"
    assert shut.opens(wall(zone, "2026-05-01 12:00")) == wall(zone, "2026-05-04 09:00")


@given(st.integers(0, 90 * 365 * 1440), st.sampled_from(DAYS))
def test_answers_do_not_depend_on_what_was_asked_before(minute, day):
    at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    asked, fresh = hours(**{day: ["22:00-06:00"]}), hours(**{day: ["22:00-06:00"]})
    for ago in (3, 2, 1):
        asked.until(at - timedelta(days=ago))
    assert (asked.state(at), asked.until(at)) == (fresh.state(at), fresh.until(at))


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-05-04 08:00", "at 9:00"),
        ("2026-05-04 18:00", "tomorrow at 9:00"),
        ("2026-05-08 18:00", "on Monday at 9:00"),
        ("2026-05-04 12:45", "at 13:30"),
    ],
)
def test_the_next_opening_is_told_as_people_do(at, words):
    zone = ZoneInfo("America/New_York")
    instant = wall("America/New_York", at)
    opening = OFFICE_HOURS.opens(instant)
    assert opening is not None
    assert moments.ahead(opening, instant, zone) == words


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("Sun 03:00", "2026-05-10 03:00"),
        ("mon 12:00", "2026-05-04 12:00"),
        ("2026-12-25 10:00", "2026-12-25 10:00"),
        ("2026-11-01 01:30-05:00", "2026-11-01 02:30"),
    ],
)
def test_a_moment_is_read_as_admins_write_it(written, instant):
    zone = "America/New_York"
    near = wall(zone, "2026-05-04 10:00")
    moment = moments.instant(written, ZoneInfo(zone), near)
    if "-05:00" in written:
        assert moment == wall(zone, "2026-11-01 01:30", fold=1)
    else:
        assert moment == wall(zone, instant)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"zone": "Mars/Base"}, "zone", "no time zone"),
        ({"weekly": {"monday": []}}, "weekly", "no day"),
        ({"weekly": {"mon": ["9-5"]}}, "weekly", "09:00-17:30"),
        ({"weekly": {"mon": ["09:00-25:00"]}}, "weekly", "no hours"),
        ({"weekly": {"mon": ["09:00-24:30"]}}, "weekly", "beyond 24:00"),
        ({"weekly": {"mon": ["09:00-12:00", "11:00-13:00"]}}, "weekly", "overlap"),
        ({"name": ""}, "name", "empty"),
        ({"holidays": []}, "holidays", "no field that we know"),
        ({"special": [{"from": "soon"}]}, "special.from", "date"),
        ({"special": [{"from": "2026-02-02", "until": "2026-02-01"}]}, "special.until", "last day"),
        ({"special": [{"from": "2026-02-02", "text": "{{x}}"}]}, "special.text", "no field"),
    ],
)
def test_a_calendar_that_cannot_be_says_which_field_and_why(change, field, words):
    with pytest.raises(Invalid, match=words) as caught:
        calendar(OFFICE | change)
    assert caught.value.field == field


def test_a_calendar_is_kept_as_it_was_written():
    made = calendar(OFFICE)
    assert calendar(made.json_ready()) == made
