"""Programs are told, over real HTTP: soon, signed, again after a failure, and nowhere they may not
send us."""

import json
import time
from typing import Any

import pytest
from pingram import Pingram
from telnyx import Telnyx
from time_machine import travel

from smsinbox import caller
from smsinbox.caller import Caller
from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import Credentials, InboundText, Rank, Receipt
from smsinbox.models import Callback, CallbackPost
from smsinbox.services import callback_endpoints, callback_posts
from tests import build
from tests.calling import calling, receive, send, settled
from tests.receiver import receiver


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, build.a_contact(build.THEIRS))


@pytest.fixture
def impatient(monkeypatch):
    """The next try comes at once."""
    monkeypatch.setattr(callback_posts, "PAUSE", 0.01)


@pytest.mark.usefixtures("to_private")
def test_the_first_try_comes_within_a_second_of_the_commit(app, conversation):
    with receiver() as ear, calling(app, hints=False):
        build.a_callback(url=ear.url())
        took = []
        for count in range(1, 4):
            receive(conversation)
            begun = time.monotonic()
            ear.wait(count)
            took.append(ear.at[-1] - begun)
        (post, *_) = settled()
    assert max(took) < 1
    assert (post.state, post.last_status, post.attempts) == ("done", 200, 1)
    assert post.last_ms is not None


@pytest.mark.usefixtures("to_private", "impatient")
def test_a_receiver_that_answers_500_then_200_hears_it_twice_as_one_event(app, conversation):
    with receiver([500]) as ear, calling(app):
        build.a_callback(dialect="telnyx", url=ear.url())
        receive(conversation)
        ear.wait(2)
        (post,) = settled()
    assert (post.attempts, post.last_status) == (2, 200)
    first, second = (json.loads(signed.body) for _, signed in ear.heard)
    assert first["data"]["id"] == second["data"]["id"]
    assert [first["meta"]["attempt"], second["meta"]["attempt"]] == [1, 2]


@pytest.mark.usefixtures("to_private")
def test_the_second_address_is_tried_at_once_when_the_first_fails(app, conversation):
    with receiver([503]) as ear, calling(app):
        build.a_callback(dialect="telnyx", url=ear.url("/a"), failover_url=ear.url("/b"))
        receive(conversation)
        ear.wait(2)
        (post,) = settled()
    assert [path for path, _ in ear.heard] == ["/a", "/b"]
    assert post.attempts == 1
    said = json.loads(ear.heard[1][1].body)["meta"]
    assert said == {"attempt": 1, "delivered_to": ear.url("/b")}


@pytest.mark.usefixtures("to_private")
def test_a_texts_own_addresses_come_first_and_the_endpoint_last(app, conversation):
    key = build.a_key()
    with receiver([500, 500]) as ear, calling(app):
        build.a_callback(key, "telnyx", ear.url("/endpoint"))
        text = {"sender": "", "recipient": build.THEIRS, "body": "Hi"}
        urls = [ear.url("/own"), ear.url("/failover")]
        send(conversation, key, asked={"text": text, "dialect": "telnyx", "webhook_urls": urls})
        ear.wait(3)
        settled()
    assert [path for path, _ in ear.heard] == ["/own", "/failover", "/endpoint"]
    payload = json.loads(ear.heard[0][1].body)["data"]["payload"]
    assert payload["from"]["phone_number"] == build.OURS


@pytest.mark.usefixtures("to_private", "impatient")
@pytest.mark.parametrize("status", [302, 400, 404, 410, 500])
def test_only_2xx_is_success_and_no_redirect_is_followed(app, conversation, status):
    with receiver([status]) as ear, calling(app):
        build.a_callback(url=ear.url())
        receive(conversation)
        ear.wait(2)
        settled()
    assert [path for path, _ in ear.heard] == ["/hooks", "/hooks"]


@pytest.mark.usefixtures("to_private")
@pytest.mark.parametrize("dialect", DIALECTS)
def test_our_own_client_of_the_dialect_believes_and_reads_what_is_posted(
    app, conversation, dialect
):
    key = build.a_key()
    with receiver() as ear, calling(app):
        callback = build.a_callback(key, dialect, ear.url())
        proof = callback_endpoints.proof_of(callback)
        text = receive(conversation, "Grüße 👋")
        ours = send(conversation, key, state="accepted", delivery=60)
        ear.wait(2 if dialect == "pingram" else 3)
        settled()
    client, heard = DIALECTS[dialect].client, []
    for _, signed in ear.heard:
        client.verify(signed, Credentials("", "", proof))
        heard += client.read(signed)
    texts = [event for event in heard if isinstance(event, InboundText)]
    ranks = {event.rank for event in heard if isinstance(event, Receipt)}
    assert [(one.carrier_id, one.body) for one in texts] == [(str(text.id), "Grüße 👋")]
    assert ranks == ({Rank.DELIVERED} if dialect == "pingram" else {Rank.SENT, Rank.DELIVERED})
    assert {e.carrier_id for e in heard if isinstance(e, Receipt)} == {str(ours.id)}


