"""The log becomes posts: who hears of what, once, whatever repeats and whenever we die."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from smsinbox.core import clock, events
from smsinbox.core.database import atomic
from smsinbox.core.events import Cursor
from smsinbox.dialects.base import Asked, OutboundText
from smsinbox.models import CallbackPost, Message, Reader
from smsinbox.models.events import ConsentChanged, MessageChanged, MessageReceived
from smsinbox.queries import callbacks as callbacks_query
from smsinbox.services import (
    api_keys,
    callback_endpoints,
    callbacks,
    outbound,
    schedules,
    submissions,
)
from smsinbox.services.outbox import Writer
from smsinbox.services.submission import Submission
from tests import build

ASKED = {"text": {"sender": build.OURS, "recipient": build.THEIRS, "body": "Hi"}}


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, build.a_contact(build.THEIRS))


@atomic
def happened(kind, message=None, conversation=None):
    of = conversation.id if conversation else message.conversation_id
    events.emit(kind(conversation_id=of, message_id=message.id if message else None))


def read(since: Cursor | None = None) -> list[str]:
    """Read the log on; the names of all posts there are now."""
    entries = events.since(since or callbacks_query.read_up_to())
    if entries:
        callbacks.plan(entries)
    return [post.name for post in build.every(CallbackPost)]


def received(conversation, **fields):
    message = build.a_message(conversation, direction="inbound", state="received", **fields)
    happened(MessageReceived, message)
    return message


def sent(conversation, key, state="accepted", **fields):
    message = build.a_message(
        conversation, state=state, api_key_id=key.id, author="program", **fields
    )
    happened(MessageChanged, message)
    return message


def moved(message, **fields):
    build.changed(message, **fields)
    happened(MessageChanged, message)


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        ("trunx", "sms.received"),
        ("telnyx", "message.received"),
        ("telnyx_v1", "inbound"),
        ("pingram", "SMS_INBOUND"),
    ],
)
def test_a_text_that_comes_in_is_told_in_each_dialect(conversation, dialect, name):
    build.a_callback(dialect=dialect)
    received(conversation)
    assert read() == [name]


def test_every_endpoint_with_a_key_that_may_read_hears_of_it(conversation):
    for scope in ("all", "send"):
        build.a_callback(build.a_key(scope, scope))
    build.a_callback(dialect="pingram")
    received(conversation)
    assert read() == ["sms.received", "SMS_INBOUND"]


def test_a_text_that_was_there_before_the_endpoint_is_not_told(conversation):
    old = received(conversation, created_at=clock.now() - timedelta(seconds=1))
    build.a_callback()
    assert read() == []
    assert old.id


@pytest.mark.parametrize(
    ("wanted", "heard"),
    [
        (["*"], True),
        (["sms.*"], True),
        (["sms.received"], True),
        (["sms.sent", "sms.rec*"], True),
        (["sms.sent"], False),
        (["voice.*"], False),
        (["sms"], False),
        (["SMS.RECEIVED"], False),
    ],
)
def test_an_endpoint_hears_what_its_globs_match(conversation, wanted, heard):
    build.a_callback(events=wanted)
    received(conversation)
    assert bool(read()) is heard


def test_a_program_hears_how_far_its_text_gets(conversation):
    key = build.a_key()
    build.a_callback(key)
    message = sent(conversation, key, delivery=10)
    assert read() == ["sms.sent"]
    moved(message, delivery=60)
    assert read() == ["sms.sent", "sms.delivered"]


def test_what_was_leapt_over_is_told_before_the_end(conversation):
    key = build.a_key()
    build.a_callback(key, "telnyx")
    sent(conversation, key, delivery=60)
    assert read() == ["message.sent", "message.finalized"]


def test_an_old_receipt_after_the_end_tells_nothing(conversation):
    key = build.a_key()
    build.a_callback(key, "telnyx")
    message = sent(conversation, key, state="uncertain")
    assert read() == ["message.finalized"]
    moved(message, state="accepted", delivery=20)
    assert read() == ["message.finalized"]
    moved(message, delivery=60)
    assert read() == ["message.finalized", "message.finalized"]


@pytest.mark.parametrize(
    ("state", "code", "told"),
    [
        ("failed", "40001", ["sms.failed"]),
        ("canceled", "opted-out", ["sms.failed"]),
        ("canceled", None, []),
        ("queued", None, []),
        ("sending", None, []),
        ("uncertain", None, []),  # for which Trunx has no word
    ],
)
def test_each_end_has_its_word_or_none(conversation, state, code, told):
    key = build.a_key()
    build.a_callback(key)
    sent(conversation, key, state=state, error_code=code)
    assert read() == told


def test_a_text_that_its_program_took_back_is_no_news_to_it(conversation):
    key = build.a_key()
    build.a_callback(key)
    at = clock.now() + timedelta(hours=1)
    asked = Asked(OutboundText(build.OURS, build.THEIRS, "Later"), send_at=at)
    submission = Submission(asked, outbound.writer_of(key), "trunx")
    submissions.submit([submission])
    schedules.cancel(submission.message_id or 0, key.id)
    assert build.every(Message)[-1].state == "canceled"
    assert read() == []


def test_a_programs_texts_are_no_business_of_others(conversation):
    build.a_callback(build.a_key("Other"))
    sent(conversation, build.a_key("Mine"))
    assert read() == []


def test_what_people_write_is_told_to_nobody(conversation):
    build.a_callback()
    happened(MessageChanged, build.a_message(conversation, state="accepted"))
    assert read() == []


def test_consent_is_told_to_pingrams_alone(conversation):
    for dialect in ("trunx", "telnyx", "telnyx_v1", "pingram"):
        build.a_callback(dialect=dialect)
    happened(ConsentChanged, conversation=conversation)
    assert read() == ["SMS_SUBSCRIBE"]
    build.an_opt_out(conversation)
    happened(ConsentChanged, conversation=conversation)
    assert read() == ["SMS_SUBSCRIBE", "SMS_UNSUBSCRIBE"]


def test_a_revoked_key_and_an_endpoint_that_is_off_hear_nothing(conversation, ada):
    off, revoked = build.a_callback(), build.a_key()
    build.a_callback(revoked)
    callback_endpoints.switch(off.id, False, ada)
    api_keys.revoke(revoked.id, ada)
    received(conversation)
    sent(conversation, revoked)
    assert read() == []


def test_reading_the_log_twice_posts_once(conversation):
    key = build.a_key()
    build.a_callback(key)
    received(conversation)
    sent(conversation, key)
    once = read()
    assert read(Cursor(0, 0)) == once == ["sms.received", "sms.sent"]


def test_eight_readers_at_once_post_once(app, conversation):
    key = build.a_key()
    build.a_callback(key)
    for _ in range(20):
        received(conversation)

    def again(_):
        with app.app_context():
            callbacks.plan(events.since(Cursor(0, 0)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(again, range(16)))
    assert len(build.every(CallbackPost)) == 20


def test_dying_before_the_commit_leaves_neither_posts_nor_the_place(conversation):
    build.a_callback()
    received(conversation)

    @atomic
    def die():
        callbacks.plan(events.since(Cursor(0, 0)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()
    assert build.every(CallbackPost) == build.every(Reader) == []
    assert read() == ["sms.received"]


def test_the_place_in_the_log_never_goes_back(conversation):
    received(conversation)
    early = events.since(Cursor(0, 0))
    received(conversation)
    read()
    place = callbacks_query.read_up_to()
    callbacks.plan(early)
    assert callbacks_query.read_up_to() == place == events.newest()


def test_a_text_sent_through_the_house_is_told_of(number):
    key = build.a_key()
    build.a_callback(key)
    writer: Writer = outbound.writer_of(key)
    asked = Asked(OutboundText(build.OURS, build.THEIRS, "Hi"))
    batch = [Submission(asked, writer)]
    submissions.submit(batch)
    assert batch[0].message_id is not None
    build.changed(build.every(Message)[0], state="failed", error_code="40001")
    happened(MessageChanged, build.every(Message)[0])
    assert read() == ["sms.failed"]
