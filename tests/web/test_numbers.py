"""Numbers are added and changed on the page of their account."""

import pytest
from flask.testing import FlaskClient

from smsinbox.models import Number
from tests import build


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def test_a_number_is_added_to_its_account(browser):
    account = build.an_account()
    form = {"account_id": account.id, "phone": "+1 415 555 0142", "name": "Support", "pace": "2,5"}
    assert browser.post("/numbers", data=form).status_code == 303
    (number,) = build.every(Number)
    assert (number.phone, number.pace, number.account_id) == ("+14155550142", 2.5, account.id)


def test_a_refused_number_keeps_what_was_typed(browser):
    account = build.an_account()
    form = {"account_id": account.id, "phone": "0142", "name": "Sales", "pace": "fast"}
    answer = browser.post("/numbers", data=form)
    assert answer.status_code == 422
    assert 'value="Sales"' in answer.text
    assert 'value="fast"' in answer.text


def test_a_number_of_no_account_is_not_added(browser):
    form = {"account_id": "4711", "phone": "+14155550142", "name": "", "pace": "1"}
    assert browser.post("/numbers", data=form).status_code == 404


def test_a_number_is_renamed_and_its_phone_stays(browser, number):
    form = {"name": "Help", "pace": "3", "phone": "+14155559999"}
    browser.post(f"/numbers/{number.id}", data=form)
    assert (build.again(number).name, number.pace, number.phone) == ("Help", 3.0, build.OURS)


def test_a_number_has_the_zone_of_its_phone_until_an_admin_says_otherwise(browser, number):
    assert number.zone == "America/Los_Angeles"
    form = {"name": "Help", "pace": "1"}
    browser.post(f"/numbers/{number.id}", data=form | {"zone": "Europe/Berlin"})
    assert build.again(number).zone == "Europe/Berlin"
    browser.post(f"/numbers/{number.id}", data=form)
    assert build.again(number).zone == "Europe/Berlin"
    answer = browser.post(f"/numbers/{number.id}", data=form | {"zone": "Mars/Olympus"})
    assert (answer.status_code, "Choose a time zone" in answer.text) == (422, True)
    assert "Europe/Berlin" in browser.get("/accounts").text


def test_how_long_a_text_may_wait_is_said_in_minutes(browser, number):
    form = {"name": "Help", "pace": "1"}
    assert 'name="gives_up_after"' in browser.get(f"/accounts?number={number.id}").text
    browser.post(f"/numbers/{number.id}", data=form | {"gives_up_after": "90"})
    assert build.again(number).gives_up_after == 90
    for wrong in ("", "0", "soon", "10081", "-5"):
        answer = browser.post(f"/numbers/{number.id}", data=form | {"gives_up_after": wrong})
        assert answer.status_code == 422
    browser.post(f"/numbers/{number.id}", data=form)
    assert build.again(number).gives_up_after == 90


def test_a_pace_that_is_no_number_is_refused(browser, number):
    answer = browser.post(f"/numbers/{number.id}", data={"name": "Help", "pace": "nan"})
    assert answer.status_code == 422
    assert "segments a second" in answer.text


def test_the_numbers_are_shown_with_their_accounts(browser, number):
    assert browser.get("/numbers").location == "/accounts"
    assert "+1 415-555-0142" in browser.get("/accounts").text
