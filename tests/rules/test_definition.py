"""What an admin may write, and the sentence for what cannot be."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core.errors import Invalid
from smsinbox.rules.definition import Definition, definition
from smsinbox.rules.patterns import BadPattern, pattern
from smsinbox.rules.reading import read_or_flaws

HOURS = {"match": {"type": "exact", "terms": ["hours", "open"]}, "reply": "9 to 5"}


def test_a_rule_needs_a_match_and_a_reply_and_has_the_rest():
    made = definition(HOURS)
    assert (made.cooldown, made.human_grace, made.stop, made.delay) == ("5m", 5, True, 0)
    assert (made.when.hours, made.who.kind, made.started_by) == ("always", "everyone", "any")


@pytest.mark.parametrize(
    ("kind", "rest"), [("any", "12h"), ("first_contact", "12h"), ("no_text", "12h")]
)
def test_what_answers_nearly_everything_rests_longer(kind, rest):
    assert definition({"match": {"type": kind}, "reply": "x"}).cooldown == rest


FULL = {
    "match": {"type": "word", "terms": ["hours"], "not_terms": ["happy hours"], "typos": 1},
    "when": {"calendar": "Office", "is": "closed"},
    "valid_from": date(2026, 1, 1),
    "valid_until": "2026-12-31",
    "who": {"is": "has_tag", "of": "vip"},
    "started_by": "customer",
    "human_grace": 0,
    "cooldown": "once_per_opening",
    "delay": 10,
    "reply": "Back {{calendar.opens|soon}}, {{contact.first_name|friend}}",
    "variants": {"es": "Hola", "pt-BR": "Olá"},
    "actions": [
        {"do": "tag", "tag": "asked"},
        {"do": "untag", "tag": "new"},
        {"do": "assign", "to": "Ada@Example.com"},
        {"do": "snooze", "minutes": 60},
        {"do": "close"},
        {"do": "note", "text": "{{contact.name|They}} asked"},
        {"do": "notify"},
        {"do": "callback"},
    ],
    "stop": False,
    "quiet": True,
    "counts_as_response": True,
    "daily_budget": 50,
    "tests": [{"in": "HOURS!!", "at": "Sun 03:00", "expect": "Hours"}, {"in": "x", "expect": None}],
}


def test_a_whole_rule_is_kept_as_it_was_written():
    made = definition(FULL)
    assert definition(made.json_ready()) == made
    assert made.json_ready()["when"] == {"calendar": "Office", "is": "closed"}
    assert made.reply_in("es-MX") == "Hola"
    assert made.reply_in("pt") == made.reply_in("") == made.reply


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"match": {"terms": []}}, "match.terms", "at least one word"),
        ({"match": {"terms": ["?!"]}}, "match.terms", "no letter, digit or emoji"),
        ({"match": {"terms": ["Stop."]}}, "match.terms", "STOP word"),
        ({"match": {"terms": ["x" * 61]}}, "match.terms", "60 characters"),
        ({"match": {"terms": ["x"] * 21}}, "match.terms", "at most 20"),
        ({"match": {"type": "any", "terms": ["x"]}}, "match.terms", "leave the terms empty"),
        ({"match": {"type": "contains", "terms": ["x"]}}, "match.type", "must be"),
        ({"match": {"type": "any", "typos": 1}}, "match.typos", "only be allowed in words"),
        ({"match": {"terms": ["x"], "typos": 2}}, "match.typos", "0 or 1"),
        ({"match": {"terms": "hours"}}, "match.terms", "must be a list"),
        ({"match": {"type": "regex", "terms": ["(?=a)b"]}}, "match.terms", "looks ahead"),
        ({"when": {"is": "open"}}, "when.is", "Choose the calendar"),
        ({"who": "has_tag"}, "who.of", "Name the tag"),
        ({"who": {"is": "new", "of": "x"}}, "who.of", "leave it empty"),
        ({"valid_from": "2026-02-02", "valid_until": "2026-02-01"}, "valid_until", "before"),
        ({"valid_from": "soon"}, "valid_from", "date such as"),
        ({"human_grace": -1}, "human_grace", "at least 0"),
        ({"delay": 61}, "delay", "at most 60"),
        ({"delay": "10"}, "delay", "a whole number"),
        ({"cooldown": "2h"}, "cooldown", "must be"),
        ({"reply": ""}, "reply", "Write the reply"),
        ({"reply": "Hi {{name}}"}, "reply", "“{{name}}” is no field"),
        ({"reply": "Hi {{contact.name"}, "reply", "braces"),
        ({"reply": "{{calendar.opens}}"}, "reply", "needs a calendar"),
        ({"reply": "x" * 1601}, "reply", "at most 1600"),
        ({"variants": {"es": " "}}, "variants", "“es” needs"),
        ({"variants": {"Spanish": "Hola"}}, "variants.Spanish", "not written"),
        ({"actions": [{"do": "explode"}]}, "actions", "nothing a rule can do"),
        ({"actions": [{"do": "tag"}]}, "actions.tag.tag", "missing"),
        ({"actions": [{"do": "opt_out"}]}, "reply", "confirmation"),
        ({"actions": [{"do": "opt_out"}], "reply": "", "stop": False}, "stop", "must stop"),
        (
            {"actions": [{"do": "opt_in"}], "match": {"type": "word", "terms": ["x"]}},
            "actions",
            "exact",
        ),
        (
            {"actions": [{"do": "opt_out"}], "match": {"type": "any"}, "reply": ""},
            "actions",
            "words that they wrote",
        ),
        ({"daily_budget": 0}, "daily_budget", "at least 1"),
        ({"tests": [{"in": "x", "at": "noon", "expect": None}]}, "tests.at", "no moment"),
        ({"tests": [{"in": "x"}]}, "tests.expect", "missing"),
        ({"replyy": "x"}, "replyy", "no field that we know"),
        ({"stop": "yes"}, "stop", "true or false"),
    ],
)
def test_what_cannot_be_says_which_field_and_why(change, field, words):
    with pytest.raises(Invalid, match=words) as caught:
        definition(HOURS | change)
    assert caught.value.field == field
    assert caught.value.words[0].isupper() or caught.value.words[0] in "“{"
    assert caught.value.words.endswith((".", "…", "”."))


names = st.text() | st.sampled_from([*FULL])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(names, inner),
    )
)
def test_nothing_that_can_be_written_breaks_the_reading(raw):
    made, flaws = read_or_flaws(Definition, raw)
    assert (made is None) == bool(flaws)


@pytest.mark.parametrize("written", [r"(a+)+$", r"(a|aa)+$", r"(.*a){9}b", r"^(([a-z])+.)+[A-Z]$"])
def test_s62_a_pattern_that_runs_away_elsewhere_is_linear_here(written):
    assert pattern(written).search("a" * 10_000 + "!!") is None


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (r"(a)\1", "refers back"),
        (r"(?<!a)b", "ahead or behind"),
        (r"((a{99}){99}){99}", "repeats too much"),
        ("(", "missing"),
        ("[z-a]", "range"),
        ("x" * 501, "500 characters"),
        ("a*", "every text"),
        (" ", "empty"),
        ("\ud800", "cannot be used"),
    ],
)
def test_s62_what_the_engine_refuses_is_refused_on_saving_with_the_reason(written, why):
    with pytest.raises(BadPattern, match=why):
        pattern(written)
