"""The days of a thread: each is told once, whichever way its texts come."""

from datetime import UTC, datetime, timedelta

import pytest

from smsinbox.core import clock
from smsinbox.core.i18n import Style, writing_in
from smsinbox.queries.days import brought, days
from smsinbox.queries.messages import thread, thread_after
from tests import build

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def texts(number):
    """Two texts a day at noon, for four days."""
    there = build.a_conversation(number)
    hours = [hour for day in range(4) for hour in (24 * day, 24 * day + 1)]
    return [
        build.a_message(there, state="accepted", created_at=NOON + timedelta(hours=hour))
        for hour in hours
    ]


def _told(found):
    lines = {message_id: line.day.day for message_id, line in found.lines.items()}
    return lines, *(line.day.day if line else None for line in (found.top, found.end))


def test_a_whole_thread_tells_each_day_above_its_first_text(texts):
    there = texts[0].conversation_id
    firsts = {texts[at].id: day for at, day in ((0, 1), (2, 2), (4, 3), (6, 4))}
    assert _told(days(there, thread(there))) == (firsts, None, None)


def test_days_begin_by_the_readers_clock(texts):
    there = texts[0].conversation_id
    with writing_in(Style(zone="Pacific/Auckland")):  # where the second text is of the next day
        found = days(there, thread(there))
    assert _told(found)[0] == {texts[0].id: 2, texts[2].id: 3, texts[4].id: 4, texts[6].id: 5}


@pytest.mark.parametrize(("shown", "end"), [(5, None), (4, 3)])
def test_the_day_of_a_part_that_is_cut_off_is_told_until_the_older_ones_know(texts, shown, end):
    there = texts[0].conversation_id
    part = thread(there, limit=shown)
    _lines, top, _end = _told(days(there, part))
    assert top == (2 if shown == 5 else 3)
    older = days(there, thread(there, before=part.older), before=part.older)
    assert _told(older)[1:] == (None, end)


@pytest.mark.parametrize(("after", "lines"), [(1, {2: 2, 4: 3, 6: 4}), (2, {4: 3, 6: 4})])
def test_later_texts_tell_only_days_that_are_not_told(texts, after, lines):
    there = texts[0].conversation_id
    found = days(there, thread_after(there, texts[after].id), after=texts[after].id)
    assert _told(found) == ({texts[at].id: day for at, day in lines.items()}, None, None)


def test_a_reaction_that_is_folded_begins_no_day(texts):
    there = texts[0]
    fields = {"direction": "inbound", "state": "received", "reacts_to_id": there.id}
    folded = build.a_message(build.again(there.conversation), created_at=_day(4), **fields)
    said = build.a_message(build.again(there.conversation), created_at=_day(4))
    assert list(brought([folded, said, texts[-1]]).lines) == [said.id]
    whole = days(there.conversation_id, thread(there.conversation_id))
    assert whole.lines[said.id].day.day == 5
    assert folded.id not in whole.lines


@pytest.mark.parametrize(("planned", "told"), [(3, False), (4, True)])
def test_plans_stand_behind_all_that_was_said_under_days_of_their_own(texts, planned, told):
    there = build.again(texts[0].conversation)
    plan = build.a_message(there, state="scheduled", created_at=NOON, next_at=_day(planned))
    for lines in (days(there.id, thread(there.id)).lines, brought([plan]).lines):
        assert (plan.id in lines) == told
        if told:
            assert lines[plan.id].id == "planned-2026-03-05"
            assert int(lines[plan.id].key) <= clock.micros(_day(planned))


def test_a_line_sorts_between_what_stands_above_and_its_text(texts):
    line = brought([texts[2]]).lines[texts[2].id]
    above, rest = (int(part) for part in line.key.split("."))
    assert (above, line.id) == (texts[2].id - 1, "day-2026-03-02")
    assert rest > 999_999_999_999  # where the place for later texts is


@pytest.mark.parametrize(
    ("fields", "stands_together"),
    [
        ({}, True),
        ({"created_at": NOON + timedelta(minutes=2)}, False),
        ({"author_name": "Ada"}, False),
        ({"author": "program"}, False),
        ({"direction": "inbound", "state": "received", "author": "contact"}, False),
        ({"state": "scheduled", "next_at": NOON + timedelta(seconds=9)}, False),
    ],
)
def test_what_one_writer_wrote_within_two_minutes_stands_together(number, fields, stands_together):
    there = build.a_conversation(number)
    build.a_message(there, state="accepted", created_at=NOON)
    folded = {"direction": "inbound", "state": "received", "author": "contact", "reacts_to_id": 1}
    build.a_message(there, created_at=NOON, **folded)  # shows at the text that it is about
    then = {"state": "accepted", "created_at": NOON + timedelta(seconds=119)}
    text = build.a_message(there, **then | fields)
    wanted = {text.id} if stands_together else set()
    assert days(there.id, thread(there.id)).joined == wanted
    assert brought([text]).joined == wanted


def test_the_first_text_of_a_part_knows_whom_it_belongs_to_when_the_older_ones_come(number):
    there = build.a_conversation(number)
    for _ in range(3):
        build.a_message(there, state="accepted", created_at=NOON)
    assert days(there.id, thread(there.id, limit=2)).joined == {2, 3}
    assert days(there.id, thread_after(there.id, 2), after=2).joined == {3}


def _day(days):
    return NOON + timedelta(days=days, minutes=30)
