"""Times as people write them: by their clock, in their zone, in the order of their country."""

from datetime import UTC, date, datetime, timedelta

import pytest

from smsinbox.core import clock, times
from smsinbox.core.i18n import Style, writing_in

AT = datetime(2026, 3, 8, 23, 3, 7, tzinfo=UTC)
GERMAN = Style("de", "de_AT", "Europe/Vienna")


@pytest.mark.parametrize(
    ("style", "words"),
    [
        (Style(), ["11:03\u202fPM", "Mar 8, 11:03\u202fPM", "Mar 8, 2026"]),
        (Style("en", "en_GB", "Europe/London"), ["23:03", "8 Mar, 23:03", "8 Mar 2026"]),
        (Style("en", "en_US", "Asia/Kolkata", "h23"), ["04:33", "Mar 9, 04:33", "Mar 9, 2026"]),
        (Style("en", "en_GB", "Asia/Tokyo", "h12"), ["8:03 am", "9 Mar, 8:03 am", "9 Mar 2026"]),
        (GERMAN, ["00:03", "9. März, 00:03", "9. März 2026"]),
    ],
)
def test_a_time_is_written_as_its_reader_does(style, words):
    with writing_in(style):
        assert [written(AT) for written in (times.hour, times.moment, times.day)] == words


def test_all_there_is_to_say_names_the_day_of_the_week_and_the_zone():
    with writing_in(GERMAN):
        assert times.full(AT) == "Montag, 9. März 2026, 00:03 CET"
        assert times.exact(AT) == "9. März 2026, 00:03:07"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, ["now", "just now"]),
        (0, ["now", "just now"]),
        (1 / 24, ["1h", "1h ago"]),
        (2, ["2d", "2d ago"]),
        (29, ["29d", "29d ago"]),
        (60, ["2mo", "2mo ago"]),
        (364, ["12mo", "12mo ago"]),
        (800, ["2y", "2y ago"]),
    ],
)
def test_an_age_is_told_in_its_largest_unit(days, words):
    instant = clock.now() - timedelta(days=days)
    assert [times.when(instant), times.ago(instant)] == words


def test_a_sentence_of_an_age_is_the_languages_own():
    with writing_in(GERMAN):
        assert times.ago(clock.now() - timedelta(minutes=4)) == "vor 4\xa0Min."


@pytest.mark.parametrize(
    ("on", "words"), [(9, "Heute"), (8, "Gestern"), (7, "7. März 2026"), (10, "10. März 2026")]
)
def test_today_is_today_where_the_reader_is(on, words):
    with clock.at(AT), writing_in(GERMAN):
        assert times.day_line(date(2026, 3, on)) == (words, f"{on}. März 2026")


def test_what_a_thread_of_a_day_shows_is_made_once_a_minute_and_once_a_day():
    with writing_in(Style("en", "en_IE", "Pacific/Chatham")):
        before = times._minutes.cache_info().misses, times._day.cache_info().misses
        for second in range(0, 500, 5):
            times.full(AT + timedelta(seconds=second))
        after = times._minutes.cache_info().misses, times._day.cache_info().misses
    assert (after[0] - before[0], after[1] - before[1]) == (9, 1)
