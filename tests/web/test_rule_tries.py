"""Asking the rules before customers do."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from smsinbox.core import clock
from smsinbox.core.i18n import PSEUDO
from smsinbox.core.pseudo import pseudo
from smsinbox.models import Decision, Message, Rule
from smsinbox.services import calendars, inbox
from tests import build
from tests.rules.vectors import CONSENT, VECTORS

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])  # nothing here knows its database


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def tried(browser: FlaskClient, number, body: str, **fields: str) -> str:
    form = {"number_id": str(number.id), "try_body": body, **fields}
    return browser.post("/rules/try", data=form).text


def verdict(page: str) -> str:
    found = re.search(r'class="decision-verdict">(.*?)</p>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split()) if found else ""


def test_it_says_which_rule_answers_and_why_each_other_one_does_not(browser, number):
    build.a_rule(number, "hours", name="Hours", reply="Nine to five.")
    build.a_rule(number, "open", name="Open", position=1)
    build.a_rule(number, "hours", name="Late", position=2)
    page = tried(browser, number, "HOURS!!")
    assert verdict(page) == "Hours answers."
    assert "Nine to five." in page
    assert "The text is not exactly one of its words." in page
    assert "“Hours” comes first." in page
    assert build.every(Message) == build.every(Decision) == []


def test_the_rule_in_the_form_takes_part_as_if_it_were_on(browser, number):
    rule = build.a_rule(number, "hours", name="Hours", mode="off")
    draft = {"type": "exact", "terms": "times", "reply": "Ten to six.", "name": "Times"}
    assert verdict(tried(browser, number, "times", **draft)) == "Times answers."
    changed = tried(browser, number, "times", **draft, rule_id=str(rule.id))
    assert verdict(changed) == "Times answers."
    assert "Edit “Hours”" in changed
    assert build.again(rule).keywords == ["hours"]
    assert [one.id for one in build.every(Rule)] == [rule.id]


def test_a_draft_that_is_none_says_so_beside_its_field_and_in_the_box(browser, number):
    page = tried(browser, number, "x", type="exact", terms="stop", reply="Keep me", name="")
    assert page.count("the law says what it does") == 2
    assert "Keep me" in page


def test_a_moment_nobody_can_read_is_said_beside_it(browser, number):
    build.a_rule(number, "hours")
    page = tried(browser, number, "hours", try_at="some day")
    assert re.search('id="try_at-says">“some day” is no moment', page)


def test_a_time_is_read_by_the_clock_of_the_calendar_that_the_draft_goes_by(browser, number):
    for name, zone in (("A first one", "Europe/Berlin"), ("Shop", "America/New_York")):
        calendars.create({"name": name, "zone": zone, "weekly": {"mon": ["09:00-10:00"]}}, None)
    draft = {"type": "any", "hours": "open", "reply": "Open", "name": "Open"}
    at = {"try_at": "2026-06-01 09:30"}  # a Monday
    for calendar, zone in (("A first one", "Europe/Berlin"), ("Shop", "America/New_York")):
        page = tried(browser, number, "x", **draft, **at, calendar=calendar)
        assert verdict(page) == "Open answers."
        assert f"by the clock of {zone}" in page
    build.a_rule(number, "x")
    build.changed(number, zone="Asia/Tokyo")
    assert "by the clock of Asia/Tokyo" in browser.get(f"/rules?number={number.id}").text


def length(browser: FlaskClient, number, **fields: str) -> str:
    form = {"number_id": str(number.id), "type": "exact", "terms": "hours", **fields}
    page = browser.post("/rules/length", data=form).text
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_while_a_reply_is_written_its_greatest_length_is_told(browser, number):
    build.a_conversation(number, build.a_contact(name="Bartholomew Higginbotham"))
    said = length(browser, number, reply="x" * 150 + "{{contact.name|you}}")
    assert "174 characters, 2 segments" in said
    assert length(browser, number, reply="") == ""
    many = {"reply": "Hi", "variant_language": "es", "variant_text": "¡" + "ş" * 80}
    assert "81 characters, 2 segments" in length(browser, number, **many)
    assert "{{shoe}}” is no field" in length(browser, number, reply="{{shoe}}")
    assert build.every(Rule) == []


def test_what_a_special_day_says_instead_counts_until_that_day_is_over(browser, number):
    when = {"calendar": "Shop", "hours": "closed"}
    for year, said in ((2020, "2 characters"), (2099, "200 characters, 2 segments")):
        special = {"from": f"{year}-12-25", "text": "x" * 200}
        shop = {"name": "Shop", "zone": "UTC", "weekly": {}, "special": [special]}
        made = calendars.create(shop, None)
        assert said in length(browser, number, reply="Hi", **when)
        assert "2 characters" in length(browser, number, reply="Hi", calendar="Shop")
        calendars.delete(made.id, None)


def test_only_admins_ask(app, number, ben):
    agent = build.signed_in(app, ben)
    data = {"number_id": str(number.id), "type": "any", "days": "7"}
    for path in ("/rules/try", "/rules/backtest", "/rules/length"):
        assert agent.post(path, data=data).status_code == 403


def test_only_numbers_that_there_are_can_be_tried(browser, number):
    for number_id in ("", "x", "999999", str(10**19)):
        data = {"number_id": number_id, "try_body": "x", "days": "7"}
        for path in ("/rules/try", "/rules/backtest", "/rules/length"):
            assert browser.post(path, data=data).status_code == 404


def test_all_vectors_come_out_the_same_through_the_box(browser, number):
    wrong = []
    for match, body, fits, files, new in VECTORS:
        breaks = "\n" if match["type"] == "regex" else ","
        page = tried(
            browser,
            number,
            body,
            type=match["type"],
            terms=breaks.join(match.get("terms", ())),
            not_terms=",".join(match.get("not_terms", ())),
            typos="1" if match.get("typos") else "",
            reply="Yes",
            name="Rule",
            cooldown="none",
            try_contact="new" if new else "known",
            try_file="1" if files else "",
        )
        if (verdict(page) == "Rule answers.") is not fits:
            wrong.append((match, body, verdict(page)))
    assert wrong == []


def test_consent_words_come_before_all_rules_in_the_box(browser, number):
    build.a_rule(number, "x", name="Any", definition={"match": {"type": "any"}})
    for body, word in CONSENT:
        said = verdict(tried(browser, number, body))
        assert said == (f"{word.upper()} is law: no rule is asked." if word else "Any answers.")


def test_the_box_shows_the_one_confirmation_of_a_consent_word(browser, number, ada):
    build.a_rule(number, "hours")
    inbox.edit("Juniper Cycles", "call (415) 555-0100", "number", ada)
    shown = {body: tried(browser, number, body) for body in ("STOP", "HELP", "START")}
    assert "Juniper Cycles" in shown["STOP"]
    assert "call (415) 555-0100" in shown["HELP"]
    assert "Juniper Cycles" not in shown["START"], "who never left is not welcomed back"


def test_a_backtest_says_what_would_have_been_answered(browser, number):
    conversation = build.a_conversation(number, build.a_contact(name="Mia Lund"))
    text = build.a_message(
        conversation, direction="inbound", state="received", author="contact", body="Hours?",
        created_at=clock.now() - timedelta(days=2),
    )  # fmt: skip
    draft = {"type": "exact", "terms": "hours", "reply": "9 to 5", "name": "Hours"}
    page = browser.post(
        "/rules/backtest", data={"number_id": str(number.id), "days": "7", **draft}
    ).text
    assert f'href="/conversations/{conversation.id}?at={text.id}"' in page
    assert "Mia Lund" in page
    assert build.every(Decision) == []


def test_a_backtest_looks_back_no_further_than_offered(browser, number):
    build.a_rule(number, "hours")
    data = {"number_id": str(number.id), "days": "4000"}
    assert "Look back on 7, 30 or 90 days." in browser.post("/rules/backtest", data=data).text


def test_times_are_those_of_the_number_where_the_rule_names_no_calendar(browser, number):
    build.a_rule(number, "hi", reply="Hello", definition={"valid_until": "2026-01-31"})
    build.changed(number, zone="Asia/Tokyo")
    here, there = "2026-01-31 23:59", "2026-01-31T23:59Z"
    assert verdict(tried(browser, number, "hi", try_at=here)) == "hi answers."
    assert verdict(tried(browser, number, "hi", try_at=there)) != "hi answers."


def test_a_backtest_says_how_far_it_is_before_the_page_comes(browser, number):
    build.a_message(
        build.a_conversation(number), direction="inbound", state="received", author="contact"
    )
    asked, page = {"number_id": number.id, "days": 7}, {"HX-Request": "true"}
    answer = browser.post("/rules/backtest", data=asked, headers=page)
    assert answer.mimetype == "text/event-stream"
    far, farther, whole, _ = answer.text.split("\n\n")
    assert ("0 of 1 texts" in far, "1 of 1 texts" in farther) == (True, True)
    assert whole.startswith("data: <!DOCTYPE html>")
    assert browser.post("/rules/backtest", data=asked).text.startswith("<!DOCTYPE html>")


def test_a_decision_and_a_backtest_are_told_in_the_language_of_the_reader(app, number):
    build.a_rule(number, "1", reply="2", name="3")
    browser = build.signed_in(app, build.a_user("Ада", role="admin", language=PSEUDO))
    data = {"number_id": str(number.id), "try_body": "1", "days": "7"}
    for path in ("/rules/try", "/rules/backtest"):
        page = browser.post(path, data=data).text
        assert 'lang="ar-XB"' in page
        assert pseudo("Try it") in page
