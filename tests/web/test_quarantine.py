"""A quarantined webhook can be read, however it was meant, and replayed."""

import pytest
from flask.testing import FlaskClient

from smsinbox.models import Message, Webhook
from tests import build


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


@pytest.fixture
def post(client, number):
    """Post a genuine webhook of the number's carrier."""
    return lambda body: build.post_webhook(client, number.account, body)


def test_a_genuine_webhook_of_no_use_is_shown_with_its_reason(browser, post):
    assert post(b"not json").status_code // 100 == 2
    page = browser.get("/quarantine").text
    assert "not JSON" in page
    assert "not json</pre>" in page


def test_a_body_is_shown_as_text_whatever_it_is(browser, post):
    post(b"<script>alert(1)</script>\0\xff")
    page = browser.get("/quarantine").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\u2400\ufffd" in page


def test_the_whole_body_downloads_byte_for_byte_and_never_as_a_page(browser, post):
    body = b"<html>" + b"x" * 9000 + b"\xff"
    post(body)
    (webhook,) = build.every(Webhook)
    answer = browser.get(f"/quarantine/{webhook.id}")
    assert answer.data == body
    assert answer.mimetype == "text/plain"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "x" * 4001 not in browser.get("/quarantine").text


def test_a_replay_that_fails_again_says_why(browser, post):
    post(b"not json")
    (webhook,) = build.every(Webhook)
    answer = browser.post(f"/quarantine/{webhook.id}/replay")
    assert answer.status_code == 409
    assert "Still unreadable" in answer.text


def test_after_the_cause_is_mended_a_replay_brings_the_text_in(browser, post, number):
    assert post(build.received("For Sales", to="+14155550143")).status_code // 100 == 2
    (webhook,) = build.every(Webhook)
    build.a_number("+14155550143", account=number.account)
    answer = browser.post(f"/quarantine/{webhook.id}/replay")
    assert answer.status_code == 303
    assert [message.body for message in build.every(Message)] == ["For Sales"]
    assert "Nothing here" in browser.get("/quarantine").text


def test_an_empty_quarantine_says_so(browser):
    assert "Nothing here" in browser.get("/quarantine").text
