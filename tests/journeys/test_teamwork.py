"""Two agents at one desk: they see each other, share the work, and nothing they do is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.chaos.stack import a_phone
from tests.journeys.conftest import BEN, on_sqlite
from tests.journeys.test_inbox import (
    bubble,
    composer,
    conversations,
    messages,
    open_conversation,
    send,
)

pytestmark = [pytest.mark.browser, pytest.mark.chaos, on_sqlite]


WIDE = {"width": 1500, "height": 900}


def lines(page: Page):
    return messages(page).locator(".activity-done")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def test_two_agents_see_each_other_and_share_a_conversation(house, agent):
    ada, ben, phone = agent(viewport=WIDE), agent(BEN), a_phone()
    hello = f"Where is my order {phone}?"
    house.type_text(phone, hello)
    open_conversation(ada, hello)
    row = conversations(ben).get_by_role("listitem").filter(has_text=phone)
    expect(row.locator(".faces")).to_have_attribute("aria-label", re.compile("^Also here: "))
    open_conversation(ben, hello)
    also = re.compile("Also here: .*Ben")
    expect(ada.locator(".thread-does .faces")).to_have_attribute("aria-label", also)

    expect(ben.locator("body")).to_have_attribute("data-connection", "live", timeout=15_000)
    composer(ben).press_sequentially("Let me", delay=500)
    expect(ada.locator(".typing")).to_have_text("Ben is typing…")
    expect(ada.get_by_role("button", name="Send anyway", exact=True)).to_be_visible()
    expect(ada.locator(".typing")).to_be_empty(timeout=12_000)
    expect(ada.get_by_role("button", name="Send", exact=True)).to_be_visible()

    asked: list[str] = []
    ben.on("request", lambda request: asked.append(request.url))
    ben.get_by_text("Note", exact=True).click()
    with ben.expect_request("**/draft"):
        ben.get_by_role("textbox", name="Note", exact=True).fill("Of this nobody hears")
    assert not [url for url in asked if url.endswith("/typing")]
    ben.get_by_role("textbox", name="Note", exact=True).fill("")
    ben.get_by_role("radiogroup").get_by_text("Text", exact=True).click()

    composer(ben).fill("")
    send(ben, f"It left this morning. {phone}")
    ben.locator(".toast").get_by_role("button", name="Assign to me").click()
    expect(lines(ada)).to_contain_text("Took it.")
    expect(ada.locator(".assignee")).to_contain_text("Ben")

    ada.locator(".assignee").click()
    ada.get_by_role("searchbox", name="Find a colleague").fill("ben")
    expect(ada.locator("#people-found li")).to_have_count(1)
    ada.get_by_role("searchbox", name="Find a colleague").fill("me")
    ada.get_by_label("A note for them").fill("I know them, @Ben")
    ada.locator("#people-found").get_by_role("button", name="Assign to me").click()
    expect(messages(ben).locator(".mention")).to_have_text("@Ben")
    expect(ada.locator("#sheet")).to_be_hidden()

    press(ada, "Snooze")
    ada.locator("#sheet").get_by_role("button", name="Until they text").click()
    expect(ben.locator(".thread-via")).to_contain_text("Snoozed until they text")
    expect(lines(ben)).to_have_count(3)
    house.type_text(phone, f"Thanks {phone}")
    expect(ben.locator(".thread-via")).not_to_contain_text("Snoozed")


def test_a_hand_over_card_stays_on_top_until_it_is_done(house, agent):
    ada, ben, phone = agent(), agent(BEN), a_phone()
    house.type_text(phone, f"Hi from {phone}")
    for page in (ada, ben):
        open_conversation(page, f"Hi from {phone}")
    press(ada, "More")
    press(ada, "Hand over…")
    ada.get_by_label("Next", exact=True).fill("Call the shop")
    press(ada, "Pin it")
    card = ben.get_by_role("region", name="Hand-over")
    expect(card).to_contain_text("Call the shop")
    card.get_by_role("button", name="Done").click()
    expect(ada.locator(".handover-card")).to_have_count(0)
    expect(ada.locator("#sheet")).to_be_hidden()


def test_a_text_shows_its_links_codes_reactions_and_what_happened(house, agent):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"Your code is 482913, see https://аpple.com/x {phone}")
    open_conversation(page, "482913")
    link = messages(page).get_by_role("link", name="https://аpple.com/x")
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    expect(messages(page).get_by_text("(xn--pple-43d.com)")).to_be_visible()
    expect(messages(page).locator(".code")).to_have_attribute("data-copy", "482913")

    answer = f"See you at 5. {phone}"
    send(page, answer)
    expect(bubble(page, answer)).to_contain_text("Delivered")
    house.type_text(phone, f"Liked “{answer}”")
    expect(bubble(page, answer).locator(".reactions")).to_have_text("👍")
    expect(messages(page).get_by_text("Liked")).to_have_count(0)

    bubble(page, answer).locator(".status").click()
    expect(page.locator("#why .story")).to_contain_text("Accepted by")
    page.keyboard.press("Escape")
    bubble(page, answer).get_by_role("button", name="More about this text").click()
    menu = page.locator("#bubble-menu")
    expect(menu.get_by_role("button", name="Copy link")).to_be_visible()
    at = menu.get_by_role("button", name="Copy link").get_attribute("data-copy")
    menu.get_by_role("button", name="Unread from here").click()
    expect(page.get_by_text("Left unread for you.")).to_be_visible()
    page.goto(at[at.index("/conversations") :])
    expect(page.locator(".asked")).to_contain_text(answer)


def test_long_texts_are_folded_and_what_was_done_often_is_tucked_away(house, agent):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"Hi from {phone}. " + "word " * 280)
    open_conversation(page, f"Hi from {phone}")
    folded = bubble(page, f"Hi from {phone}").locator(".bubble")
    expect(folded).to_have_css("height", "400px")
    page.get_by_text("Show the whole text").click()
    assert folded.bounding_box()["height"] > 400
    close = page.get_by_role("button", name="Close", exact=True).first
    for _ in range(2):
        close.click(modifiers=["Shift"])  # without it, the next conversation would be opened
        press(page, "Reopen")
    close.wait_for()
    expect(lines(page).locator("visible=true")).to_have_count(2)
    page.get_by_role("button", name="Earlier changes").click()
    expect(lines(page).locator("visible=true")).to_have_count(4)


def test_the_kill_switch_holds_every_text_until_it_is_released(house, agent):
    ada, ben, phone = agent(), agent(BEN), a_phone()
    house.type_text(phone, f"Hi from {phone}")
    open_conversation(ben, f"Hi from {phone}")
    ada.goto("/accounts")
    try:
        press(ada, "Pause all sending")
        expect(ben.get_by_text("Sending is paused.")).to_be_visible()
        send(ben, f"Soon {phone}")
        expect(bubble(ben, f"Soon {phone}")).to_contain_text("Held")
    finally:
        press(ada, "Resume all sending")
    expect(ben.get_by_text("Sending is paused.")).to_have_count(0)
    expect(bubble(ben, f"Soon {phone}")).to_contain_text("Delivered")
