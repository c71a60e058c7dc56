"""How long a text may wait before late words are worse than none, and who sends it all the same."""

from datetime import timedelta

import pytest
from time_machine import travel

from smsinbox.core import clock
from smsinbox.services import delivery, numbers, outbound, schedules, upkeep
from smsinbox.services.manner import Manner
from tests import build
from tests.build import THEIRS


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, build.a_contact(THEIRS))


@pytest.mark.parametrize(("minutes", "state"), [(59, "queued"), (61, "failed")])
def test_a_person_s_text_waits_for_an_hour_at_most(number, conversation, ben, minutes, state):
    mine = outbound.reply(conversation.id, "Hi", None, ben)
    with travel(clock.now() + timedelta(minutes=minutes)):
        upkeep.expire_texts()
    assert build.again(mine).state == state


def test_each_number_has_a_patience_of_its_own_and_programs_have_more(number, conversation, ben):
    numbers.edit(number.id, "Support", 1000.0, None, None, gives_up_after="5")
    mine = outbound.reply(conversation.id, "Hi", None, ben)
    theirs = outbound.reply(conversation.id, "Hi", None, build.a_key())
    with travel(clock.now() + timedelta(minutes=6)):
        assert upkeep.expire_texts() == 1
    assert (build.again(mine).state, build.again(theirs).state) == ("failed", "queued")


def test_one_that_is_too_old_leaves_all_the_same_when_somebody_wants_it(number, conversation, ben):
    mine = outbound.reply(conversation.id, "Hi", None, ben)
    with travel(clock.now() + timedelta(hours=30)):
        upkeep.expire_texts()
        outbound.resend(mine.id, by=ben)
        assert upkeep.expire_texts() == 0
        assert delivery.claim() is not None


def test_the_patience_of_a_scheduled_text_begins_when_its_time_has_come(conversation, ben):
    at = clock.now() + timedelta(hours=9)
    outbound.reply(conversation.id, "Hi", None, ben, manner=Manner(at=at))
    with travel(at + timedelta(minutes=1)):
        schedules.release()
        assert upkeep.expire_texts() == 0
    with travel(at + timedelta(minutes=62)):
        assert upkeep.expire_texts() == 1
