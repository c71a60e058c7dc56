"""Whoever waits for too long is told of once: to the assignee, or to all who may see the number."""

from datetime import timedelta

import pytest

from smsinbox.core import clock
from smsinbox.models import Notification
from smsinbox.services import blocking, conversations, inbox, numbers, waiting
from tests import build


@pytest.fixture
def there(number):
    since = clock.now() - timedelta(minutes=31)
    return build.a_conversation(number, waiting_since=since, unanswered=1)


def told() -> list[tuple[str, int]]:
    return sorted((one.kind, one.user_id) for one in build.every(Notification))


def test_of_one_that_nobody_has_taken_all_are_told_who_may_see_it_and_once(there, ada, ben, cy):
    assert (waiting.alarm(), waiting.alarm()) == (1, 0)
    assert told() == sorted([("waiting", ada.id), ("waiting", ben.id)])


def test_of_one_s_own_only_the_assignee_is_told(there, ada, ben):
    build.changed(there, assignee_id=ben.id)
    waiting.alarm()
    assert told() == [("waiting", ben.id)]


def test_a_new_wait_is_told_again(there, ada):
    waiting.alarm()
    conversations.settle(there.id, by=ada)
    with clock.at(clock.now() + timedelta(hours=1)):
        conversations.unsettle(there.id, by=ada)
        assert waiting.alarm() == 0
    with clock.at(clock.now() + timedelta(hours=2)):
        assert waiting.alarm() == 1


@pytest.mark.parametrize(
    ("house", "own", "count"), [("30", "", 1), ("60", "", 0), ("60", "10", 1), ("30", "0", 0)]
)
def test_the_number_s_own_limit_goes_before_the_house_s(there, number, ada, house, own, count):
    inbox.edit("", "", "number", ada, alarm_after=house)
    numbers.edit(number.id, "Support", 1.0, None, ada, alarm_after=own)
    assert waiting.alarm() == count


@pytest.mark.parametrize("status", ["snoozed", "closed"])
def test_what_is_put_away_does_not_wait(there, status):
    build.changed(there, status=status)
    assert waiting.alarm() == 0


def test_nobody_is_told_of_somebody_who_is_blocked(there, ada):
    blocking.block(there.contact_id, by=ada)
    assert waiting.alarm() == 0
