"""An account's page tells the carrier's side what it needs, and nobody what is secret."""

import pytest
from flask.testing import FlaskClient

from smsinbox.core import clock
from smsinbox.core.database import atomic
from smsinbox.models import Account
from smsinbox.services.accounts import credentials
from tests import build

NEW = {
    "dialect": "trunx",
    "name": "Trunx",
    "base_url": "https://api.example.com",
    "key": "tk_a_key",
    "secret": "whsec_a_secret",
    "signature_header": "X-Trunx-Signature",
    "signature_prefix": "sha256=",
    "signature_encoding": "hex",
    "timestamp_header": "",
}


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


@atomic
def paused(account: Account) -> Account:
    account.paused_at, account.paused_reason = clock.now(), "The carrier refused our key."
    return account


def test_the_webhook_address_is_there_to_copy(browser):
    account = build.an_account()
    page = browser.get("/accounts").text
    assert f'data-copy="http://localhost:8000{account.webhook_path}"' in page


def test_an_account_is_added(browser):
    answer = browser.post("/accounts", data=NEW)
    assert answer.status_code == 303
    (account,) = build.every(Account)
    assert credentials(account).secret == "whsec_a_secret"
    assert account.settings["signature_prefix"] == "sha256="


def test_no_page_shows_a_key_or_a_secret(browser):
    account = build.an_account()
    pages = [browser.get(path).text for path in ("/accounts", f"/accounts?edit={account.id}")]
    refused = browser.post("/accounts", data=NEW | {"base_url": "nowhere"})
    for page in (*pages, refused.text):
        assert build.KEY not in page
        assert build.SECRET not in page
        assert NEW["key"] not in page
        assert NEW["secret"] not in page


def test_a_refused_account_keeps_what_was_typed_and_opens_the_part_at_fault(browser):
    answer = browser.post("/accounts", data=NEW | {"signature_header": "X Y"})
    assert answer.status_code == 422
    assert 'value="https://api.example.com"' in answer.text
    assert "This is no “Signature header”." in answer.text
    assert '<details class="more" open>' in " ".join(answer.text.split())


def test_saving_with_empty_secrets_keeps_them(browser):
    account = build.an_account("https://api.example.com")
    browser.post(f"/accounts/{account.id}", data=NEW | {"name": "Renamed", "key": "", "secret": ""})
    assert build.again(account).name == "Renamed"
    assert credentials(account).key == build.KEY


def test_a_paused_account_says_why_and_resumes(browser):
    account = paused(build.an_account())
    assert "The carrier refused our key." in browser.get("/accounts").text
    browser.post(f"/accounts/{account.id}/resume")
    assert not build.again(account).is_paused


def test_forged_webhooks_are_counted_where_an_admin_looks(browser):
    account = build.an_account()
    browser.post(account.webhook_path, data=b"{}", content_type="application/json")
    assert "1 forged" in browser.get("/accounts").text


def test_without_an_account_the_page_says_what_to_do(browser):
    assert "No account yet" in browser.get("/accounts").text


def test_a_number_shows_how_many_of_its_texts_did_not_arrive(app, ada, number):
    conversation = build.a_conversation(number)
    browser = build.signed_in(app, ada)
    assert "Too few texts" in browser.get("/accounts").text
    for at in range(20):
        delivery = 60 if at % 2 else 50
        build.a_message(conversation, state="accepted", delivery=delivery, carrier_id=str(at))
    assert "10 of 20 texts did not arrive" in browser.get("/accounts").text
