"""A long thread in a real browser: what is far above its end comes and goes."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import insert, update

from smsinbox.core import clock
from smsinbox.models import Message
from tests.chaos.processes import until
from tests.chaos.stack import a_phone
from tests.journeys.conftest import on_sqlite
from tests.journeys.test_inbox import bubble, messages, open_conversation, send

TEXTS = 181
PAGES = (50, 100, 150, TEXTS)  # how many there are as they are fetched
ALIKE = (
    "conversation_id",
    "account_id",
    "number_id",
    "direction",
    "author",
    "author_name",
    "state",
    "encoding",
)
STANDING = "[...document.querySelectorAll('#messages > [id]')].map((each) => each.id)"

pytestmark = [pytest.mark.browser, pytest.mark.chaos, on_sqlite]


def a_long_thread(house) -> str:
    """Of a week; the text it began with, which the list shows of it."""
    hello = f"It began with this, says {(phone := a_phone())}"
    house.type_text(phone, hello)
    until(lambda: house.count(hello))
    first = house.message(hello)
    began = clock.now() - timedelta(hours=TEXTS)
    house.write(update(Message).where(Message.id == first.id).values(created_at=began))
    same = {name: getattr(first, name) for name in ALIKE}
    rows = [
        {**same, "body": f"and text {n} of it", "created_at": began + timedelta(hours=n)}
        for n in range(1, TEXTS)
    ]
    house.write(insert(Message).values(rows))
    return hello


def standing(page: Page) -> list[str]:
    return list(page.evaluate(STANDING))


def to_the_beginning(page: Page, pages: tuple[int, ...] = PAGES) -> None:
    """Page by page; of fewer pages, to where they begin."""
    for known in pages:
        expect(messages(page).get_by_role("article")).to_have_count(known)
        if known != pages[-1]:
            messages(page).evaluate("box => box.scrollTo(0, 0)")


def to_the_end(page: Page) -> None:
    messages(page).evaluate("box => box.scrollTo(0, box.scrollHeight)")


def test_texts_far_above_are_let_go_at_the_end_and_come_again_as_they_were(house, agent):
    page, hello = agent(), a_long_thread(house)
    open_conversation_at_its_end(page, hello)
    opened = standing(page)
    to_the_beginning(page)
    whole = standing(page)
    assert len([one for one in whole if one.startswith("day-")]) >= 6
    to_the_end(page)
    expect(messages(page).get_by_role("article")).to_have_count(50)
    assert standing(page) == opened
    assert page.locator("#older .day").count() == 1
    expect(messages(page)).to_be_in_viewport()
    expect(messages(page).get_by_role("article").last).to_be_in_viewport()
    to_the_beginning(page)
    assert standing(page) == whole
    send(page, "An answer to all of it")
    expect(bubble(page, "An answer to all of it")).to_be_in_viewport()
    expect(bubble(page, hello)).to_have_count(0)


def test_nothing_is_let_go_while_more_of_it_is_on_its_way(house, agent):
    page, hello = agent(), a_long_thread(house)
    open_conversation_at_its_end(page, hello)
    to_the_beginning(page)
    whole = standing(page)
    open_conversation_at_its_end(page, hello)
    to_the_beginning(page, PAGES[:-1])
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/messages?before=*", hold)
    with page.expect_request("**/messages?before=*"):
        messages(page).evaluate("box => box.scrollTo(0, 0)")
    to_the_end(page)
    page.wait_for_timeout(600)  # nothing to wait for where nothing shall happen
    for route in late:
        route.continue_()
    page.unroute("**/messages?before=*", hold)
    expect(messages(page).get_by_role("article")).to_have_count(50)
    to_the_beginning(page)
    assert standing(page) == whole


def test_what_somebody_has_selected_is_not_let_go(house, agent):
    page, hello = agent(), a_long_thread(house)
    open_conversation_at_its_end(page, hello)
    to_the_beginning(page)
    page.evaluate("getSelection().selectAllChildren(document.getElementById('messages'))")
    to_the_end(page)
    page.wait_for_timeout(600)  # nothing to wait for where nothing shall happen
    expect(messages(page).get_by_role("article")).to_have_count(TEXTS)
    page.evaluate("getSelection().removeAllRanges()")
    messages(page).evaluate("box => box.scrollBy(0, -200)")
    page.wait_for_timeout(100)
    to_the_end(page)
    expect(messages(page).get_by_role("article")).to_have_count(50)


def open_conversation_at_its_end(page: Page, hello: str) -> None:
    page.goto("/conversations?view=open")
    page.locator(".row-link", has_text=hello).click()
    expect(messages(page).get_by_text(f"and text {TEXTS - 1} of it")).to_be_in_viewport()


def test_of_texts_that_stand_together_the_last_one_tells_how_far_they_got(house, agent):
    page, hello = agent(), f"Two answers, please, for {(phone := a_phone())}"
    house.type_text(phone, hello)
    open_conversation(page, hello)
    for body in ("The first of two", "The second of two"):
        send(page, body)
        expect(bubble(page, body).get_by_role("button", name="Delivered")).to_have_count(1)
    first, second = (
        bubble(page, f"The {one} of two").locator(".mark") for one in ("first", "second")
    )
    expect(second).to_have_css("position", "static")
    expect(first).to_have_css("position", "absolute")  # there for a screen reader
