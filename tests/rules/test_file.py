"""Rules as a file, and the examples that admins write into them."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from smsinbox.core.errors import Invalid
from smsinbox.rules.decision import Mode
from smsinbox.rules.examples import failures
from smsinbox.rules.facts import Number
from smsinbox.rules.file import rule_file, written
from tests.rules.build import MONDAY_NOON, a_rule, facts
from tests.rules.test_definition import FULL

HOURS: dict[str, Any] = {
    "name": "Hours",
    "mode": "on",
    "match": {"type": "exact", "terms": ["hours", "open"], "not_terms": [], "typos": 0},
    "when": {"calendar": None, "is": "always"},
    "cooldown": "none",
    "reply": "We are open 9 to 5.",
    "stop": True,
    "tests": [
        {"in": "HOURS!!", "expect": "Hours"},
        {"in": "what are your hours", "expect": None},
    ],
}
PAGE: dict[str, Any] = {"number": "+14155550142", "rules": [HOURS]}


def test_a_file_comes_out_as_it_went_in():
    [rule] = rule_file(PAGE).rules
    again = written(rule.name, rule.mode, rule.definition)
    assert again == rule
    assert rule_file({**PAGE, "rules": [again.json_ready()]}) == rule_file(PAGE)


def test_a_file_says_nothing_that_goes_without_saying_and_loses_nothing():
    page = rule_file(PAGE)
    [short] = page.short()["rules"]
    assert list(short) == ["name", "mode", "match", "cooldown", "reply", "tests"]
    assert short["match"] == {"type": "exact", "terms": ["hours", "open"]}
    assert rule_file(page.short()) == page
    whole = rule_file({**PAGE, "rules": [{"name": "Whole", "mode": "shadow", **FULL}]})
    assert rule_file(whole.short()) == whole


@pytest.mark.parametrize(
    ("raw", "mode"), [(True, Mode.ON), (False, Mode.OFF), ("shadow", "shadow")]
)
def test_yamls_bare_on_and_off_are_understood(raw, mode):
    rules = [{**HOURS, "mode": raw}]
    assert rule_file({**PAGE, "rules": rules}).rules[0].mode == mode


@pytest.mark.parametrize(
    ("rules", "field", "words"),
    [
        ([HOURS, HOURS], "rules", "Two rules are called “Hours”"),
        ([{**HOURS, "mode": "maybe"}], "rules.mode", "must be"),
        ([{**HOURS, "reply": "{{x}}"}], "rules.reply", "no field"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(rules, field, words):
    with pytest.raises(Invalid, match=words) as caught:
        rule_file({**PAGE, "rules": rules})
    assert caught.value.field == field


def complaints(*rules):
    known = facts()
    return [one.words for one in failures(rules, Number(zone="UTC"), known.calendars, MONDAY_NOON)]


def test_examples_that_hold_say_nothing_and_others_what_came_instead():
    closed = a_rule("Closed", mode="off", when={"calendar": "Office", "is": "closed"}, tests=[
        {"in": "hi", "at": "Sun 03:00", "expect": "Closed"},
        {"in": "", "at": "2026-12-25 10:00", "expect": "Closed"},
        {"in": "hi", "at": "Mon 10:00", "expect": "Closed"},
        {"in": "STOP", "at": "Sun 03:00", "expect": None},
    ])  # fmt: skip
    new = a_rule("New", who="new", tests=[{"in": "hi", "contact": "new", "expect": "New"}])
    assert complaints(closed, new) == ["“hi” should be answered by “Closed”, but is by no rule."]


def test_an_example_is_asked_on_the_clock_of_the_rules_calendar():
    rule = a_rule("A", when={"calendar": "Office", "is": "open"}, tests=[
        {"in": "x", "at": "Tue 09:00", "expect": "A"},
        {"in": "x", "at": "Tue 08:59", "expect": None},
    ])  # fmt: skip
    assert ZoneInfo("America/New_York") == facts().calendars["Office"].zone
    assert complaints(rule) == []
