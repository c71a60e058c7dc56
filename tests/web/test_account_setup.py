"""An account is set up step by step, and the page says truly how far it is."""

import pytest
from flask.testing import FlaskClient

from smsinbox.dialects import telnyx
from smsinbox.dialects.base import Receipt as Report
from smsinbox.models import Message
from smsinbox.services import accounts, receipts, webhooks
from tests import build
from tests.build import THEIRS


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def test_the_page_names_the_address_and_says_that_nothing_was_heard(browser, number):
    page = browser.get(f"/accounts/{number.account_id}/setup").text
    assert f"http://localhost:8000{number.account.webhook_path}" in page
    assert "No webhook yet" in page


def test_a_good_webhook_is_seen(browser, number, client, monkeypatch):
    monkeypatch.setattr("smsinbox.web.webhooks._noted", {})
    build.post_webhook(client, number.account, build.received())
    assert "Signature good" in browser.get(f"/accounts/{number.account_id}/heard").text


def test_a_bad_one_says_why(browser, number):
    webhooks.seen(number.account_id)
    webhooks.forged(number.account_id, "The timestamp is 412 s behind our clock.")
    heard = browser.get(f"/accounts/{number.account_id}/heard").text
    assert "Refused" in heard
    assert "412 s behind" in heard


def test_what_we_do_not_follow_is_counted(browser, number):
    webhooks.ignore(number.account_id, "k1", b"{}", "sms.dreamt")
    receipts.receive([receipts.Reported(number.account_id, Report("x", "pondering", None))])
    page = browser.get(f"/accounts/{number.account_id}/setup").text
    assert "Unknown event sms.dreamt." in page
    assert "Unknown status pondering." in page


def test_a_test_text_leaves_from_the_number_and_shows_its_conversation(browser, number):
    form = {"number_id": number.id, "to": THEIRS, "client_token": "t1"}
    answer = browser.post(f"/accounts/{number.account_id}/test", data=form)
    [message] = build.every(Message)
    assert answer.status_code == 303
    assert answer.location == f"/conversations/{message.conversation_id}"
    assert "test" in message.body


def test_a_test_to_nowhere_is_refused_in_words(browser, number):
    form = {"number_id": number.id, "to": "12", "client_token": "t1"}
    answer = browser.post(f"/accounts/{number.account_id}/test", data=form)
    assert answer.status_code == 422
    assert build.every(Message) == []
    assert 'aria-invalid="true"' in answer.text


def test_a_carrier_without_such_an_api_offers_no_button(browser):
    secret = telnyx.server.new_secrets().proves
    account = accounts.create("telnyx", "Telnyx", "", "KEY1", secret)
    assert "for me" not in browser.get(f"/accounts/{account.id}/setup").text
    assert browser.post(f"/accounts/{account.id}/register").status_code == 409


def test_a_carrier_that_is_away_is_told_in_words(browser, number):
    answer = browser.post(f"/accounts/{number.account_id}/register")
    assert answer.status_code == 409
    assert "could not be reached" in answer.text


@pytest.mark.parametrize("path", ["setup", "heard", "logs"])
def test_only_admins_see_it(app, ben, number, path):
    answer = build.signed_in(app, ben).get(f"/accounts/{number.account_id}/{path}")
    assert answer.status_code == 403
