"""Which texts a rule is for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core.errors import Invalid
from smsinbox.core.text import normalise
from smsinbox.core.words import consent_word
from smsinbox.rules.definition import Match
from smsinbox.rules.facts import Contact
from smsinbox.rules.matching import Matcher, said, tokens
from smsinbox.rules.reading import read
from tests.rules.build import a_rule, decided, facts
from tests.rules.vectors import CONSENT, VECTORS, Vector

letters = st.text("hours ", max_size=12)


@pytest.mark.parametrize("vector", VECTORS, ids=repr)
def test_a_rule_answers_exactly_the_texts_it_is_for(vector: Vector):
    rule = a_rule(match=vector.match)
    given = facts(contact=Contact(new=vector.new))
    decision = decided(vector.body, rule, given=given, files=vector.files)
    assert (decision.winner == rule.id) is vector.fits


@pytest.mark.parametrize(("body", "word"), CONSENT)
def test_a_whole_text_of_the_law_is_nothing_for_rules(body, word):
    decision = decided(body, a_rule(match={"type": "any"}))
    assert (decision.consent, decision.winner is None) == (word, word is not None)


@given(letters, letters.filter(normalise), st.sampled_from(["exact", "first_word", "word"]))
def test_the_index_hides_no_rule_that_would_match(body, term, kind):
    match = read(Match, {"type": kind, "terms": [term], "typos": 1})
    hit = Matcher(match).hit(said(body), False) is not None
    rule = a_rule(match={"type": kind, "terms": [term], "typos": 1})
    assert (decided(body, rule).winner == rule.id) is hit


@given(st.text(max_size=60))
def test_a_text_is_its_own_exact_term(text):
    heard = said(text)
    if heard.tokens and heard.normalised == normalise(text) and consent_word(text) is None:
        assert Matcher(Match(terms=(text,))).hit(heard, False) is not None
    assert " ".join(tokens(heard.normalised)).replace(" ", "") == heard.normalised.replace(" ", "")


def test_one_typo_means_one():
    matcher = Matcher(Match(terms=("hours",), typos=1))
    changed = {"hours"[:at] + other + "hours"[at + 1 :] for at in range(1, 5) for other in "xyz"}
    assert all(matcher.hit(said(one), False) for one in changed)
    assert not any(matcher.hit(said(one + "x"), False) for one in changed)


def exactly(body: str, *terms: str) -> bool:
    """Whether a rule for exactly these terms is for the text."""
    return Matcher(read(Match, {"terms": list(terms)})).hit(said(body), False) is not None


@pytest.mark.parametrize(
    ("body", "term"),
    [
        ("hours", "HOURS"),
        ("HOURS!!", "HOURS"),
        (" “Hours?” ", "hours"),
        ("HÓURS", "HOURS"),
        ("HOURS", "hóurs"),
        ("𝗛𝗼𝘂𝗿𝘀", "HOURS"),
        ("ho\u200burs", "HOURS"),
        ("١", "1"),
        ("1", "١"),
        ("👍🏽", "👍"),
        ("Opening-hours?", "opening hours"),
        ("dont", "don’t"),
    ],
)
def test_a_text_that_is_a_term_matches_it_exactly(body, term):
    assert exactly(body, "nothing", term)


@pytest.mark.parametrize(
    "body",
    ["Hours please", "your hours", "Opening-hours?", "hourss", "thours", "Liked “hours”", "", "?"],
)
def test_a_text_that_is_more_or_less_than_a_term_does_not_match(body):
    assert not exactly(body, "HOURS")


@pytest.mark.parametrize("term", ["", " ", "?!"])
def test_an_empty_term_matches_nothing_as_there_can_be_none(term):
    with pytest.raises(Invalid):
        exactly("hours", term)
