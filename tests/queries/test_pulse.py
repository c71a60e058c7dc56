"""The meter tells what is wrong, and nothing else."""

from datetime import timedelta

import pytest

from smsinbox.core import clock, events
from smsinbox.core.database import atomic
from smsinbox.core.events import Cursor, emit
from smsinbox.models import Lease
from smsinbox.models.events import NumberChanged
from smsinbox.models.lease import SWEEPER
from smsinbox.queries.pulse import pulse
from smsinbox.services import upkeep
from tests import build


@pytest.fixture
def swept(app):
    upkeep.lead("me")


def later(seconds: float):
    return clock.at(clock.now() + timedelta(seconds=seconds))


def test_all_is_well_where_the_sweeper_goes_round_and_nothing_waits(swept):
    assert pulse(events.newest()) == (0, 0, "")


def test_a_sweeper_that_never_ran_is_told(app):
    assert "sweeper has never run" in pulse(events.newest()).words


def test_a_sweeper_that_stopped_is_told_within_six_seconds(swept):
    with later(3):
        assert pulse(events.newest()).words == ""
    with later(6):
        found = pulse(events.newest())
    assert found.words.startswith("The sweeper stands still")
    assert found.behind >= 6


def test_a_text_that_nobody_takes_is_told_and_one_that_may_not_leave_yet_is_not(app, number):
    now = clock.now()
    there = build.a_conversation(number)
    build.a_message(there, next_at=now + timedelta(seconds=4))
    with later(6):
        upkeep.lead("me")
        assert pulse(events.newest()).words == ""
    with later(9):
        found = pulse(events.newest())
    assert found.words.startswith("Texts leave late")
    assert found.behind >= 5


def test_changes_that_are_not_drawn_are_counted_and_told_once_they_are_late(swept):
    cursor = events.newest()
    atomic(emit)(NumberChanged(), NumberChanged())
    assert pulse(cursor) == (2, 0, "")
    with later(4):
        ahead, late, words = pulse(cursor)
        assert (ahead, words) == (2, "What happens is shown late.")
        assert 2 <= late <= 6
    assert events.ahead(Cursor(2**60, 2**60)) == (0, None)


def test_the_lease_says_when_the_sweeper_last_went_round(swept):
    [lease] = build.every(Lease)
    assert lease.name == SWEEPER
