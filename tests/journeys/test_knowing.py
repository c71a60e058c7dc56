"""Knowing: the meter is true whatever dies, and whoever looks elsewhere is told."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.chaos.processes import until
from tests.chaos.stack import a_phone
from tests.journeys.conftest import BEN, on_sqlite
from tests.journeys.test_inbox import conversations, open_conversation

SOON = 10_000  # ms in which the meter must say what is so

pytestmark = [pytest.mark.browser, pytest.mark.chaos, on_sqlite]

_COUNT_SOUNDS = """
  window.rung = 0;
  HTMLMediaElement.prototype.play = function () { window.rung += 1; return Promise.resolve(); };
"""


def meter(page: Page):
    return page.locator("#meter")


def says(page: Page, words: str, timeout: int = SOON) -> None:
    expect(page.locator("#connection")).to_contain_text(words, timeout=timeout)


def rung(page: Page) -> int:
    return int(page.evaluate("window.rung"))


def test_the_meter_is_true_within_ten_seconds_of_every_death_and_of_every_recovery(house, agent):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"Hi from {phone}")
    there = page.get_by_role("region", name="Conversations").get_by_text(f"Hi from {phone}").first
    there.click()
    expect(meter(page)).to_have_text("Live")

    house.processes.kill("sweeper")  # nothing keeps time any more; the socket is fine
    says(page, "sweeper stands still")
    expect(meter(page)).to_contain_text("Behind")
    house.start("sweeper")  # a process takes its time to start where others are at work
    expect(meter(page)).to_have_text("Live", timeout=3 * SOON)

    house.processes.kill("worker")
    house.processes.kill("sweeper")
    page.get_by_role("textbox", name="Message", exact=True).fill(f"Nobody carries {phone}")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(meter(page)).to_contain_text("Behind", timeout=SOON)
    says(page, "Texts leave late")
    house.start("worker", "sweeper")
    expect(meter(page)).to_have_text("Live", timeout=3 * SOON)

    web = house.processes["web"]  # its sockets stay open, and nobody is behind them
    for process in (web, *web.children(recursive=True)):
        process.suspend()
    expect(meter(page)).to_contain_text("Behind", timeout=SOON)
    house.processes.thaw_all()
    expect(meter(page)).to_have_text("Live", timeout=SOON)

    page.context.set_offline(True)
    expect(meter(page)).to_have_text("Offline", timeout=SOON)
    page.context.set_offline(False)
    expect(meter(page)).to_have_text("Live", timeout=SOON)


def test_a_text_elsewhere_sounds_once_in_one_tab_and_dots_the_icon_and_asks_to_tell(house, agent):
    page = agent(BEN)
    page.add_init_script(_COUNT_SOUNDS)
    tabs = [page, page.context.new_page()]
    tabs[1].add_init_script(_COUNT_SOUNDS)
    for tab in tabs:
        tab.goto("/conversations?view=closed")
        expect(meter(tab)).to_have_text("Live")
    phone = a_phone()
    house.type_text(phone, f"Anybody there? {phone}")
    until(lambda: sum(map(rung, tabs)) == 1)
    for tab in tabs:
        expect(tab.locator("link[rel=icon]")).to_have_attribute(
            "href", re.compile("/favicon-dot.svg$")
        )
    expect(tabs[0]).to_have_title(re.compile(r"^\(\d+\) "))
    bar = tabs[0].get_by_role("region", name="Being told")
    expect(bar).to_contain_text("Get told when a text arrives")
    bar.get_by_role("button", name="Not now").click()
    expect(bar).to_be_hidden()
    tabs[0].wait_for_timeout(1_600)  # no sound comes sooner after another
    assert sum(map(rung, tabs)) == 1


def test_no_tab_sounds_for_what_another_tab_has_in_view(house, agent):
    page, phone = agent(BEN), a_phone()
    house.type_text(phone, f"First of all {phone}")
    open_conversation(page, f"First of all {phone}")
    tabs = [page, page.context.new_page()]
    for tab in tabs:
        tab.add_init_script(_COUNT_SOUNDS)
    tabs[0].reload()
    tabs[1].goto("/conversations?view=closed")
    for tab in tabs:
        expect(meter(tab)).to_have_text("Live")
    house.type_text(phone, f"In view {phone}")
    expect(tabs[0].get_by_role("log").get_by_text(f"In view {phone}")).to_be_visible()
    tabs[0].wait_for_timeout(500)
    assert sum(map(rung, tabs)) == 0
    other = a_phone()
    house.type_text(other, f"Elsewhere {other}")
    until(lambda: sum(map(rung, tabs)) == 1)


def test_what_comes_before_ones_eyes_is_read_even_after_it_was_left_unread(house, agent):
    page, phone = agent(), a_phone()
    house.type_text(phone, f"First of all {phone}")
    open_conversation(page, f"First of all {phone}")
    count = conversations(page).get_by_role("listitem").filter(has_text=phone).locator(".count")
    page.get_by_role("log").focus()
    page.keyboard.press("u")
    expect(count).to_have_text("1")
    house.type_text(phone, f"One more {phone}")
    expect(page.get_by_role("log").get_by_text(f"One more {phone}")).to_be_visible()
    expect(count).to_be_hidden()


def test_what_one_wants_to_be_told_is_chosen_and_the_sound_can_be_tried(house, agent):
    page = agent(BEN)
    page.goto("/you")
    page.get_by_role("button", name="Test the sound").click()
    expect(page.get_by_text("The browser played it", exact=False)).to_be_visible()
    page.get_by_label("Sound: A text arrives").uncheck()
    page.locator("#alerts-form").get_by_role("button", name="Save").click()
    expect(page.get_by_label("Sound: A text arrives")).not_to_be_checked()
    expect(page.get_by_label("Sound: A rule asks me to look")).to_be_checked()
    page.get_by_label("Sound: A text arrives").check()
    page.locator("#alerts-form").get_by_role("button", name="Save").click()


def test_one_s_face_says_whether_one_is_there(house, agent):
    ada, ben = agent(), agent(BEN)
    for page in (ada, ben):
        expect(page.locator(".person [data-person]")).to_have_attribute("data-presence", "online")
    phone = a_phone()
    house.type_text(phone, f"Who is there? {phone}")
    ada.get_by_text(f"Who is there? {phone}").first.click()
    ada.locator(".assignee").click()
    face = ada.locator("#people-found li", has_text="Ben").locator("[data-person]")
    expect(face).to_have_attribute("data-presence", "online", timeout=SOON)
