"""Writing in a real browser: drafts, notes, the counter, saved replies, later, undo, second
thoughts."""

import re

import pytest
from playwright.sync_api import Route, expect

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


def begun(house, page, words="Is it ready"):
    phone = a_phone()
    hello = f"{words} {phone}?"
    house.type_text(phone, hello)
    open_conversation(page, hello)
    return phone, hello


def note(page):
    return page.get_by_role("textbox", name="Note", exact=True)


def saved(page):
    """A draft is on the server."""
    return page.expect_response(lambda answer: answer.url.endswith("/draft"))


def test_drafts_are_kept_by_mode_on_any_device_and_do_not_come_back_once_sent(house, agent):
    page = agent()
    _, hello = begun(house, page)
    with saved(page):
        composer(page).fill("Thanks, we will")
    page.keyboard.press("Control+/")
    with saved(page):
        note(page).fill("Ask the boss first")
    expect(page.locator(".composer-send")).to_have_accessible_name("Add note")
    page.keyboard.press("Control+/")
    expect(composer(page)).to_have_value("Thanks, we will")
    elsewhere = agent()
    begun_there = conversations(elsewhere).get_by_text("Draft: Ask the boss first")
    expect(begun_there).to_be_visible()
    expect(conversations(elsewhere).get_by_text(hello)).to_be_hidden()
    expect(conversations(page).get_by_text(hello)).to_be_visible()
    begun_there.click()
    expect(composer(elsewhere)).to_have_value("Thanks, we will")
    composer(elsewhere).press("Enter")
    expect(bubble(elsewhere, "Thanks, we will")).to_contain_text("Delivered")
    elsewhere.get_by_text("Note", exact=True).click()
    expect(note(elsewhere)).to_have_value("Ask the boss first")
    note(elsewhere).press("Control+Enter")
    expect(messages(elsewhere).locator(".activity-note")).to_contain_text("Ask the boss first")
    elsewhere.reload()
    expect(messages(elsewhere).locator(".activity-note")).to_be_visible()
    expect(composer(elsewhere)).to_have_value("")
    elsewhere.goto("/conversations")
    expect(conversations(elsewhere).get_by_text("Thanks, we will")).to_be_visible()
    expect(begun_there).to_have_count(0)


def test_the_counter_names_what_forces_unicode_and_replaces_it(house, agent):
    page = agent()
    begun(house, page)
    count, notice = page.locator("#composer-count"), page.locator("#composer-notice")
    composer(page).fill("It’s ready")
    expect(count).to_have_text("10/70 · 1 segment · Unicode")
    expect(notice).to_contain_text("“’” at 3 forces Unicode.")
    notice.get_by_role("button").click()
    expect(composer(page)).to_have_value("It's ready")
    expect(count).to_have_text("10/160 · 1 segment · GSM-7")
    composer(page).fill("x" * 163)
    expect(notice).to_have_text("3 fewer characters save a segment.")
    composer(page).fill("x" * 1612)
    composer(page).fill("界" * 4000)  # more segments than there are words for
    expect(count).to_have_text("2400 over the limit")
    composer(page).fill("x" * 1612)
    expect(count).to_have_text("12 over the limit")
    expect(page.locator(".composer-send")).to_be_disabled()
    composer(page).fill("")
    page.evaluate(PASTE, "“Yes” – it’s")
    expect(composer(page)).to_have_value('"Yes" - it\'s')
    pasted = page.locator("#pasted")
    expect(pasted).to_contain_text("Made plain")
    pasted.get_by_role("button", name="Undo").click()
    expect(composer(page)).to_have_value("“Yes” – it’s")
    expect(pasted).to_be_hidden()
    expect(count).to_have_text("12/70 · 1 segment · Unicode")
    page.keyboard.press("Control+z")
    expect(composer(page)).to_have_value("")
    page.keyboard.type("… tomorrow")
    page.keyboard.press("Home")
    page.evaluate(PASTE, "See\u00a0us\u200b")
    expect(composer(page)).to_have_value("See us… tomorrow")
    expect(pasted).to_contain_text("Made plain")
    assert page.evaluate(ODD) == '"spaces"'


ODD = "getComputedStyle(document.getElementById('made-plain'), '::before').content"
PASTE = """(words) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text", words);
  const field = document.getElementById("body");
  field.focus();
  const manners = {clipboardData, bubbles: true, cancelable: true};
  field.dispatchEvent(new ClipboardEvent("paste", manners));
}"""


def test_what_came_meanwhile_is_shown_before_the_text_leaves(house, agent):
    page = agent()
    phone, _ = begun(house, page)
    page.evaluate("document.getElementById('messages').dataset.topic = ''")  # its socket is deaf
    page.evaluate("document.getElementById('live').remove()")
    answered = f"It is ready {phone}"
    house.type_text(phone, "Never mind, I have it")
    expect(agent(BEN).get_by_text("Never mind, I have it").first).to_be_visible()
    page.evaluate("document.querySelectorAll('.message-in ~ .message-in').forEach(m => m.remove())")
    send(page, answered)
    doubts = page.locator("#doubts")
    expect(doubts).to_contain_text("Never mind, I have it")
    expect(doubts).to_contain_text("A message arrived while you wrote.")
    expect(composer(page)).to_have_value(answered)
    doubts.get_by_role("button", name="Send anyway").click()
    expect(bubble(page, answered)).to_be_visible()
    expect(doubts).to_be_empty()
    send(page, answered)
    expect(doubts).to_contain_text("this very text")
    doubts.get_by_role("button", name="Keep editing").click()
    expect(composer(page)).to_have_value(answered)
    expect(composer(page)).to_be_focused()


