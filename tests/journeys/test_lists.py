"""The list in a real browser: it holds still, is worked through in bulk, and follows filters."""

import re
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.chaos.processes import until
from tests.chaos.stack import a_phone
from tests.journeys.conftest import on_sqlite
from tests.journeys.test_inbox import conversations, messages, open_conversation

pytestmark = [pytest.mark.browser, pytest.mark.chaos, on_sqlite]

_SHIFTS = """() => { window.shifts = []; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.shifts.push([one.value,
    one.sources.map(({ node }) => node?.parentElement?.closest("[id]")?.id ?? node?.nodeName)]);
}).observe({ type: "layout-shift" }); }"""


def rows(page: Page):
    return page.locator("#conversations > .row")


def row(page: Page, text: str):
    return rows(page).filter(has_text=text)


def texts(house, *bodies: str) -> list[str]:
    """One after the other, as the list sorts them by their time."""
    phones = [a_phone() for _ in bodies]
    for phone, body in zip(phones, bodies, strict=True):
        house.type_text(phone, body)
        until(partial(house.count, body))
    return phones


def test_the_list_holds_still_while_it_is_pointed_at_and_nothing_shifts(house, agent):
    page = agent()
    texts(house, "First of the pile", "Second of the pile")
    page.goto("/conversations?view=open")
    first = row(page, "Second of the pile")
    expect(page.locator("body")).to_have_attribute("data-connection", "live")
    first.hover()
    page.evaluate(_SHIFTS)
    texts(house, "Pushes in from above", "And another one")
    pill = page.get_by_role("button", name="2 new ↑")
    expect(pill).to_be_visible()
    expect(rows(page).first).to_contain_text("Second of the pile")
    assert page.evaluate("window.shifts") == []
    page.get_by_role("heading", name="Open").hover()
    expect(rows(page).nth(1)).to_contain_text("Pushes in from above")
    expect(rows(page).first).to_contain_text("And another one")
    expect(pill).to_be_hidden()
    count = row(page, "Pushes in").locator(".count")
    row(page, "Pushes in").locator("[name=ids]").click()
    page.get_by_role("heading", name="Open").hover()
    texts(house, "Third time")
    expect(page.get_by_role("button", name="1 new ↑")).to_be_visible()
    expect(count).to_have_text("1")
    open_conversation(agent(), "Pushes in from above")
    open_conversation(agent(), "Third time")
    expect(count).to_be_hidden()  # as it was read in another window
    page.get_by_role("button", name="1 new ↑").click()
    expect(rows(page).first).to_contain_text("Third time")
    expect(rows(page).first.locator(".count")).to_be_hidden()  # read while the row waited
    expect(page.get_by_text("1 selected")).to_be_visible()


def test_no_text_that_arrives_moves_the_open_thread(house, agent):
    page = agent()
    (phone,) = texts(house, "Opened and watched")
    open_conversation(page, "Opened and watched")
    page.get_by_role("textbox", name="Message", exact=True).hover()
    expect(page.locator("body")).to_have_attribute("data-connection", "live")
    page.evaluate(_SHIFTS)
    house.type_text(phone, "Another line for the thread")
    expect(messages(page).get_by_text("Another line for the thread")).to_be_visible()
    assert sum(page.evaluate("window.shifts.map(([value]) => value)")) < 0.005


