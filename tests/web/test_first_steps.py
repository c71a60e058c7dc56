"""The four steps of a new inbox: for admins, kept up to date, and gone once they are done."""

import re

from tests import build


def done(page: str) -> list[str]:
    """The titles of the steps that are ticked."""
    return re.findall(r"data-done>.*?<h3>(.+?)</h3>", page, re.DOTALL)


def test_each_step_is_ticked_once_it_is_done(app, ada):
    browser = build.signed_in(app, ada)
    page = browser.get("/conversations").text
    assert "Four steps" in page
    assert done(page) == []
    number = build.a_number()
    assert done(browser.get("/first-steps").text) == ["Connect a carrier", "Add a number"]
    conversation = build.a_conversation(number)
    build.a_message(conversation, direction="inbound", state="received", author="contact")
    page = browser.get("/first-steps").text
    assert done(page)[2:] == ["Receive a text"]
    assert 'hx-trigger="every' in page
    build.a_message(conversation, state="accepted", author="rule")
    assert len(done(browser.get("/first-steps").text)) == 3  # nobody has answered yet
    build.a_message(conversation, state="accepted")
    page = browser.get("/first-steps").text
    assert "You are set up" in page
    assert "hx-trigger" not in page
    assert "Four steps" not in browser.get("/conversations").text


def test_the_make_believe_phones_are_offered_where_they_are_within_reach(app, ada, number):
    browser = build.signed_in(app, ada)
    link = 'href="http://localhost:8001"'
    assert link in browser.get("/first-steps").text
    there = browser.get("/first-steps", base_url="https://inbox.example.com")
    assert "make-believe phone" not in there.text


def test_agents_are_spared_them(app, ben):
    browser = build.signed_in(app, ben)
    assert "Four steps" not in browser.get("/conversations").text
    assert browser.get("/first-steps").status_code == 403


def test_where_many_texts_went_already_nobody_is_asked(app, ada, number):
    build.a_message(build.a_conversation(number), id=1001, state="canceled")
    browser = build.signed_in(app, ada)
    assert "Four steps" not in browser.get("/conversations").text
    assert browser.get("/first-steps").text == ""
