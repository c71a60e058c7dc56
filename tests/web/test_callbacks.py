"""Admins see where programs hear of texts and how it goes, and mend it."""

import re

import pytest
from flask.testing import FlaskClient

from smsinbox.core import clock
from smsinbox.core.database import atomic
from smsinbox.models import Callback, CallbackPost, Message
from smsinbox.services import callback_endpoints, callback_posts
from tests import build
from tests.services.test_callback_posts import a_post

FORM = {
    "dialect": "trunx",
    "url": "https://program.example/hooks",
    "failover_url": "",
    "events": "sms.received, sms.failed",
}


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


@pytest.fixture
def post(number):
    return a_post(build.a_callback(), build.a_message(build.a_conversation(number)))


def test_without_keys_the_page_says_what_to_do_first(browser):
    page = browser.get("/callbacks").text
    assert "No callbacks yet" in page
    assert 'href="/keys"' in page


def test_a_new_callback_shows_its_secret_once(browser):
    answer = browser.post("/callbacks", data=FORM | {"api_key_id": build.a_key().id})
    (proof,) = re.findall(r'id="new-secret">(whsec_[\w-]+)<', answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    (made,) = build.every(Callback)
    assert answer.headers["HX-Replace-Url"] == f"/callbacks/{made.id}"
    assert callback_endpoints.credentials(made).secret == proof
    assert made.events == ["sms.received", "sms.failed"]
    assert proof not in browser.get(f"/callbacks/{made.id}").text
    assert "program.example" in browser.get("/callbacks").text


def test_telnyxs_public_key_is_no_secret(browser):
    callback = build.a_callback(dialect="telnyx")
    page = browser.get(f"/callbacks/{callback.id}").text
    assert (callback.public_key or "none") in page.replace("&#43;", "+")


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://127.0.0.1/"},
        {"failover_url": "http://10.0.0.1/"},
        {"url": ""},
        {"events": " "},
        {"dialect": "smoke"},
        {"api_key_id": "0"},
        {"api_key_id": "x"},
    ],
)
def test_what_cannot_be_used_is_shown_again_with_the_reason(browser, change):
    answer = browser.post("/callbacks", data=FORM | {"api_key_id": build.a_key().id} | change)
    assert answer.status_code == 422
    assert build.every(Callback) == []


def test_addresses_and_events_can_be_changed(browser, post):
    path = f"/callbacks/{post.callback_id}"
    change = {"url": "https://new.example/", "failover_url": "https://b.example/", "events": "*"}
    assert browser.post(path, data=change).status_code == 303
    (changed,) = build.every(Callback)
    assert changed.urls == ("https://new.example/", "https://b.example/")
    assert browser.post(path, data=change | {"url": "http://[::1]/"}).status_code == 422


def test_the_log_tells_status_time_attempts_and_why(browser, post):
    page = browser.get(f"/callbacks/{post.callback_id}").text
    assert "Not tried" in page
    (held,) = callback_posts.take([], 1)
    callback_posts.finish([callback_posts.Outcome(held, False, 503, 87, "It answered 503.")])
    page = browser.get(f"/callbacks/{post.callback_id}").text
    for words in ("sms.received", "Waiting", "503", "87 ms", "It answered 503."):
        assert words in page


def test_an_empty_log_says_so(browser):
    assert "Nothing posted yet" in browser.get(f"/callbacks/{build.a_callback().id}").text


def test_a_long_log_has_pages(browser, post):
    (callback,), (message,) = build.every(Callback), build.every(Message)
    for n in range(60):
        a_post(callback, message, event_id=str(n))
    page = browser.get(f"/callbacks/{post.callback_id}").text
    (older,) = re.findall(r'href="(/callbacks/[^"]+before=\d+)"', page)
    assert browser.get(older).text.count("Send again") == 11


def test_send_again_posts_it_once_more(browser, post):
    build.changed(post, state="given_up", due_at=clock.EPOCH, ended_at=clock.now())
    answer = browser.post(f"/callbacks/{post.callback_id}/posts/{post.id}/again")
    assert answer.status_code == 303
    assert build.every(CallbackPost)[0].state == "waiting"


