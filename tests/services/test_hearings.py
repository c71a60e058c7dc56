"""A number that falls silent against its own habit is noticed; nights are not."""

from datetime import UTC, datetime, timedelta

import pytest

from smsinbox.core import clock
from smsinbox.core.database import atomic
from smsinbox.core.events import emit
from smsinbox.models import Hearing
from smsinbox.models.events import MessageReceived
from smsinbox.queries.hearings import silences, silences_for
from smsinbox.services import hearings
from tests import build

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def a_habit(days: int, every: int = 12) -> Hearing:
    """Texts every so many minutes from 8 to 20 o'clock."""
    hearing = Hearing(number_id=1, since=MONDAY, last_at=MONDAY, heard=0, gap=0.0, longest=0.0)
    for day in range(days):
        for minute in range(8 * 60, 20 * 60, every):
            hearing.hear(1, MONDAY + timedelta(days=day, minutes=minute))
    return hearing


def test_a_silence_through_a_working_day_is_strange_and_a_night_is_not():
    hearing = a_habit(days=10)
    night = MONDAY + timedelta(days=10, hours=8)
    assert hearing.silence(night) is None
    noon_after = MONDAY + timedelta(days=10, hours=15)
    assert hearing.silence(noon_after) == timedelta(hours=19, minutes=12)
    assert timedelta(minutes=11) < timedelta(seconds=hearing.gap) < timedelta(hours=5)


@pytest.mark.parametrize("days", [0, 3])
def test_what_is_not_known_for_a_week_is_no_habit(days):
    assert a_habit(days).silence(MONDAY + timedelta(days=days + 3)) is None


@atomic
def a_text(number_id: int) -> None:
    emit(MessageReceived(number_id=number_id))


def test_the_sweeper_learns_from_the_log_and_reads_each_text_once(number):
    hearings.listen()
    for _ in range(3):
        a_text(number.id)
    hearings.listen()
    hearings.listen()
    [learnt] = build.every(Hearing)
    assert (learnt.number_id, learnt.heard) == (number.id, 3)


def silent(number) -> None:
    long_ago = clock.now() - timedelta(days=9)
    last = clock.now() - timedelta(hours=6)
    build.added(
        Hearing(
            number_id=number.id, since=long_ago, last_at=last, heard=500, gap=720.0, longest=7200.0
        )
    )


def test_admins_are_shown_the_silence_with_the_normal_gap(app, number, ada, ben):
    silent(number)
    [one] = silences()
    assert one.words == "Nothing was heard on Support for 6 hours (normally every 12 minutes)."
    assert "Nothing was heard on Support" in build.signed_in(app, ada).get("/conversations").text
    assert silences_for(ben) == []
    assert "Nothing was heard" not in build.signed_in(app, ben).get("/conversations").text