def test_a_range_is_selected_tagged_closed_and_taken_back(house, agent):
    page = agent()
    names = [f"Bulk {word}" for word in ("one", "two", "three", "four")]
    texts(house, *names)
    page.goto("/conversations?view=open")
    for body in names:
        expect(row(page, body)).to_be_visible()
    row(page, "Bulk four").locator("[name=ids]").click()
    row(page, "Bulk one").locator("[name=ids]").click(modifiers=["Shift"])
    expect(page.get_by_text("4 selected")).to_be_visible()
    row(page, "Bulk two").locator("[name=ids]").click()
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_role("textbox", name="Tag").fill("pile")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 tagged.")).to_be_visible()
    expect(row(page, "Bulk one").locator(".row-tag")).to_have_text("pile")
    for body in ("Bulk one", "Bulk three", "Bulk four"):
        row(page, body).locator("[name=ids]").click()
    page.locator("#bulk").get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("3 closed.")).to_be_visible()
    expect(row(page, "Bulk three")).to_have_count(0)
    expect(row(page, "Bulk two")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 undone.")).to_be_visible()
    expect(row(page, "Bulk three")).to_be_visible()


def test_it_is_left_unread_and_closing_opens_the_next_one_and_shift_stays(house, agent):
    page = agent()
    texts(house, "Walk three", "Walk two", "Walk one")
    page.goto("/conversations?view=open")
    expect(row(page, "Walk one")).to_be_visible()
    row(page, "Walk one").locator(".row-link").click()
    expect(messages(page).get_by_text("Walk one")).to_be_visible()
    count = row(page, "Walk one").locator(".count")
    expect(count).to_be_hidden()
    messages(page).focus()
    page.keyboard.press("u")
    expect(count).to_have_text("1")
    page.keyboard.press("e")
    expect(messages(page).get_by_text("Walk two")).to_be_visible()
    expect(row(page, "Walk one")).to_have_count(0)
    messages(page).focus()
    page.keyboard.press("Shift+E")
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    expect(messages(page).get_by_text("Walk two")).to_be_visible()


def test_another_view_takes_the_place_of_the_list_and_the_way_back_finds_each(house, agent):
    page = agent()
    texts(house, "Stays in this tab")
    page.goto("/conversations?view=closed")
    page.evaluate("window.stayed = true")
    views = page.get_by_role("navigation", name="Views")
    views.get_by_role("link", name=re.compile("^Open")).click()
    page.wait_for_url("**/conversations?view=open")
    expect(page.get_by_role("heading", name="Open", exact=True)).to_be_visible()
    expect(views.get_by_role("link", name=re.compile("^Open"))).to_have_attribute(
        "aria-current", "true"
    )
    row(page, "Stays in this tab").locator(".row-link").click()
    expect(messages(page).get_by_text("Stays in this tab")).to_be_visible()
    views.get_by_role("link", name="All").click()
    expect(page.locator("#pane.pane-blank")).to_be_visible()
    (phone,) = texts(house, "Comes into the new list")
    expect(row(page, "Comes into the new list")).to_be_visible()
    page.go_back()
    page.wait_for_url(re.compile(r"/conversations/\d+\?view=open"))
    expect(messages(page).get_by_text("Stays in this tab")).to_be_visible()
    expect(page.get_by_role("heading", name="Open", exact=True)).to_be_visible()
    page.evaluate("document.querySelector('#conversations').kept = true")
    page.go_back()
    expect(page.locator("#pane.pane-blank")).to_be_visible()
    expect(page.get_by_role("heading", name="Open", exact=True)).to_be_visible()
    assert page.evaluate("document.querySelector('#conversations').kept")
    page.go_back()
    expect(page.get_by_role("heading", name="Closed", exact=True)).to_be_visible()
    assert page.evaluate("window.stayed")
    house.type_text(phone, "And is live after all of it")
    views.get_by_role("link", name="All").click()
    expect(row(page, "And is live after all of it")).to_be_visible()


def test_the_menu_of_a_row_works_by_pointer(house, agent):
    page = agent()
    texts(house, "Right click me")
    page.goto("/conversations?view=needs-reply")
    row(page, "Right click me").click(button="right")
    page.get_by_role("button", name="Assign to me").last.click()
    expect(page.get_by_text("Assigned.")).to_be_visible()
    expect(row(page, "Right click me").locator(".row-assignee")).to_be_visible()
    texts(house, "Thanks!! 👍")
    page.mouse.move(0, 0)
    row(page, "Thanks!! 👍").get_by_role("button", name="No reply needed?").click()
    expect(row(page, "Thanks!! 👍")).to_have_count(0)


def test_a_filter_is_built_saved_and_follows_what_happens(house, agent):
    page = agent()
    texts(house, "Filter me please")
    page.goto("/conversations?view=filter")
    form = page.get_by_role("form", name="Filter")
    form.get_by_role("combobox", name="Value").fill("starred")
    form.get_by_role("button", name="Add or-group").click()
    last = page.get_by_role("group", name="Group 2")
    last.get_by_label("What").select_option("tag")
    value = page.get_by_role("group", name="Group 2").get_by_role("combobox", name="Value")
    expect(value).not_to_have_attribute("placeholder", "open")
    value.fill("urgent")
    page.get_by_role("form", name="Filter").get_by_role("button", name="Show").last.click()
    page.wait_for_url(re.compile(r"q=is%3Astarred\+OR\+tag%3Aurgent"))
    expect(conversations(page).get_by_text("Filter me please")).to_have_count(0)
    page.locator("summary").click()
    page.get_by_role("textbox", name="Name of the filter").fill("Hot")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("navigation", name="Views").get_by_text("Hot")).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-connection", "live")
    other = agent()
    open_conversation(other, "Filter me please")
    for word, there in (("Star", 1), ("Take the star away", 0)):
        other.get_by_role("button", name="More", exact=True).click()
        other.get_by_role("button", name=word, exact=True).click()
        expect(conversations(page).get_by_text("Filter me please")).to_have_count(there)
    expect(conversations(page).get_by_text("Filter me please")).to_have_count(0)
