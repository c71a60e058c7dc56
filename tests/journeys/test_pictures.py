"""A picture goes both ways: a handset sends one, an agent sees it and sends one back."""

import re
from base64 import b64encode

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from smsinbox.sandbox_accounts import NUMBERS
from tests.chaos.stack import a_phone
from tests.files import PDF, PNG
from tests.journeys.conftest import on_postgres, on_sqlite
from tests.journeys.test_inbox import messages, open_conversation

pytestmark = [pytest.mark.browser, pytest.mark.chaos]

TELNYX = NUMBERS["telnyx"][0]


DRAWN = "one => one.complete && one.naturalWidth > 0"
PASTE = """(field, [name, content]) => {
  const clipboardData = new DataTransfer();
  const png = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  clipboardData.items.add(new File([png], name, { type: "image/png" }));
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
}"""


def attach(page: Page, name: str, content: bytes) -> None:
    kind = "image/png" if name.endswith("png") else "application/pdf"
    chosen: FilePayload = {"name": name, "mimeType": kind, "buffer": content}
    page.get_by_label("Attach files").set_input_files(chosen)


def to_send(page: Page) -> Locator:
    """The files that wait in the composer."""
    return page.get_by_label("Files to send")


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
    expect(page.get_by_role("button", name="Remove second.png")).to_be_focused()
    expect(to_send(page)).not_to_contain_text("first.png")
    page.reload()
    expect(to_send(page)).to_contain_text("second.png")
    thumbnail = to_send(page).locator("img")
    page.wait_for_function(DRAWN, arg=thumbnail.element_handle())
    page.get_by_role("button", name="Send", exact=True).click()
    picture = page.get_by_alt_text("second.png that we sent")
    ours = messages(page).get_by_role("article").filter(has=picture)
    expect(ours).to_contain_text("Delivered")
    expect(to_send(page)).to_be_hidden()

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
    page.get_by_label("Message", exact=True).evaluate(PASTE, ["late.png", b64encode(PNG).decode()])
    expect(to_send(page)).to_contain_text("late.png")
    page.context.set_offline(True)
    attach(page, "lost.png", PNG)
    expect(page.get_by_text("The files did not arrive.")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(messages(page)).to_contain_text("Not confirmed yet")
    expect(messages(page)).to_contain_text("late.png")
    expect(to_send(page)).to_be_hidden()
    page.context.set_offline(False)
    picture = page.get_by_alt_text("late.png that we sent")
    expect(picture).to_have_count(1, timeout=20_000)
    expect(messages(page).get_by_role("article").filter(has=picture)).to_contain_text("Delivered")


@on_sqlite
def test_a_text_that_is_refused_gets_its_files_back(house, agent):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"Hi from {phone}", "telnyx")
    open_conversation(page, f"Hi from {phone}")
    attach(page, "large.pdf", PDF + bytes(1_100_000))
    expect(page.get_by_text("carriers take less than 1 MB")).to_be_visible()
    message = page.get_by_label("Message", exact=True)
    message.fill("Here it is")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#composer-says")).to_contain_text("carriers take less than 1 MB")
    expect(message).to_have_value("Here it is")
    page.get_by_role("button", name="Remove large.pdf").click()
    expect(page.get_by_label("Attach files")).to_be_focused()
    expect(to_send(page)).to_be_hidden()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(messages(page).get_by_role("article").last).to_contain_text("Delivered")


@on_sqlite
def test_nothing_leaves_while_its_files_are_on_their_way(house, agent):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"Hi from {phone}", "telnyx")
    open_conversation(page, f"Hi from {phone}")
    held: list[Route] = []
    page.route("**/uploads", lambda route: held.append(route), times=1)
    attach(page, "slow.png", PNG)
    expect(page.get_by_text("Getting the files ready")).to_be_visible()
    message = page.get_by_label("Message", exact=True)
    message.fill("Look")
    message.press("Control+Enter")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(message).to_have_value("Look")
    attach(page, "next.png", PNG)
    held[0].continue_()
    expect(to_send(page)).to_contain_text(re.compile(r"slow\.png.*next\.png", re.DOTALL))
    page.get_by_role("button", name="Send", exact=True).click()
    picture = page.get_by_alt_text("slow.png 1 of 2 that we sent")
    expect(messages(page).get_by_role("article").filter(has=picture)).to_contain_text("Look")
