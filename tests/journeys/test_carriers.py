"""Every carrier's numbers work the same way: a handset writes, an agent answers, it arrives."""

from itertools import cycle

import pytest
from playwright.sync_api import expect

from smsinbox.dialects import DIALECTS
from tests.chaos.stack import a_phone
from tests.journeys.test_inbox import bubble, handset, open_conversation, send

pytestmark = [pytest.mark.browser, pytest.mark.chaos]


@pytest.mark.parametrize(
    ("street", "dialect"),
    list(zip(cycle(("sqlite", "postgres")), DIALECTS, strict=False)),
    indirect=["street"],
)
def test_a_text_comes_in_its_answer_is_delivered_and_stop_is_heard(house, agent, dialect):
    page, phone = agent(), a_phone()
    hello, answer = f"Hello {dialect}, I am {phone}", f"Hello {phone} ☕"
    house.type_text(phone, hello, dialect)
    open_conversation(page, hello)
    send(page, answer)
    expect(bubble(page, answer)).to_contain_text("Delivered")
    assert handset(house, phone)[-1]["body"] == answer
    house.type_text(phone, "STOP", dialect)
    expect(page.locator("textarea[name=body]")).to_be_hidden()
