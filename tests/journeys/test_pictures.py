"""A picture goes both ways: a handset sends one, an agent sees it and sends one back."""

import pytest
from playwright.sync_api import Page, expect

from smsinbox.sandbox_accounts import NUMBERS
from tests.chaos.stack import a_phone
from tests.files import PNG
from tests.journeys.conftest import on_postgres, on_sqlite
from tests.journeys.test_inbox import messages, open_conversation

pytestmark = [pytest.mark.browser, pytest.mark.chaos]

TELNYX = NUMBERS["telnyx"][0]


DRAWN = "one => one.complete && one.naturalWidth > 0"


@on_postgres
def test_a_handset_sends_a_picture_and_an_agent_sends_one_back(house, agent):
    page, phone = agent(), a_phone()
    hello = f"Look at this {phone}"
    sent = house.sandbox.post(
        f"/handsets/{phone}/texts",
        data={"to": TELNYX, "body": hello},
        files={"files": ("photo.png", PNG, "image/png")},
    )
    assert sent.status_code == 202, sent.text
    open_conversation(page, hello)
    came = messages(page).get_by_role("img", name="Picture from the contact")
    expect(came).to_be_visible()
    page.wait_for_function(DRAWN, arg=came.element_handle())

    page.get_by_label("Attach files").set_input_files(
        [
            {"name": "first.png", "mimeType": "image/png", "buffer": PNG},
            {"name": "second.png", "mimeType": "image/png", "buffer": PNG},
        ]
    )
    page.get_by_role("button", name="Remove first.png").click()
    expect(page.get_by_role("list", name="Files to send")).to_contain_text("second.png")
    page.get_by_role("button", name="Send", exact=True).click()
    picture = page.get_by_alt_text("second.png that we sent")
    ours = messages(page).get_by_role("article").filter(has=picture)
    expect(ours).to_contain_text("Delivered")
    expect(page.get_by_role("list", name="Files to send")).to_be_hidden()

    handset: Page = page.context.new_page()
    handset.goto(f"http://127.0.0.1:{house.sandbox_port}/?phone=%2B{phone[1:]}")
    pictures = handset.locator(f"#handset-{phone[1:]} .picture img")
    expect(pictures).to_have_count(2)
    for n in range(2):
        handset.wait_for_function(DRAWN, arg=pictures.nth(n).element_handle())


@on_sqlite
def test_a_picture_that_was_sent_without_a_connection_leaves_once_when_it_is_back(house, agent):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"Hi from {phone}", "telnyx")
    open_conversation(page, f"Hi from {phone}")
    page.context.set_offline(True)
    page.get_by_label("Attach files").set_input_files(
        {"name": "late.png", "mimeType": "image/png", "buffer": PNG}
    )
    page.get_by_role("button", name="Send", exact=True).click()
    expect(messages(page)).to_contain_text("Not confirmed yet")
    page.context.set_offline(False)
    picture = page.get_by_alt_text("late.png that we sent")
    expect(picture).to_have_count(1, timeout=20_000)
    expect(messages(page).get_by_role("article").filter(has=picture)).to_contain_text("Delivered")
