"""Admins say who we are, how far a STOP reaches, and which further words count."""

import pytest
from flask.testing import FlaskClient

from smsinbox.models import AddedWord, Inbox
from smsinbox.services import consent_words
from tests import build


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def test_the_page_shows_what_always_counts_and_how_it_is_answered(browser, number):
    page = browser.get("/consent").text
    for word in ("STOPALL", "REVOKE", "OPT OUT", "UNSTOP", "INFO"):
        assert word in page
    assert "Support: you are unsubscribed" in page


def test_what_is_said_about_us_is_kept(browser, number):
    form = {"company": "Acme", "contact": "call 555", "opt_out_scope": "all"}
    assert browser.post("/consent", data=form).status_code == 303
    [us] = build.every(Inbox)
    assert (us.company, us.contact, us.opt_out_scope) == ("Acme", "call 555", "all")
    assert "Acme: for help, call 555" in browser.get("/consent").text


@pytest.mark.parametrize("wrong", [{"opt_out_scope": "galaxy"}, {"company": "x" * 61}], ids=str)
def test_what_cannot_be_is_refused_and_stays_in_the_form(browser, wrong):
    form = {"company": "Acme", "contact": "call 555", "opt_out_scope": "all"}
    answer = browser.post("/consent", data=form | wrong)
    assert answer.status_code == 422
    assert 'value="call 555"' in answer.text
    assert build.every(Inbox) == []


def test_a_word_is_added_and_taken_away(browser, number):
    form = {"words": "Arrêt", "meaning": "stop", "number_id": "", "country": "fr"}
    assert browser.post("/consent/words", data=form).status_code == 303
    [word] = build.every(AddedWord)
    assert (word.spelling, word.country) == ("arret", "FR")
    page = browser.get("/consent").text
    assert "Take away “arret”" in page
    browser.post(f"/consent/words/{word.id}/delete")
    assert build.every(AddedWord) == []


def test_a_word_that_cannot_be_added_says_why(browser, number):
    consent_words.create("basta", "stop")
    for words in ("STOP", "basta", ""):
        answer = browser.post("/consent/words", data={"words": words, "meaning": "stop"})
        assert answer.status_code == 422
        assert 'id="words-says"' in answer.text


def test_words_are_never_markup(browser, number):
    browser.post("/consent", data={"company": "<b>x", "contact": "<b>", "opt_out_scope": "all"})
    assert "<b>" not in browser.get("/consent").text