@pytest.mark.usefixtures("to_private")
def test_the_official_telnyx_client_unwraps_what_is_posted(app, conversation):
    key = build.a_key()
    with receiver() as ear, calling(app):
        callback = build.a_callback(key, "telnyx", ear.url())
        receive(conversation, "Where is my order?")
        send(conversation, key, state="failed", error_code="40001")
        ear.wait(2)
        settled()
    official: Any = Telnyx(api_key="KEY", public_key=callback.public_key)
    events: list[Any] = [
        official.webhooks.unwrap(signed.body.decode(), headers=dict(signed.headers)).data
        for _, signed in ear.heard
    ]
    assert {event.event_type for event in events} == {"message.received", "message.finalized"}
    altered = ear.heard[0][1].body.replace(b"message", b"massage").decode()
    with pytest.raises(ValueError, match="ignature"):
        official.webhooks.unwrap(altered, headers=dict(ear.heard[0][1].headers))


@pytest.mark.usefixtures("to_private")
def test_the_official_pingram_client_constructs_what_is_posted(app, conversation):
    key = build.a_key()
    with receiver() as ear, calling(app):
        callback = build.a_callback(key, "pingram", ear.url())
        receive(conversation)
        send(conversation, key, state="failed", error_code="40001")
        ear.wait(2)
        settled()
    proof = callback_endpoints.proof_of(callback)
    events = [
        Pingram.webhook_verification.construct_event(
            payload=signed.body,
            message_id=signed.header("X-Pingram-Id") or "",
            signature=signed.header("X-Pingram-Signature") or "",
            timestamp=signed.header("X-Pingram-Timestamp") or "",
            secret=proof,
        )
        for _, signed in ear.heard
    ]
    assert {event.event_type for event in events} == {"SMS_INBOUND", "SMS_FAILED"}


@pytest.mark.usefixtures("to_private")
def test_a_slow_program_delays_no_other(app, conversation):
    with receiver() as slow, receiver() as quick, calling(app):
        slow.delay = 3
        build.a_callback(url=slow.url())
        for _ in range(6):
            receive(conversation)
        time.sleep(0.7)
        build.a_callback(url=quick.url())
        begun = time.monotonic()
        receive(conversation)
        quick.wait(1)
        assert quick.at[0] - begun < 1.5
        assert slow.heard == []


@pytest.mark.usefixtures("to_private")
def test_the_whole_try_ends_after_its_deadline(app, conversation, monkeypatch):
    monkeypatch.setattr(caller, "DEADLINE", 0.4)
    with receiver() as ear:
        ear.delay = 2
        build.a_callback(url=ear.url())
        receive(conversation)
        at_work = Caller(app, lambda: True, to_private=True)
        begun = time.monotonic()
        at_work.look()
        at_work.stop()
        at_work._hands.shutdown(wait=True)
        assert time.monotonic() - begun < 1.5
    (post,) = build.every(CallbackPost)
    assert post.last_error == "It gave no whole answer within 5 seconds."


@pytest.mark.usefixtures("to_private")
def test_killed_between_the_answer_and_its_note_it_is_posted_again_and_nothing_is_lost(
    app, conversation
):
    with receiver() as ear:
        build.a_callback(url=ear.url())
        receive(conversation)
        first = Caller(app, lambda: True, to_private=True)
        first._finish = lambda _outcome: None  # type: ignore[assignment] # the power went
        first.look()
        first._hands.shutdown(wait=True)
        receive(conversation)  # while nobody calls
        with travel(clock.now() + callback_posts.HOLD), calling(app):
            ear.wait(3)
            settled()
            time.sleep(0.7)
    ids = [json.loads(signed.body)["data"]["id"] for _, signed in ear.heard]
    assert len(ids) == 3
    assert len(set(ids)) == 2


@pytest.mark.usefixtures("to_private")
def test_a_new_caller_posts_nothing_that_the_last_one_finished(app, conversation):
    with receiver() as ear:
        build.a_callback(url=ear.url())
        for count in range(1, 4):
            with calling(app):
                receive(conversation)
                ear.wait(count)
                settled()
                time.sleep(0.6)
        assert len(ear.heard) == 3


@pytest.mark.usefixtures("to_private")
def test_one_that_is_asked_to_stop_leaves_no_post_in_the_air(app, conversation):
    with receiver() as ear:
        build.a_callback(url=ear.url())
        for _ in range(20):
            receive(conversation)
            with calling(app):
                time.sleep(0.03)
        with calling(app):
            ear.wait(20, seconds=5)  # far sooner than the minute for which a dead one holds a post
            settled()
    assert len(ear.heard) == 20


@pytest.mark.usefixtures("to_private")
def test_only_the_leader_calls(app, conversation):
    with receiver() as ear:
        build.a_callback(url=ear.url())
        receive(conversation)
        idle = Caller(app, lambda: False, to_private=True)
        idle.start()
        time.sleep(0.8)
        idle.stop()
        assert ear.heard == []
        assert build.every(CallbackPost) == []


@pytest.mark.usefixtures("to_private")
def test_the_log_and_the_posts_keep_no_words_of_texts(app, conversation):
    with receiver() as ear, calling(app):
        build.a_callback(url=ear.url())
        receive(conversation, "A secret between us")
        ear.wait(1)
        settled()
    for table in (CallbackPost.__table__, Callback.__table__):
        rows = db.session.execute(table.select()).all()
        assert "secret between" not in str(rows)