def test_a_refused_text_comes_back_with_the_reason_and_stops_no_note(house, agent):
    page = agent()
    begun(house, page)
    composer(page).fill("See you then")
    page.get_by_role("button", name="Send later").click()
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.locator("#composer-says")).to_have_text("Choose the date and the time first.")
    expect(composer(page)).to_have_value("See you then")
    expect(messages(page).locator(".pending")).to_have_count(0)
    page.keyboard.press("Escape")
    composer(page).fill("x😀" * 1700)
    expect(page.locator(".composer-send")).to_be_disabled()
    page.get_by_text("Note", exact=True).click()
    note(page).fill("Too long for a text")
    note(page).press("Enter")
    expect(messages(page).locator(".activity-note")).to_contain_text("Too long for a text")


def test_saved_replies_come_at_a_slash_and_tab_leads_to_open_fields(house, agent):
    page = agent()
    begun(house, page)
    title = f"Hours {a_phone()}"  # a second try meets those of the first
    with page.expect_navigation():
        page.goto("/saved-replies")
    page.get_by_label("Title").first.fill(title)
    page.get_by_label("Text").first.fill("Hi {{contact.name}}, open on {{contact.attr.day}} at 9.")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("is saved")).to_be_visible()
    page.go_back()
    page.goto("/conversations")
    conversations(page).locator(".row-link").first.click()
    with page.expect_response(lambda answer: answer.url.endswith("?q=hou")):
        composer(page).press_sequentially("Hello /hou")
    expect(page.locator(".slash-item", has_text=title)).to_be_visible(timeout=15_000)
    page.keyboard.press("Escape")
    expect(page.locator(".slash-item")).to_have_count(0)
    expect(composer(page)).to_have_value("Hello /hou")
    composer(page).fill("")
    composer(page).press_sequentially("/hou")
    expect(page.locator(".slash-item", has_text=title)).to_be_visible()
    page.keyboard.press("Enter")
    expect(composer(page)).to_have_value(re.compile("^Hi {{contact.name}}, open on"))
    page.keyboard.type("Maria")
    page.keyboard.press("Tab")
    page.keyboard.type("Friday")
    expect(composer(page)).to_have_value("Hi Maria, open on Friday at 9.")


def test_later_undo_emoji_and_close(house, agent):
    page = agent()
    _, hello = begun(house, page)
    composer(page).fill("Reminder for tomorrow")
    page.get_by_role("button", name="Send later").click()
    page.get_by_role("button", name="Tomorrow, 9:00").click()
    ghost = bubble(page, "Reminder for tomorrow")
    expect(ghost).to_contain_text("Scheduled")
    ghost.get_by_role("button", name="Edit").click()
    expect(composer(page)).to_have_value("Reminder for tomorrow")
    expect(ghost).to_contain_text("Canceled")
    composer(page).fill("")
    page.get_by_role("button", name="Emoji").click()
    page.get_by_label("Search emoji").fill("pizza")
    page.get_by_role("button", name="pizza", exact=True).click()
    expect(composer(page)).to_have_value("🍕")
    page.keyboard.press("Escape")
    page.goto("/you")
    page.get_by_label("A text can be undone for").select_option("10")
    page.locator("#you-sending-form").get_by_role("button", name="Save").click()
    expect(page.get_by_text("from your next text on")).to_be_visible()
    page.goto("/conversations")
    open_conversation(page, hello)
    composer(page).fill("Oops")
    composer(page).press("Enter")
    composer(page).fill("And more")
    bubble(page, "Oops").get_by_role("button", name="Undo").click()
    expect(composer(page)).to_have_value(re.compile("^Oops\nAnd more"))
    expect(page.locator("#composer-count")).to_contain_text("13/160")
    page.reload()
    expect(composer(page)).to_have_value("Oops\nAnd more")
    page.goto("/you")
    page.get_by_label("A text can be undone for").select_option("0")
    page.locator("#you-sending-form").get_by_role("button", name="Save").click()
    expect(page.get_by_text("from your next text on").last).to_be_visible()
    page.goto("/conversations")
    open_conversation(page, hello)
    composer(page).fill("All done")
    composer(page).press("Control+Shift+Enter")
    expect(bubble(page, "All done").or_(page.get_by_text("That was the last one"))).to_be_attached()
    expect(conversations(page).get_by_text(hello)).to_have_count(0)


def test_words_that_are_taken_back_stand_there_whatever_was_saved_late(house, agent):
    page = agent()
    begun(house, page)
    held: list[Route] = []
    page.route("**/draft", lambda route: held.append(route))
    with page.expect_request("**/draft"):
        composer(page).fill("Kept whatever comes")
    page.get_by_role("button", name="Send later").click()
    page.get_by_role("button", name="Tomorrow, 9:00").click()
    expect(bubble(page, "Kept whatever comes")).to_contain_text("Scheduled")
    with page.expect_response("**/draft"):
        held[-1].continue_()  # to save it again took the place of the first try
    bubble(page, "Kept whatever comes").get_by_role("button", name="Edit").click()
    expect(composer(page)).to_have_value("Kept whatever comes")


def test_a_bubble_is_there_within_a_frame_of_the_key(house, agent):
    page = agent()
    begun(house, page)
    page.evaluate(WATCH)
    took = []
    for at in range(5):
        composer(page).fill(f"Fast {at}")
        composer(page).press("Enter")
        expect(bubble(page, f"Fast {at}")).to_be_visible()
        took.append(page.evaluate("window.took"))
    assert sorted(took)[2] <= 16, took


WATCH = """() => {
  let pressed = 0;
  addEventListener("keydown", () => { pressed = performance.now(); }, true);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes)
      if (node.id?.startsWith("pending-")) window.took = performance.now() - pressed;
  }).observe(document.getElementById("messages"), { childList: true });
}"""
