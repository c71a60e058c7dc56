"""A reply is kept first, once, and only for somebody who may be texted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from time_machine import travel

from smsinbox.core import clock
from smsinbox.core.errors import Conflict, Invalid, OptedOut
from smsinbox.models import Attempt, Message
from smsinbox.services import conversations, outbound
from smsinbox.services.manner import PLAIN, Manner
from tests import build


@pytest.fixture
def conversation(number):
    return build.a_conversation(number)


def test_a_reply_waits_in_the_outbox_as_written(conversation, ben):
    message = outbound.reply(conversation.id, "Hello\r\nthere ☕", "t1", ben)
    assert (message.body, message.state) == ("Hello\nthere ☕", "queued")
    assert (message.encoding, message.segments, message.author_name) == ("UCS-2", 1, "Ben")
    assert build.again(conversation).preview == "Hello there ☕"


@pytest.mark.parametrize("token", ["", "x" * 65, "a\0b", "a b", "é"])
def test_a_token_that_cannot_be_kept_is_refused(conversation, ben, token):
    with pytest.raises(Invalid) as refused:
        outbound.reply(conversation.id, "Hello", token, ben)
    assert refused.value.field == "client_token"


def test_the_same_token_is_the_same_text(conversation, ben):
    first = outbound.reply(conversation.id, "Hello", "t1", ben)
    assert outbound.reply(conversation.id, "Hello", "t1", ben).id == first.id
    assert len(build.every(Message)) == 1


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 1601])
def test_an_empty_or_over_long_text_is_refused(conversation, ben, body):
    with pytest.raises(Invalid):
        outbound.reply(conversation.id, body, None, ben)
    assert build.every(Message) == []


def test_sixteen_hundred_characters_are_allowed(conversation, ben):
    assert outbound.reply(conversation.id, "x" * 1600, None, ben).segments == 11


def test_the_fields_of_a_person_are_filled_in_and_those_of_a_program_stand(number, ben):
    there = build.a_conversation(number, build.a_contact(name="Maria Lopez"))
    written = "Hi {{contact.first_name}}, {{contact.attr.car|your car}} is ready"
    assert outbound.reply(there.id, written, None, ben).body == "Hi Maria, your car is ready"
    assert outbound.reply(there.id, written, None, build.a_key()).body == written


def test_a_date_is_that_of_the_day_on_which_the_text_leaves(number, ben):
    there = build.a_conversation(number)
    with travel(datetime(2026, 5, 4, 18, tzinfo=UTC)):
        later = Manner(at=clock.now() + timedelta(days=40))
        text = outbound.reply(there.id, "{{date}}", None, ben, manner=later)
    assert text.body == "13 June"


@pytest.mark.parametrize("manner", [PLAIN, Manner(agreed=frozenset({"unfilled"}))])
def test_a_field_that_says_nothing_is_not_sent_now_later_or_first(number, ben, manner):
    there = build.a_conversation(number)
    for at in (None, clock.now() + timedelta(hours=1)):
        with pytest.raises(Invalid, match=r"\{\{contact.first_name\}\}.*\|there") as refused:
            outbound.reply(
                there.id, "Hi {{contact.first_name}}", None, ben, manner=replace(manner, at=at)
            )
        assert refused.value.field == "body"
    with pytest.raises(Invalid):
        conversations.start(number.id, "+13125550188", "Hi {{contact.nmae|you}}", None, ben)
    assert build.every(Message) == []


def test_nobody_texts_a_contact_who_opted_out(conversation, ben):
    build.an_opt_out(conversation)
    with pytest.raises(OptedOut):
        outbound.reply(conversation.id, "Hello", None, ben)


def test_a_short_code_cannot_be_answered(number, ben):
    conversation = build.a_conversation(number, build.a_contact("12345", kind="short_code"))
    with pytest.raises(Conflict):
        outbound.reply(conversation.id, "Hello", None, ben)


@pytest.mark.parametrize("state", ["uncertain", "failed"])
def test_a_person_may_send_an_uncertain_or_failed_text_again(conversation, ben, state):
    message = build.a_message(conversation, state=state, fence=7, error_code="x", attempts=12)
    outbound.resend(message.id, ben)
    message = build.again(message)
    assert (message.state, message.fence, message.error_code) == ("queued", None, None)
    assert message.attempts == 0, "it is tried as often as a new one"


@pytest.mark.parametrize("state", ["queued", "sending", "accepted", "canceled"])
def test_no_other_text_can_be_sent_again(conversation, ben, state):
    with pytest.raises(Conflict):
        outbound.resend(build.a_message(conversation, state=state).id, ben)


def test_resend_is_refused_after_stop(conversation, ben):
    message = build.a_message(conversation, state="failed")
    build.an_opt_out(conversation)
    with pytest.raises(OptedOut):
        outbound.resend(message.id, ben)
    assert build.every(Attempt) == []


@pytest.mark.parametrize("phone", ["+13125550188", "(312) 555-0188", "312 555 0188"])
def test_a_conversation_begins_with_any_spelling_of_a_number(number, ben, phone):
    message = conversations.start(number.id, phone, "Hello", "t", ben)
    assert message.conversation.contact.phone == "+13125550188"
    again = conversations.start(number.id, "+13125550188", "Hello", "t", ben)
    assert again.id == message.id


@pytest.mark.parametrize("phone", ["12345", "MyBank", "", "+1", "+14155550142"])
def test_a_conversation_needs_another_persons_number(number, ben, phone):
    with pytest.raises(Invalid):
        conversations.start(number.id, phone, "Hello", None, ben)
    assert build.every(Message) == []
