"""A scheduled text waits for its time, holds up no other, and can be taken back until it leaves."""

from datetime import datetime, timedelta

import pytest
import time_machine

from smsinbox.core import clock, events
from smsinbox.core.database import atomic
from smsinbox.core.errors import NotFound
from smsinbox.dialects.base import Asked, Change, OutboundText
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.models import Author, Conversation, Message
from smsinbox.services import api_keys, consent, content_rules, delivery, schedules
from smsinbox.services.outbox import Writer
from smsinbox.services.submission import Submission
from smsinbox.services.submissions import submit
from tests import build


@pytest.fixture
def key(app) -> int:
    return api_keys.create("Shop", "all")[0].id


def later(hours: float = 1) -> datetime:
    return clock.now() + timedelta(hours=hours)


def scheduled(key: int, at: datetime | None, body: str = "Hello") -> Message:
    asked = Asked(OutboundText(build.OURS, build.THEIRS, body), send_at=at)
    submission = Submission(asked, Writer(Author.PROGRAM, "Shop", api_key_id=key), "pingram")
    submit([submission])
    assert submission.message_id
    return next(one for one in build.every(Message) if one.id == submission.message_id)


def test_it_waits_and_holds_up_no_other_text_of_its_conversation(number, key):
    first = scheduled(key, later())
    second = scheduled(key, None)
    claimed = delivery.claim()
    assert first.state == "scheduled"
    assert claimed is not None
    assert claimed.message_id == second.id
    assert schedules.release() == 0


def test_its_time_comes_and_the_screens_hear_of_it(number, key):
    message = scheduled(key, later())
    before = events.newest()
    with time_machine.travel(later(1.01), tick=False):
        assert schedules.release() == 1
        claimed = delivery.claim()
    assert claimed is not None
    assert claimed.message_id == message.id
    assert [entry.kind for entry in events.since(before)] == ["MessageQueued"]


def test_the_list_shows_it_when_it_leaves_and_not_before(number, key):
    first, second = scheduled(key, None, "Said"), scheduled(key, later(2), "Later")
    scheduled(key, later(1), "Soon")
    before = build.every(Conversation)[0]
    assert (before.preview, before.last_message_at) == ("Said", first.created_at)
    with time_machine.travel(later(3), tick=False):
        assert schedules.release() == 2
        after = build.every(Conversation)[0]
        assert (after.preview, after.last_direction) == (second.body, "outbound")
        assert after.last_message_at == clock.now()


def test_a_first_text_that_waits_leaves_the_list_without_words(number, key):
    scheduled(key, later())
    [conversation] = build.every(Conversation)
    assert (conversation.preview, conversation.last_direction) == ("", None)


def test_it_does_not_grow_old_while_it_waits(number, key):
    message = scheduled(key, later(100))
    assert message.expires_at == message.next_at + timedelta(hours=4)  # type: ignore[operator]


def test_a_time_that_has_passed_is_now(number, key):
    assert scheduled(key, later(-1)).state == "queued"


def test_stop_cancels_it(number, key):
    message = scheduled(key, later())
    (conversation,) = build.every(Conversation)
    _stop(conversation)
    assert build.again(message).state == "canceled"


def _stop(conversation: Conversation) -> None:
    atomic(lambda: consent.withdraw([conversation], "word"))()


def test_its_program_takes_it_back_once_and_for_all(number, key):
    message = scheduled(key, later())
    assert schedules.cancel(message.id, key).state == "canceled"
    assert schedules.cancel(message.id, key).state == "canceled"
    with time_machine.travel(later(2), tick=False):
        assert schedules.release() == 0


def test_it_can_be_taken_back_until_it_is_on_its_way(number, key):
    message = scheduled(key, later())
    with time_machine.travel(later(1.01), tick=False):
        schedules.release()
        other = scheduled(key, None, "unscheduled")
        delivery.claim()
        with pytest.raises(Refusal) as caught:
            schedules.cancel(message.id, key)
    assert caught.value.reason is Reason.TOO_LATE
    with pytest.raises(Refusal):
        schedules.cancel(other.id, key)


def test_another_program_finds_nothing_to_take_back(number, key):
    message = scheduled(key, later())
    stranger = api_keys.create("Other", "all")[0].id
    for act in (
        lambda: schedules.cancel(message.id, stranger),
        lambda: schedules.change(message.id, stranger, Change(body="x")),
    ):
        with pytest.raises(NotFound):
            act()
    assert build.again(message).state == "scheduled"


def test_another_time_and_other_words(number, key):
    message, at = scheduled(key, later()), later(5)
    changed = schedules.change(message.id, key, Change(at, "Grüße 👋"))
    assert (changed.next_at, changed.expires_at) == (at, at + timedelta(hours=4))
    assert (changed.body, changed.encoding) == ("Grüße 👋", "UCS-2")


def test_words_that_may_not_be_sent_cannot_be_slipped_in_later(number, key):
    content_rules.create("vodka")
    message = scheduled(key, later())
    with pytest.raises(Refusal) as caught:
        schedules.change(message.id, key, Change(body="Vodka!"))
    assert caught.value.reason is Reason.CONTENT
    assert build.again(message).body == "Hello"