def test_send_again_to_one_that_is_off_says_what_to_do(browser, post):
    browser.post(f"/callbacks/{post.callback_id}/switch-off")
    answer = browser.post(f"/callbacks/{post.callback_id}/posts/{post.id}/again")
    assert answer.status_code == 409
    assert "Switch the webhook on first" in answer.text


def test_one_that_was_switched_off_is_told_on_every_settings_page(browser, post):
    build.changed(build.every(Callback)[0], active=False, off_reason="It failed for three days.")
    assert re.search(r'Callbacks\s*<span class="count">1</span>', browser.get("/keys").text)
    assert "It failed for three days." in browser.get(f"/callbacks/{post.callback_id}").text
    browser.post(f"/callbacks/{post.callback_id}/switch-on")
    assert build.every(Callback)[0].active
    assert 'class="count"' not in browser.get("/keys").text


def switched_off_now() -> None:
    reason = "It failed for three days."
    build.changed(build.every(Callback)[0], active=False, off_reason=reason, off_at=clock.now())


@pytest.mark.parametrize("look", ["callbacks", "seen"])
def test_the_inbox_tells_admins_of_one_that_was_switched_off_until_they_have_seen_it(
    browser, post, look
):
    told = "A callback of Shop was switched off"
    assert told not in browser.get("/conversations").text
    switched_off_now()
    assert told in browser.get("/conversations").text
    assert told in browser.get("/conversations").text
    if look == "callbacks":
        browser.get("/callbacks")
    else:
        assert browser.post("/callbacks/seen").headers["Location"] == "/conversations"
    assert told not in browser.get("/conversations").text
    switched_off_now()
    assert told in browser.get("/conversations").text
    browser.post(f"/callbacks/{post.callback_id}/switch-on")
    assert told not in browser.get("/conversations").text


def test_nobody_but_admins_is_told_of_callbacks_or_dismisses_it_for_them(app, browser, post):
    switched_off_now()
    agent = build.signed_in(app, build.a_user("Ben"))
    assert "switched-off" not in agent.get("/conversations").text
    assert agent.post("/callbacks/seen").status_code == 403
    assert "switched-off" in browser.get("/conversations").text


def test_a_new_secret_ends_the_old_one(browser, post):
    before = callback_endpoints.credentials(build.every(Callback)[0]).secret
    answer = browser.post(f"/callbacks/{post.callback_id}/renew")
    (proof,) = re.findall(r'id="new-secret">(whsec_[\w-]+)<', answer.text)
    assert callback_endpoints.credentials(build.every(Callback)[0]).secret == proof != before


def test_deleted_is_gone_with_its_log(browser, post):
    assert browser.post(f"/callbacks/{post.callback_id}/delete").status_code == 303
    assert build.every(Callback) == build.every(CallbackPost) == []


@pytest.mark.parametrize("what", ["", "/renew", "/switch-on", "/switch-off", "/delete"])
def test_agents_may_not(app, ben, post, what):
    browser = build.signed_in(app, ben)
    assert browser.post(f"/callbacks/{post.callback_id}{what}", data=FORM).status_code == 403
    assert browser.get("/callbacks").status_code == 403
    assert len(build.every(Callback)) == 1


@pytest.mark.parametrize("name", ["x", "%00", "%F0%9F%91%8B"])
def test_what_is_not_there_is_not_there(browser, name):
    assert browser.get(f"/callbacks/{name}").status_code == 404


def test_an_address_is_shown_as_text(browser):
    callback = build.a_callback(url='https://program.example/"><script>alert(1)</script>')
    for path in ("/callbacks", f"/callbacks/{callback.id}"):
        assert "<script>alert" not in browser.get(path).text


def test_the_page_of_own_addresses_has_no_address_to_change(browser, ada):
    key = build.a_key()
    own = atomic(callback_endpoints.for_own_addresses)(key, "telnyx")
    page = browser.get(f"/callbacks/{own.id}").text
    assert "Addresses that texts name" in page
    assert "callback-edit" not in page
    assert browser.post(f"/callbacks/{own.id}", data=FORM).status_code == 404
    assert browser.post(f"/callbacks/{own.id}/delete").status_code == 404
