"""The main job in real browsers: a text arrives, agents see it, one answers, all see that."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.chaos.processes import until
from tests.chaos.stack import a_phone
from tests.journeys.conftest import BEN

SOON = 5.0  # seconds; a tenth of one on a quiet machine, as the benchmark prints

pytestmark = [pytest.mark.browser, pytest.mark.chaos]


def conversations(page: Page):
    return page.get_by_role("region", name="Conversations")


def messages(page: Page):
    return page.get_by_role("log", name="Messages")


def composer(page: Page):
    return page.get_by_role("textbox", name="Message", exact=True)


def open_conversation(page: Page, text: str) -> None:
    conversations(page).locator(".row-link", has_text=text).first.click()
    expect(messages(page).get_by_text(text).first).to_be_visible()


def send(page: Page, body: str) -> None:
    composer(page).fill(body)
    page.get_by_role("button", name="Send", exact=True).click()


def bubble(page: Page, body: str):
    return messages(page).get_by_role("article").filter(has_text=body)


def test_a_text_is_on_both_agents_screens_soon(house, agent):
    ada, ben, took = agent(), agent(BEN), []
    for _ in range(3):
        hello = f"Where is my order {a_phone()}?"
        house.type_text(a_phone(), hello)
        began = time.monotonic()
        for page in (ada, ben):
            expect(conversations(page).get_by_text(hello)).to_be_visible()
        took.append(time.monotonic() - began)
    assert sorted(took)[1] < SOON, took


def test_two_agents_see_a_text_live_and_one_answers(house, agent):
    ada, ben, phone = agent(), agent(BEN), a_phone()
    hello = f"Where is my order {phone}?"
    house.type_text(phone, hello)
    for page in (ada, ben):
        open_conversation(page, hello)
    answer = f"It left this morning. {phone}"
    send(ada, answer)
    for page in (ada, ben):
        expect(bubble(page, answer)).to_contain_text("Delivered")
    until(lambda: [text["body"] for text in handset(house, phone) if text["direction"] == "in"])
    assert handset(house, phone)[-1]["body"] == answer
    assert composer(ada).input_value() == ""


def test_a_keyword_gets_its_reply_with_the_rules_name_on_it(house, agent):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"Hi from {phone}")
    open_conversation(page, f"Hi from {phone}")
    house.type_text(phone, "HOURS?")
    expect(bubble(page, "We are open 9 to 5.")).to_contain_text("Auto-reply")
    expect(bubble(page, "We are open 9 to 5.")).to_contain_text("Delivered")
    assert handset(house, phone)[-1]["body"] == "We are open 9 to 5."


def test_stop_takes_the_composer_away_and_start_gives_it_back(house, agent):
    page, phone = agent(BEN), a_phone()
    house.type_text(phone, f"Hi from {phone}")
    open_conversation(page, f"Hi from {phone}")
    expect(composer(page)).to_be_enabled()
    house.type_text(phone, "STOP")
    expect(page.get_by_text("opted out", exact=False).first).to_be_visible()
    expect(page.locator("textarea[name=body]")).to_be_hidden()
    page.get_by_text("Note", exact=True).click()
    expect(page.get_by_role("textbox", name="Note", exact=True)).to_be_focused()
    page.get_by_role("radiogroup").get_by_text("Text", exact=True).click()
    house.type_text(phone, "START")
    expect(composer(page)).to_be_visible()


def test_a_page_catches_up_after_its_socket_was_away(house, agent):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"Hi from {phone}")
    open_conversation(page, f"Hi from {phone}")
    page.context.set_offline(True)
    house.processes.kill("web")
    house.start("web", WEB_CONCURRENCY=2)
    house.type_text(phone, f"Still there? {phone}")
    page.context.set_offline(False)
    expect(messages(page).get_by_text(f"Still there? {phone}")).to_be_visible(timeout=20_000)


def test_closing_takes_it_out_of_every_list_and_a_new_text_brings_it_back(house, agent):
    ada, ben, phone = agent(), agent(BEN), a_phone()
    hello = f"Hi from {phone}"
    house.type_text(phone, hello)
    open_conversation(ada, hello)
    ada.get_by_role("button", name="Close", exact=True).wait_for()
    expect(conversations(ben).get_by_text(hello)).to_be_visible()
    ada.get_by_role("button", name="Close", exact=True).click()
    expect(conversations(ben).get_by_text(hello)).to_have_count(0)
    house.type_text(phone, f"One more thing {phone}")
    expect(conversations(ben).get_by_text(f"One more thing {phone}")).to_be_visible()


def test_an_agent_writes_first_to_any_number_and_says_how_to_stop(house, agent):
    page, phone = agent(BEN), a_phone()
    page.goto("/conversations/new")
    page.get_by_label("To", exact=True).fill(phone)
    page.get_by_role("textbox", name="Message", exact=True).fill(f"Your order is ready {phone}")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Send anyway").wait_for()
    page.get_by_label("To", exact=True).press("Enter")  # agrees to nothing
    page.get_by_role("button", name="Send with “Reply STOP").click()
    expect(bubble(page, "Your order is ready")).to_contain_text("Delivered")
    whole = f"Your order is ready {phone}\nReply STOP to opt out."
    assert handset(house, phone)[-1]["body"] == whole


def test_the_counter_tells_segments_as_the_server_counts_them(house, agent):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"Hi from {phone}")
    open_conversation(page, f"Hi from {phone}")
    composer(page).fill("x" * 161)
    expect(page.get_by_text("2 segments", exact=False)).to_be_visible()
    composer(page).fill("☕" * 71)
    expect(page.locator("output[for=body], .composer-count").first).to_contain_text("Unicode")


def test_the_inbox_works_on_a_phone(house, agent):
    page, phone = agent(viewport={"width": 390, "height": 844}, has_touch=True), a_phone()
    house.type_text(phone, f"Hi from {phone}")
    open_conversation(page, f"Hi from {phone}")
    send(page, f"Hello {phone}")
    expect(bubble(page, f"Hello {phone}")).to_contain_text("Delivered")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def handset(house, phone: str) -> list[dict[str, str]]:
    texts: list[dict[str, str]] = house.sandbox.get(f"/handsets/{phone}/texts").json()
    return texts
