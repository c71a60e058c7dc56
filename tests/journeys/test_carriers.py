"""Every carrier's numbers work the same way: a handset writes, an agent answers, it arrives."""

import pytest
from playwright.sync_api import expect

from smsinbox.dialects import DIALECTS
from tests.chaos.stack import a_phone
from tests.journeys.test_inbox import bubble, composer, handset, open_conversation, send

pytestmark = [pytest.mark.browser, pytest.mark.chaos]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_text_comes_in_and_its_answer_is_delivered(house, agent, dialect):
    page, phone = agent(), a_phone()
    hello, answer = f"Hello {dialect}, I am {phone}", f"Hello {phone} ☕"
    house.type_text(phone, hello, dialect)
    open_conversation(page, hello)
    send(page, answer)
    expect(bubble(page, answer)).to_contain_text("Delivered")
    assert handset(house, phone)[-1]["body"] == answer


@pytest.mark.parametrize("dialect", DIALECTS)
def test_stop_is_heard_through_every_carrier(house, agent, dialect):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"Hi from {phone}", dialect)
    open_conversation(page, f"Hi from {phone}")
    expect(composer(page)).to_be_enabled()
    house.type_text(phone, "STOP", dialect)
    expect(page.locator("textarea[name=body]")).to_be_disabled()
