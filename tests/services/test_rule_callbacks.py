"""A rule's `callback`: programs that know our own words are told, once for each rule."""

import json

import pytest

from smsinbox.core import events
from smsinbox.core.events import Cursor
from smsinbox.models import CallbackPost
from smsinbox.queries import callbacks as callbacks_query
from smsinbox.services import callback_posts, callbacks
from smsinbox.services import rules as rules_service
from tests import build
from tests.ruling import a_rule, receive

CALL = [{"do": "callback"}]


@pytest.fixture
def listening(number):
    return build.a_callback(dialect="smsinbox", events=["rule.*"])


def read(since: Cursor | None = None) -> list[CallbackPost]:
    callbacks.plan(events.since(since or callbacks_query.read_up_to()))
    return build.every(CallbackPost)


def test_each_rule_that_calls_is_told_once_whatever_repeats(number, listening):
    rules = [a_rule(number, name=name, actions=CALL, stop=False) for name in ("Urgent", "Sales")]
    a_rule(number, name="Ghost", mode="shadow", actions=CALL, stop=False)
    a_rule(number, name="Silent", reply="Hi")
    receive(number, "call me")
    assert {(post.name, post.rule_id) for post in read()} == {
        ("rule.fired", rule.id) for rule in rules
    }
    assert len(read(Cursor(0, 0))) == 2


def test_what_is_posted_names_the_rule_as_it_was_even_when_it_is_gone(number, listening):
    rule = a_rule(number, name="Urgent", actions=CALL)
    receive(number, "help, my card is 4111")
    read()
    rules_service.delete(rule.id, None)
    [held] = callback_posts.take([], 5)
    webhook = held.signed("https://program.example/hooks")
    assert webhook is not None
    data = json.loads(webhook.body)["data"]
    assert data["rule"] == {"id": rule.id, "name": "Urgent"}
    assert (data["contact"]["phone"], data["number"]["name"]) == (build.THEIRS, "Support")
    assert b"4111" not in webhook.body


@pytest.mark.parametrize("dialect", ["trunx", "telnyx", "telnyx_v1", "pingram"])
def test_carriers_have_no_word_for_it(number, dialect):
    build.a_callback(dialect=dialect)
    a_rule(number, actions=CALL)
    receive(number, "call me")
    assert all(post.happening == "received" for post in read())


def test_a_key_that_may_only_send_hears_nothing_of_rules(number):
    build.a_callback(build.a_key(scope="send"), dialect="smsinbox")
    a_rule(number, actions=CALL)
    receive(number, "call me")
    assert read() == []
