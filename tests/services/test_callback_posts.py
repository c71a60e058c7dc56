"""The outbox of callbacks: held by one, tried for a day, and switched off after three."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from time_machine import travel

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, Forbidden
from smsinbox.core.events import LogEntry
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import ConsentChange, Happening, InboundText, Progress, Rank
from smsinbox.models import Callback, CallbackPost
from smsinbox.services import api_keys, callback_endpoints, callback_posts
from smsinbox.services.callback_posts import Outcome, Try
from tests import build

EXPECTED = {
    Happening.RECEIVED: InboundText,
    Happening.SENT: Progress,
    Happening.FAILED: Progress,
    Happening.DELIVERED: Progress,
    Happening.OPTED_OUT: ConsentChange,
}


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, build.a_contact(build.THEIRS))


@atomic
def a_post(callback, message, happening=Happening.RECEIVED, **fields):
    now = clock.now()
    defaults = {
        "event_id": f"{message.id}:{happening}",
        "name": DIALECTS[callback.dialect].server.EVENTS[happening],
        "message_id": message.id,
        "state": "waiting",
        "due_at": now,
        "created_at": now,
    }
    post = CallbackPost(
        callback_id=callback.id,
        happening=happening.value,
        conversation_id=message.conversation_id,
        **(defaults | fields),
    )
    db.session.add(post)
    db.session.flush()
    return post


@pytest.fixture
def post(conversation):
    return a_post(build.a_callback(), build.a_message(conversation, body="Grüße 👋"))


def taken() -> Try:
    (held,) = callback_posts.take([], 10)
    return held


def ended(held: Try, status: int | None = 200, **fields) -> None:
    succeeded = status == 200
    callback_posts.finish(
        [Outcome(held, succeeded, status, 12, None if succeeded else "No.", **fields)]
    )


def test_a_post_is_taken_by_one(app, post):
    def take(_):
        with app.app_context():
            return len(callback_posts.take([], 10))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(16))) == 1


def test_whoever_dies_with_a_post_is_followed_after_a_minute(post):
    taken()
    assert callback_posts.take([], 10) == []
    with travel(clock.now() + callback_posts.HOLD):
        assert taken().attempt == 2


def test_a_late_answer_of_the_dead_changes_nothing(post):
    dead = taken()
    with travel(clock.now() + callback_posts.HOLD):
        alive = taken()
        ended(dead, 500)
        ended(alive, 200)
    assert (build.again(post).state, post.last_status, post.attempts) == ("done", 200, 2)


def test_a_failure_waits_and_a_success_ends_it(post):
    ended(taken(), 500)
    assert (build.again(post).state, post.last_status, post.last_ms) == ("waiting", 500, 12)
    build.changed(post, due_at=clock.now())
    ended(taken(), 200)
    assert (build.again(post).state, post.last_error) == ("done", None)
    assert post.ended_at is not None


@pytest.mark.parametrize("attempt", [1, 2, 5, 11, 1000])
def test_pauses_double_up_to_an_hour_with_full_jitter(attempt):
    longest = min(3600, 4 * 2 ** (min(attempt, 20) - 1))
    pauses = [callback_posts.pause(attempt).total_seconds() for _ in range(300)]
    assert 0 <= min(pauses) < longest * 0.1
    assert longest * 0.9 < max(pauses) <= longest


def test_after_a_day_a_post_is_given_up(post):
    build.changed(post, created_at=clock.now() - timedelta(hours=24))
    ended(taken(), None)
    assert (build.again(post).state, post.last_error) == ("given_up", "No.")


def test_a_post_that_nobody_could_take_is_given_up_too(post, ada):
    callback_endpoints.switch(post.callback_id, False, ada)
    assert callback_posts.take([], 10) == []
    with travel(clock.now() + timedelta(hours=25)):
        assert callback_posts.give_up() == 1
    assert build.again(post).state == "given_up"


def test_three_days_of_failures_switch_an_endpoint_off_and_tell(post):
    ended(taken(), 500)
    since = build.every(Callback)[0].failing_since
    assert since is not None
    with travel(since + timedelta(days=2, hours=23)):
        build.changed(post, due_at=clock.now(), created_at=clock.now())
        ended(taken(), 500)
        assert build.every(Callback)[0].active
    with travel(since + timedelta(days=3)):
        build.changed(post, due_at=clock.now(), created_at=clock.now())
        ended(taken(), 500)
    (off,) = build.every(Callback)
    assert not off.active
    assert off.off_reason
    assert off.off_at
    assert off.off_at >= since + timedelta(days=3)
    assert "CallbackSwitchedOff" in [entry.kind for entry in build.every(LogEntry)]


def test_one_success_in_between_starts_the_three_days_anew(post):
    ended(taken(), 500)
    build.changed(post, due_at=clock.now())
    ended(taken(), 200)
    assert build.every(Callback)[0].failing_since is None


def test_a_texts_own_address_says_nothing_about_the_endpoint(post):
    ended(taken(), 500, at_endpoint=False)
    assert build.every(Callback)[0].failing_since is None


def test_one_endpoint_never_has_more_than_its_share(conversation):
    slow, quick = build.a_callback(), build.a_callback()
    for _ in range(10):
        a_post(slow, build.a_message(conversation))
    a_post(quick, build.a_message(conversation))
    held = [one.callback_id for one in callback_posts.take([], 16)]
    assert (held.count(slow.id), held.count(quick.id)) == (callback_posts.SIDE_BY_SIDE, 1)
    assert callback_posts.take([slow.id], 16) == []


def test_one_that_fails_is_tried_with_one_post_at_a_time(conversation):
    failing = build.a_callback()
    build.changed(failing, failing_since=clock.now())
    for _ in range(3):
        a_post(failing, build.a_message(conversation))
    assert len(callback_posts.take([], 16)) == 1


@pytest.mark.parametrize("happening", EXPECTED)
def test_what_is_said_is_made_of_the_rows_as_they_are_now(conversation, happening):
    message = build.a_message(conversation, error_code="40001", error_detail="Landline")
    about = {"message_id": None} if happening is Happening.OPTED_OUT else {}
    dialect = "pingram" if about else "trunx"
    a_post(build.a_callback(dialect=dialect), message, happening, **about)
    build.changed(message, body="Changed since")
    event = taken().event
    assert isinstance(event, EXPECTED[happening])
    match event:
        case InboundText():
            assert (event.sender, event.recipient) == (build.THEIRS, build.OURS)
            assert event.body == "Changed since"
        case Progress():
            assert event.taken.text.sender == build.OURS
            failed = event.rank is Rank.UNDELIVERED
            assert event.code == ("40001" if failed else "")
        case ConsentChange():
            assert (event.sender, event.opted_out) == (build.THEIRS, True)


def test_every_try_has_the_same_event_id_and_its_own_count(post):
    first = taken()
    with travel(clock.now() + callback_posts.HOLD):
        second = taken()
    assert (first.event_id, first.attempt) == (second.event_id, 1)
    assert second.attempt == 2


def test_send_again_posts_what_was_done_or_given_up(post, ada):
    ended(taken(), 200)
    callback_posts.send_again(post.id, ada)
    assert taken().post_id == post.id


def test_send_again_is_for_admins_and_for_endpoints_that_are_on(post, ada, ben):
    with pytest.raises(Forbidden):
        callback_posts.send_again(post.id, ben)
    callback_endpoints.switch(post.callback_id, False, ada)
    with pytest.raises(Conflict):
        callback_posts.send_again(post.id, ada)


def test_a_revoked_key_ends_the_posts(post, ada):
    api_keys.revoke(build.every(Callback)[0].api_key_id, ada)
    assert callback_posts.take([], 10) == []


def test_a_secret_that_cannot_be_opened_is_said_in_the_log(post):
    build.changed(build.every(Callback)[0], secret_sealed="A" * 40)
    assert callback_posts.take([], 10) == []
    assert build.again(post).state == "given_up"
    assert "SECRET_KEY" in (post.last_error or "")


def test_one_that_makes_no_sense_holds_up_no_other(conversation):
    callback = build.a_callback()
    broken = build.a_message(conversation, asked={"dialect": "telnyx", "text": 7})
    bad = a_post(callback, broken, Happening.SENT)
    good = a_post(callback, build.a_message(conversation), Happening.SENT)
    assert taken().post_id == good.id
    assert build.again(bad).state == "given_up"


def test_old_posts_are_forgotten(post):
    ended(taken(), 200)
    assert callback_posts.prune() == 0
    with travel(clock.now() + timedelta(days=31)):
        assert callback_posts.prune() == 1
