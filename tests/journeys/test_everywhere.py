"""Everywhere: by keys alone, from the palette, on a phone, without a connection, for everybody."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.chaos.stack import a_phone
from tests.journeys.conftest import inbox, on_sqlite
from tests.journeys.test_inbox import bubble, composer, conversations, messages
from tests.pages import THEMES, visit

AXE = Path(__file__).parent.parent / "axe" / "axe.min.js"
expect.set_options(timeout=15_000)
PAINTED = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}

pytestmark = [pytest.mark.browser, pytest.mark.chaos, on_sqlite]


def toast(page: Page, words: str):
    return page.locator(".toast").filter(has_text=words)


def shown(page: Page, hello: str):
    return messages(page).get_by_text(hello)


def row(page: Page, hello: str):
    return conversations(page).locator(".row").filter(has_text=hello)


def test_a_morning_without_a_pointer(house, agent):
    page, phones = agent(), [a_phone(), a_phone()]
    hellos = [f"Where is my order {phone}?" for phone in phones]
    for phone, hello in zip(phones, hellos, strict=True):
        house.type_text(phone, hello)
        expect(row(page, hello)).to_be_visible()
    press = page.keyboard.press
    put_away = row(page, phones[1][-4:]).and_(page.locator(".row-closed"))
    press("g")
    press("a")
    page.wait_for_url("**view=all")
    press("j")
    expect(shown(page, hellos[1])).to_be_visible()
    press("j")
    expect(shown(page, hellos[0])).to_be_visible()
    press("k")
    expect(shown(page, hellos[1])).to_be_visible()
    press("r")
    expect(composer(page)).to_be_focused()
    page.keyboard.type("just a joke, e")  # letters are letters while one writes
    press("Enter")
    expect(bubble(page, "just a joke, e")).to_contain_text("Delivered")
    for field in (page.locator("#note"), composer(page)):  # and back
        press("Control+/")
        expect(field).to_be_focused()
    press("Escape")
    expect(composer(page)).not_to_be_focused()
    press("i")
    expect(toast(page, "Assigned to")).to_be_visible()
    press("e")
    expect(shown(page, hellos[0])).to_be_visible()
    expect(put_away).to_have_count(1)
    toast(page, "Closed.").get_by_role("button", name="Undo").press("Enter")
    expect(put_away).to_have_count(0)
    press("Escape")
    expect(page.locator(".pane-blank")).to_be_visible()
    press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_the_palette_goes_down_a_level_and_up_again_and_acts(house, agent):
    page, phone = agent(), a_phone()
    hello = f"Palette {phone}"
    house.type_text(phone, hello)
    row(page, hello).get_by_role("link").click()
    expect(shown(page, hello)).to_be_visible()
    box = page.get_by_role("combobox", name="Type a command")
    options = page.get_by_role("dialog", name="Commands").get_by_role("option")
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(options.first).to_have_text("Close")
    page.keyboard.type("asto")
    expect(options).to_have_text(["Assign to me", "Assign to…"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    to = page.get_by_role("combobox", name="Assign to whom?")
    expect(to).to_be_focused()
    page.keyboard.press("Backspace")
    expect(box).to_be_focused()
    page.keyboard.type("star")
    expect(options.first).to_have_text("Star")
    page.keyboard.press("Enter")
    expect(row(page, hello)).to_contain_text("Starred")
    expect(box).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type(phone[-6:])
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(box).to_be_hidden()


def test_single_keys_rest_when_they_are_switched_off(house, agent):
    page = agent()
    preferences = page.locator("#you-preferences-form")
    for wanted in (False, True):
        page.goto("/you")
        preferences.get_by_role("switch", name="Single keys").set_checked(wanted)
        preferences.get_by_label("Time zone").fill("Asia/Kolkata" if not wanted else "")
        preferences.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Your preferences are saved.")).to_be_visible()
        expect(page.locator("body")).to_have_attribute("data-connection", "live")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible(visible=wanted)


def test_times_and_days_are_the_readers_own_and_pass_on_an_open_page(house, agent):
    east = agent(timezone_id="Pacific/Kiritimati", locale="en-GB")  # 14 hours before UTC
    phone, times = a_phone(), "[...document.querySelectorAll('time')].map((one) => one.title)"
    hello = f"What time is it {phone}?"
    house.type_text(phone, hello)
    row(east, hello).get_by_role("link").click()
    expect(shown(east, hello)).to_be_visible()
    day = messages(east).locator(".day")
    expect(day).to_have_text("Today")
    here = "new Date().toLocaleTimeString('en-GB', {hour: '2-digit', minute: '2-digit'})"
    expect(bubble(east, hello).locator("time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    assert east.evaluate(here)[:2] == bubble(east, hello).locator("time").inner_text()[:2]
    assert all(title.endswith("+14") for title in east.evaluate(times) if ":" in title)
    composer(east).fill("Late")
    composer(east).press("Enter")
    expect(bubble(east, "Late")).to_contain_text("Delivered")
    expect(day).to_have_count(1)
    date = day.locator("time").get_attribute("title")
    east.clock.install()
    east.reload()
    for days, words in ((1, "Yesterday"), (2, date)):
        east.clock.fast_forward("24:00:00")
        expect(day).to_have_text(words)
        expect(east.locator("#contact-pane .row-time")).to_have_text(f"{days}d")


def test_a_finger_closes_a_row_and_a_toast_brings_it_back(house, agent):
    page, phone = agent(**PHONE), a_phone()
    hello = f"Swipe me {phone}"
    house.type_text(phone, hello)
    expect(row(page, hello)).to_be_visible()
    box = row(page, hello).bounding_box()
    assert box
    touch = page.context.new_cdp_session(page)
    y = box["y"] + box["height"] / 2
    for kind, x in [("touchStart", 300), *(("touchMove", x) for x in range(280, 100, -20))]:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    expect(row(page, hello)).to_have_attribute("data-swipe", "close-now")
    behind = row(page, hello).evaluate("(row) => getComputedStyle(row, '::before').content")
    assert behind == '"Close"'
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(row(page, hello)).to_have_count(0)
    expect(toast(page, "Closed.")).to_be_visible()
    page.wait_for_timeout(500)  # as long as a finger takes from the row to the toast
    toast(page, "Closed.").get_by_role("button", name="Undo").tap()
    expect(row(page, hello)).to_be_visible()
    row(page, hello).get_by_role("link").tap()
    expect(shown(page, hello)).to_be_visible()
    expect(row(page, hello)).to_be_hidden()
    page.get_by_role("link", name="Back to the list").tap()
    expect(row(page, hello)).to_be_visible()


def test_a_screen_reader_hears_of_texts_in_one_sentence_and_at_once_what_failed(house, agent):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"Hi {phone}")
    row(page, f"Hi {phone}").get_by_role("link").click()
    expect(shown(page, f"Hi {phone}")).to_be_visible()
    expect(messages(page)).to_have_attribute("aria-live", "off")
    for words in ("One", "Two", "Three"):
        house.type_text(phone, f"{words} {phone}")
    expect(page.locator("#said")).to_contain_text(
        re.compile("^(New message|[23] new messages) from")
    )
    expect(shown(page, f"Three {phone}")).to_be_visible()  # a reply answers what one has seen
    house.misbehave(answer="reject")  # whatever else is still on its way
    try:
        composer(page).fill(f"Lost {phone}")
        page.get_by_role("button", name="Send", exact=True).click()
        trouble = bubble(page, f"Lost {phone}").locator(".trouble > p")
        expect(page.locator("#said-loud")).to_have_text(trouble.inner_text())
    finally:
        house.misbehave(answer="ok")


def test_without_a_connection_the_app_says_so_and_goes_on_by_itself(house, agent):
    page = agent(service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.goto("/contacts")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [{}, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_on_any_page(house, agent, size, theme):
    """Each theme in a browser of its own: colours lag behind where a page changes between them."""
    inbox(house, "demo")
    page = agent(bypass_csp=True, reduced_motion="reduce", color_scheme=theme, **size)
    rules, found = STANDARD if theme == "light" else ["color-contrast"], []
    for name in visit(page):
        page.evaluate(AXE.read_text())
        page.evaluate(PAINTED)
        found += [f"{name}: {problem}" for problem in violations(page, rules)]
    assert found == []


def violations(page: Page, rules: list[str]) -> list[str]:
    asked = json.dumps({"runOnly": rules, "resultTypes": ["violations"]})
    result = page.evaluate(f"axe.run({asked})")
    return [
        f"{one['id']} at {[(node['target'], node['failureSummary']) for node in one['nodes'][:3]]}"
        for one in result["violations"]
    ]
