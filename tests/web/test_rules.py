"""A rule reads as a sentence; a refused form keeps what was typed and says what to do."""

import re

import pytest
from flask.testing import FlaskClient

from smsinbox.models import Number, Rule
from tests import build


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def text_of(html: str) -> str:
    return " ".join(html.split())


def posted(browser: FlaskClient, number: Number, **fields: str):
    form = {"number_id": str(number.id), "keywords": "hours, open", "reply": "Nine to five."}
    return browser.post("/rules", data=form | fields)


def test_a_rule_reads_as_a_sentence(browser, number):
    build.a_rule(number, "hours", "open", reply="Nine to five.", name="Opening hours")
    page = text_of(browser.get("/rules").text)
    assert "When someone texts <strong>Support</strong> exactly" in page
    assert "“hours”</strong> or <strong" in page
    assert "Nine to five." in page


def test_a_new_rule_is_listed_after_a_redirect_that_says_so(browser, number):
    answer = posted(browser, number, name="Opening hours")
    assert (answer.status_code, answer.location) == (303, f"/rules?number={number.id}")
    page = browser.get(answer.location).text
    assert "Rule added" in page
    assert [rule.keywords for rule in build.every(Rule)] == [["hours", "open"]]


def test_a_refused_rule_keeps_what_was_typed(browser, number):
    answer = posted(browser, number, keywords="Stop", reply="A reply to keep")
    assert answer.status_code == 422
    assert "the law says" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "A reply to keep" in answer.text
    assert build.every(Rule) == []


def test_a_preset_fills_the_form(browser, number):
    page = browser.get(f"/rules?number={number.id}&preset=hours").text
    assert 'value="hours, open"' in page


def test_a_rule_is_edited_where_it_stands(browser, number):
    rule = build.a_rule(number, "hours", name="Opening hours")
    assert "Edit “Opening hours”" in browser.get(f"/rules?edit={rule.id}").text
    browser.post(f"/rules/{rule.id}", data={"keywords": "open", "reply": "Yes.", "name": "Open"})
    assert (build.again(rule).keywords, rule.reply, rule.name) == (["open"], "Yes.", "Open")


def test_a_refused_edit_is_shown_on_the_page_of_its_own_number(browser, number):
    other = build.a_number("+14155550143", account=number.account, name="A first one")
    rule = build.a_rule(number, "hours")
    answer = browser.post(f"/rules/{rule.id}", data={"keywords": "", "reply": "x"})
    assert answer.status_code == 422
    (current,) = re.findall(r'number=(\d+)"[^>]*aria-current="page"', answer.text)
    assert current == str(number.id) != str(other.id)


def test_a_switch_that_is_not_ticked_is_off(browser, number):
    rule = build.a_rule(number, "hours")
    browser.post(f"/rules/{rule.id}/switch")
    assert not build.again(rule).enabled
    browser.post(f"/rules/{rule.id}/switch", data={"enabled": "1"})
    assert build.again(rule).enabled


def test_rules_change_places_and_go(browser, number):
    first = build.a_rule(number, "a")
    second = build.a_rule(number, "b", position=1)
    browser.post(f"/rules/{second.id}/move", data={"up": "1"})
    assert (build.again(first).position, build.again(second).position) == (1, 0)
    browser.post(f"/rules/{first.id}/delete")
    assert [rule.id for rule in build.every(Rule)] == [second.id]


def test_what_a_rule_says_is_text_and_never_markup(browser, number):
    build.a_rule(number, "<b>", reply="<script>alert(1)</script>", name="<i>")
    page = browser.get("/rules").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_without_a_number_the_page_says_where_to_add_one(browser):
    assert "No number yet" in browser.get("/rules").text


def test_a_reply_of_several_segments_is_marked(browser, number):
    build.a_rule(number, "hours", reply="x" * 161)
    assert "2 segments" in browser.get("/rules").text
