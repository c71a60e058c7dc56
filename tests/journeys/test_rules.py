"""A rule from its preset to the handset: tried, looked back on, watched in shadow, switched on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.chaos.processes import until
from tests.chaos.stack import a_phone
from tests.journeys.conftest import inbox, on_postgres, on_sqlite
from tests.journeys.test_inbox import bubble, handset, messages, open_conversation

pytestmark = [pytest.mark.browser, pytest.mark.chaos]


def open_rules(page: Page, number: str = "Support") -> None:
    page.goto("/rules")
    tabs = page.get_by_role("navigation", name="Numbers")
    tab = tabs.get_by_role("link", name=re.compile(rf"^{number} \d"))
    tab.click()
    expect(tab).to_have_attribute("aria-current", "page")


def begin_a_rule(page: Page) -> None:
    page.wait_for_load_state("networkidle")  # a click in the middle of a swap hits what goes away
    page.get_by_role("link", name="New rule").click()
    page.get_by_label("these words", exact=True).wait_for()


def the_rule(page: Page, name: str):
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name))


@on_postgres
def test_a_rule_from_its_preset_to_the_answer_and_why(house, agent):
    inbox(house, "demo")
    page, phone = agent(), a_phone()
    open_rules(page)
    name = f"Address {phone}"

    # a preset, changed in the form
    begin_a_rule(page)
    page.get_by_label("When someone texts", exact=True).select_option("word")
    page.get_by_label("these words", exact=True).fill("address, where")
    page.get_by_label("reply", exact=True).fill("12 Alder Street.")
    page.get_by_label("Name", exact=True).fill(name)

    # tried and looked back on while it is still being written
    page.get_by_label("A text", exact=True).fill("WHERE are you??")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.get_by_text("12 Alder Street.").last).to_be_visible()
    expect(page.locator(".decision-verdict")).to_contain_text(f"{name} answers.")
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    page.get_by_role("button", name="30 days").click()
    expect(page.get_by_text("it would have answered")).to_be_visible()

    page.get_by_label("It begins", exact=True).select_option("shadow")
    page.get_by_role("button", name="Add rule").click()
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
    panel = page.get_by_role("complementary", name="Why this answer?")
    expect(panel).to_contain_text(f"{name} answers.")
    expect(panel).to_contain_text("The text fits “address”.")
    expect(panel).to_contain_text("What was sent")


@on_sqlite
def test_presets_stand_where_there_is_no_rule_and_fill_the_form(house, agent):
    page = agent()
    open_rules(page, "Support by Pingram")
    page.get_by_role("link", name="Opening hours").click()
    expect(page.get_by_label("these words", exact=True)).to_have_value("hours, open, opening hours")
    page.get_by_label("A text", exact=True).fill("HOURS!!")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.locator(".decision-verdict")).to_contain_text("Opening hours answers.")


@on_sqlite
def test_dragging_a_rule_puts_it_where_it_was_dropped(house, agent):
    page = agent()
    open_rules(page)
    for word in ("one", "two", "three"):
        begin_a_rule(page)
        page.get_by_label("these words", exact=True).fill(f"drag {word}")
        page.get_by_label("reply", exact=True).fill(word)
        page.get_by_role("button", name="Add rule").click()
        expect(the_rule(page, f"drag {word}")).to_be_visible()
    names = page.locator("[data-rule] .rule-name h2")
    before = names.all_text_contents()
    grip = the_rule(page, "drag three").locator("[data-grip]")
    grip.drag_to(the_rule(page, "drag one"), target_position={"x": 200, "y": 4})
    expect(page.get_by_text("“drag three” is number")).to_be_visible()
    after = [name for name in before if name != "drag three"]
    after.insert(after.index("drag one"), "drag three")
    assert names.all_text_contents() == after
