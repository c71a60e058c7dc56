"""A rule from its preset to the handset: tried, looked back on, watched in shadow, switched on."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.chaos.processes import until
from tests.chaos.stack import a_phone
from tests.journeys.conftest import inbox, on_postgres, on_sqlite
from tests.journeys.test_inbox import bubble, handset, messages, open_conversation

pytestmark = [pytest.mark.browser, pytest.mark.chaos]


def settled(page: Page) -> None:
    """Nothing is under way: a click in the middle of a swap hits what is about to go."""
    busy = page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
    expect(busy).to_have_count(0)


def follow(page: Page, link: Locator, to: Locator) -> None:
    """Click a link until what it leads to is there; to follow it twice is no harm."""
    for _ in range(5):
        settled(page)
        try:
            link.click(timeout=4_000)
            to.wait_for(timeout=4_000)
        except PlaywrightTimeout:
            continue
        break
    to.wait_for()
    settled(page)


def open_rules(page: Page, number: str = "Support") -> None:
    page.goto("/rules")
    tabs = page.get_by_role("navigation", name="Numbers")
    tab = tabs.get_by_role("link", name=re.compile(rf"^{number} \d"))
    chosen = tabs.locator("[aria-current]", has_text=re.compile(rf"^\s*{number}\s+\d"))
    follow(page, tab, chosen)


def begin_a_rule(page: Page) -> None:
    form = page.get_by_label("reply", exact=True)
    follow(page, page.get_by_role("link", name="New rule"), form)


def the_rule(page: Page, name: str):
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name))


@on_postgres
def test_a_rule_from_its_preset_to_the_answer_and_why(house, agent):
    inbox(house, "demo")
    page, phone = agent(), a_phone()
    open_rules(page)
    name = f"Address {phone}"

    # a preset, changed in the form, which tells the length while one writes
    begin_a_rule(page)
    words = page.get_by_label("these words", exact=True)
    preset = page.get_by_role("navigation", name="Begin with").get_by_role("link", name="Address")
    follow(page, preset, page.get_by_text("Springfield").first)
    expect(words).to_have_value("address, where, directions")
    page.get_by_label("reply", exact=True).fill("12 Alder Street.")
    expect(page.locator("#rule-length")).to_contain_text("16 characters, 1 segment")
    page.get_by_label("Name", exact=True).fill(name)

    # tried and looked back on while it is still being written
    page.get_by_label("A text", exact=True).fill("WHERE are you??")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.get_by_text("12 Alder Street.").last).to_be_visible()
    expect(page.locator(".decision-verdict")).to_contain_text(f"{name} answers.")
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    settled(page)
    page.get_by_role("button", name="30 days").click()
    expect(page.get_by_text("it would have answered")).to_be_visible(timeout=15_000)

    settled(page)
    page.get_by_label("It begins", exact=True).select_option("shadow")
    page.get_by_role("button", name="Add rule").click()
    expect(the_rule(page, name)).to_be_visible()
    expect(page.get_by_text("only shows what it would send")).to_be_visible()

    # in shadow: a ghost in the thread, live, and nothing on the handset
    house.type_text(phone, f"Hello from {phone}")
    page.goto("/conversations")
    open_conversation(page, f"Hello from {phone}")
    house.type_text(phone, "Where is your shop?")
    expect(messages(page).get_by_text("would have sent")).to_be_visible()
    expect(page.get_by_role("button", name="Send it now")).to_be_visible()
    assert not [text for text in handset(house, phone) if text["body"] == "12 Alder Street."]
    page.get_by_role("button", name="No", exact=True).click()
    expect(messages(page).get_by_text("Somebody said no.")).to_be_visible()
    here = page.url

    # on, by the keyboard
    open_rules(page)
    the_rule(page, name).get_by_role("button", name="On", exact=True).press("Enter")
    expect(the_rule(page, name).get_by_role("button", name="On", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    settled(page)
    the_rule(page, name).get_by_role("button", name=f"Move “{name}” up").press("Enter")
    expect(page.get_by_text(f"“{name}” is number 1 now.")).to_be_visible()
    expect(page.get_by_role("button", name=f"Move “{name}” up")).to_be_focused()

    # the answer on the handset, and why
    page.goto(here)
    other = a_phone()
    house.type_text(other, "what is your address")
    until(lambda: [text for text in handset(house, other) if text["body"] == "12 Alder Street."])
    page.goto("/conversations")
    open_conversation(page, "12 Alder Street.")
    expect(bubble(page, "12 Alder Street.")).to_contain_text(f"Auto-reply · {name}")
    bubble(page, "what is your address").get_by_role("button", name="Why this answer?").click()
    panel = page.get_by_role("complementary", name="About this text")
    expect(panel).to_contain_text(f"{name} answers.")
    expect(panel).to_contain_text("The text fits “address”.")
    expect(panel).to_contain_text("What was sent")


@on_sqlite
def test_presets_stand_where_there_is_no_rule_and_fill_the_form(house, agent):
    page = agent()
    open_rules(page, "Support by Pingram")
    follow(
        page,
        page.get_by_role("link", name="Opening hours"),
        page.get_by_label("these words", exact=True),
    )
    expect(page.get_by_label("these words", exact=True)).to_have_value("hours, open, opening hours")
    page.get_by_label("A text", exact=True).fill("HOURS!!")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.locator(".decision-verdict")).to_contain_text("Opening hours answers.")


@on_sqlite
def test_dragging_a_rule_puts_it_where_it_was_dropped(house, agent):
    page = agent(viewport={"width": 1280, "height": 1600})
    open_rules(page)
    for word in ("one", "two", "three"):
        begin_a_rule(page)
        page.get_by_label("these words", exact=True).fill(f"drag {word}")
        page.get_by_label("reply", exact=True).fill(word)
        page.get_by_role("button", name="Add rule").click()
        expect(the_rule(page, f"drag {word}")).to_be_visible()
        settled(page)
    names = page.locator("[data-rule]:not(.sortable-drag) .rule-name h2")
    after = [name for name in names.all_text_contents() if name != "drag three"]
    after.insert(after.index("drag one"), "drag three")
    goal = the_rule(page, "drag one").bounding_box()
    assert goal
    the_rule(page, "drag three").locator("[data-grip]").hover()
    page.mouse.down()
    page.mouse.move(goal["x"] + 20, goal["y"] + 20, steps=10)
    expect(names).to_have_text(after)
    page.mouse.up()
    expect(page.get_by_text("“drag three” is number")).to_be_visible()
    assert names.all_text_contents() == after
