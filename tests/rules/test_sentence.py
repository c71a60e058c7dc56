"""A rule read aloud, and rules that stand in each other's way."""

import re

import pytest

from smsinbox.core.i18n import PSEUDO, speaking
from smsinbox.rules.overlaps import overlaps
from smsinbox.rules.sentence import sentence
from tests.rules.build import a_rule

NUMBER = "(415) 555-9876"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (
            {"match": {"terms": ["hours", "open"]}, "human_grace": 5, "cooldown": "5m"},
            f"When someone texts {NUMBER} exactly “hours” or “open”, at any time, unless an agent "
            "texted in the last 5 minutes or this rule answered them in the last 5 minutes, "
            "reply “Hours!” and stop.",
        ),
        (
            {
                "match": {"type": "any", "not_terms": ["test"]},
                "when": {"calendar": "Office", "is": "closed"},
                "valid_from": "2026-12-01",
                "who": {"is": "lacks_tag", "of": "vip"},
                "started_by": "customer",
                "cooldown": "once_per_opening",
                "delay": 10,
                "variants": {"es": "Hola"},
                "actions": [{"do": "tag", "tag": "late"}, {"do": "snooze", "minutes": 720}],
                "quiet": True,
                "stop": False,
            },
            f"When somebody without the tag “vip” who wrote first texts {NUMBER} anything but not "
            "“test”, while “Office” is closed, from 2026-12-01, unless this rule has answered "
            "since the conversation was opened, reply after 10 seconds “Hours!” (or in es), tag "
            "the contact “late”, snooze it for 12 hours, alert nobody and go on to the next rule.",
        ),
        (
            {"match": {"type": "no_text"}, "reply": "", "actions": [{"do": "close"}]},
            f"When someone texts {NUMBER} a picture without words, at any time, close it and stop.",
        ),
    ],
)
def test_a_rule_reads_as_a_sentence(written, words):
    assert sentence(a_rule(**written).definition, NUMBER) == words


def test_a_rule_is_read_aloud_in_the_language_of_its_reader():
    rule = a_rule(
        "1", "1", "2", who={"is": "has_tag", "of": "3"}, started_by="customer", human_grace=5,
        cooldown="1h", daily_budget=6, valid_from="2026-12-01", delay=2, variants={"es": "7"},
        actions=[{"do": "notify"}, {"do": "snooze", "minutes": 60}], quiet=True, stop=False,
    )  # fmt: skip

    with speaking(PSEUDO):
        words = sentence(rule.definition)

    assert re.findall("[A-Za-z]+", words) == ["es"]


def kinds(*rules):
    names = {rule.id: rule.name for rule in rules}
    return [(names[one.rule_id], names[one.by_id], one.trouble.value) for one in overlaps(rules)]


PATTERN = {"match": {"type": "regex", "terms": ["ab+"]}}
WORD = {"match": {"type": "word", "terms": ["hours"]}}


@pytest.mark.parametrize(
    ("first", "second", "trouble"),
    [
        ({}, WORD, "never"),
        ({"cooldown": "5m"}, WORD, "loses"),
        ({"reply": "Hi {{contact.name}}"}, WORD, "loses"),
        ({"daily_budget": 5}, WORD, "loses"),
        ({"who": "new"}, WORD, "loses"),
        ({"stop": False}, WORD, "loses"),
        (WORD, {"match": {"type": "phrase", "terms": ["opening hours"]}}, "never"),
        (WORD, {"match": {"terms": ["hours", "open"]}}, "shares"),
        ({"match": {"terms": ["hours"]}}, WORD, "shares"),
        ({"match": {"terms": ["hours"]}}, {"match": {"terms": ["HOURS!"]}}, "never"),
        ({"match": {"type": "first_contact"}}, {"match": {"type": "first_contact"}}, "never"),
        (PATTERN, PATTERN, "never"),
        ({"match": {"type": "any", "not_terms": ["x"]}}, WORD, "shares"),
        (WORD, {}, None),
        ({"match": {"terms": ["hours"]}}, {"match": {"terms": ["open"]}}, None),
        ({"mode": "shadow"}, WORD, None),
        ({"stop": False, "reply": "", "actions": [{"do": "close"}]}, WORD, None),
        (
            {"when": {"calendar": "Office", "is": "open"}},
            {"when": {"calendar": "Office", "is": "closed"}},
            None,
        ),
        ({"who": "new"}, {"who": "known"}, None),
    ],
)  # fmt: skip
def test_a_rule_behind_another_loses_what_that_one_takes(first, second, trouble):
    expected = [("B", "A", trouble)] if trouble else []
    assert kinds(a_rule("A", **first), a_rule("B", **second)) == expected


def test_a_clash_is_told_in_words():
    [one] = overlaps([a_rule("All"), a_rule("Hours", "hours")])
    assert one.words == (
        "“All” is for every text and comes first: “Hours” is never reached. "
        "Move it up, or delete it."
    )
