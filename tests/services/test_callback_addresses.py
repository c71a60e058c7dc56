"""A text may want its own addresses: tried before the endpoint, or alone."""

import pytest

from smsinbox.models import CallbackPost
from tests import build
from tests.services.test_callbacks import ASKED, read, sent


@pytest.fixture
def conversation(number):
    return build.a_conversation(number)


def a_wish(dialect="telnyx", **wishes):
    return ASKED | {"dialect": dialect, "webhook_urls": ["https://own.example/"]} | wishes


def test_a_texts_own_address_needs_no_endpoint(conversation):
    key = build.a_key()
    sent(conversation, key, asked=a_wish())
    assert read() == ["message.sent"]
    (post,) = build.every(CallbackPost)
    assert post.own
    assert not post.callback.is_endpoint


def test_own_addresses_are_tried_before_the_endpoint_not_beside_it(conversation):
    key = build.a_key()
    endpoint = build.a_callback(key, "telnyx")
    sent(conversation, key, asked=a_wish())
    read()
    (post,) = build.every(CallbackPost)
    assert (post.callback_id, post.own) == (endpoint.id, True)


def test_a_text_may_want_its_own_address_alone(conversation):
    key = build.a_key()
    endpoint = build.a_callback(key, "telnyx")
    sent(conversation, key, asked=a_wish(use_profile_webhooks=False))
    read()
    (post,) = build.every(CallbackPost)
    assert post.own
    assert post.callback_id != endpoint.id


def test_other_dialects_of_the_program_hear_all_the_same(conversation):
    key = build.a_key()
    build.a_callback(key, "trunx")
    sent(conversation, key, asked=a_wish(use_profile_webhooks=False))
    assert sorted(read()) == ["message.sent", "sms.sent"]


def test_an_endpoint_deaf_to_the_event_does_not_stop_the_own_address(conversation):
    key = build.a_key()
    build.a_callback(key, "telnyx", events=["message.received"])
    sent(conversation, key, asked=a_wish())
    (post,) = (read(), build.every(CallbackPost))[1]
    assert post.own
    assert not post.callback.is_endpoint
