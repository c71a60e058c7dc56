"""Who wants to hear of a text or a notification: each by their own wishes, and only of theirs."""

from datetime import timedelta

import pytest

from smsinbox.core import clock, events
from smsinbox.core.database import atomic
from smsinbox.models import Channel, Conversation, NotificationKind, Preference
from smsinbox.models.preference import HAPPENINGS, TEXT, Level
from smsinbox.queries import conversations, preferences
from smsinbox.queries import notifications as told
from smsinbox.queries.rings import Ear, rings
from smsinbox.services import blocking, inbound, notifications
from smsinbox.services import preferences as preferences_service
from tests import build
from tests.services.test_inbound import an_arrival

EVERYTHING = [f"{one}:{channel}" for one in HAPPENINGS for channel in Channel]


def wishes(user, level=Level.MINE, wanted=EVERYTHING, hides_text=False, repeats=False):
    preferences_service.edit(level, repeats, hides_text, wanted, by=user)


@pytest.fixture
def heard(number, ada, ben, cy):
    """What these users hear of everything that happens inside."""
    begun = events.newest()

    def now(*users):
        entries = events.since(begun)
        rows = conversations.rows({one.conversation_id for one in entries if one.conversation_id})
        return rings(entries, rows, [Ear(one, preferences.of(one)) for one in users])

    return now


def who(found) -> list[int]:
    return [one.user_id for one in found]


def test_a_text_that_nobody_has_taken_is_told_to_all_who_may_see_it(heard, number, ada, ben, cy):
    inbound.receive([an_arrival(number, "My order " * 30)])
    found = heard(ada, ben, cy)
    assert who(found) == [ada.id, ben.id]
    assert "312" in found[0].title
    assert found[0].words.startswith("My order")
    assert len(found[0].words) == 80
    assert (found[0].sounds, found[0].pushes, found[0].repeats) == (True, True, False)


@pytest.mark.parametrize(
    ("level", "mine", "others"), [("off", 0, 0), ("mine", 1, 0), ("all", 1, 1)]
)
def test_of_whose_texts_one_hears_is_one_s_own_choice(heard, number, ada, ben, level, mine, others):
    inbound.receive([an_arrival(number)])
    there = build.every(Conversation)[0]
    wishes(ben, level)
    build.changed(there, assignee_id=ben.id)
    assert len(heard(ben)) == mine
    build.changed(there, assignee_id=ada.id)
    assert len(heard(ben)) == others


def test_each_channel_of_each_happening_can_be_silent(heard, number, ben):
    inbound.receive([an_arrival(number)])
    wishes(ben, wanted=[f"{TEXT}:push"])
    [one] = heard(ben)
    assert (one.sounds, one.pushes) == (False, True)
    wishes(ben, wanted=[])
    assert heard(ben) == []


def test_with_the_privacy_switch_neither_name_nor_words_are_said(heard, number, ben):
    inbound.receive([an_arrival(number, "Secret")])
    wishes(ben, hides_text=True)
    [one] = heard(ben)
    assert (one.title, one.words) == ("smsinbox", "New text")


def test_blocked_quiet_and_late_texts_ring_nowhere(heard, number, ada, ben):
    inbound.receive([an_arrival(number)])
    there = build.every(Conversation)[0]
    build.changed(there, waiting_since=None)  # as a rule that answers quietly leaves it
    assert heard(ben) == []
    build.changed(there, waiting_since=clock.now())
    assert len(heard(ben)) == 1
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert heard(ben) == []
    blocking.block(there.contact_id, by=ada)
    assert heard(ben) == []


def test_a_notification_rings_for_its_user_alone_and_not_when_it_was_read(heard, number, ada, ben):
    there = build.a_conversation(number)
    atomic(notifications.notify)(NotificationKind.ASSIGNED, [ben.id], there.id, None, ada.id)
    [one] = heard(ada, ben)
    assert (one.user_id, one.words) == (ben.id, "Assigned to you")
    notifications.read_in(there.id, by=ben)
    assert heard(ada, ben) == []


def test_a_number_that_was_taken_away_rings_no_more(heard, number, ben, cy):
    there = build.a_conversation(number)
    atomic(notifications.notify)(NotificationKind.WAITING, [ben.id], there.id)
    build.changed(ben, active=False)
    assert heard(ben, cy) == []


def test_a_bell_that_does_not_want_a_kind_does_not_count_it(number, ben):
    there = build.a_conversation(number)
    atomic(notifications.notify)(NotificationKind.WAITING, [ben.id], there.id)
    before = told.unread(ben)
    wishes(ben, wanted=[one for one in EVERYTHING if one != "waiting:bell"])
    assert (before, told.unread(ben)) == (1, 0)


def test_who_has_chosen_nothing_hears_what_is_theirs(ben):
    assert preferences.of(ben).level == Preference.default(ben.id).level == Level.MINE
