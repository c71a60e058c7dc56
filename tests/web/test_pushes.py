"""Subscribing a browser: for whoever is signed in, and only at an address that may be called."""

import base64

import pytest

from smsinbox.models import Preference, Subscription
from tests import build
from tests.mail_server import used

KEYS = {
    "p256dh": base64.urlsafe_b64encode(b"\x04" * 65).rstrip(b"=").decode(),
    "auth": base64.urlsafe_b64encode(b"k" * 16).rstrip(b"=").decode(),
}
FAR = "https://push.example.com/abc"


@pytest.fixture
def browser(app, ben):
    return build.signed_in(app, ben)


def test_a_browser_subscribes_once_and_unsubscribes(browser, ben):
    for _ in range(2):
        assert browser.post("/push", data={"endpoint": FAR} | KEYS).status_code == 204
    [kept] = build.every(Subscription)
    assert (kept.endpoint, kept.user_id) == (FAR, ben.id)
    assert browser.post("/push/off", data={"endpoint": FAR}).status_code == 204
    assert build.every(Subscription) == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://push.example.com/abc",
        "https://127.0.0.1/abc",
        "https://localhost/abc",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/abc",
        "https://2130706433/abc",
        "https://user@push.example.com/abc",
        "file:///etc/passwd",
        "https://push.example.com/" + "x" * 1000,
    ],
)
def test_an_address_that_is_no_push_service_s_is_refused(browser, endpoint):
    assert browser.post("/push", data={"endpoint": endpoint} | KEYS).status_code == 422
    assert build.every(Subscription) == []


@pytest.mark.parametrize("keys", [{}, {"p256dh": "x"}, {"auth": "é"}, {"auth": "A" * 400}])
def test_keys_that_seal_nothing_are_refused(browser, keys):
    kept = (KEYS | keys) if keys else {}
    assert browser.post("/push", data={"endpoint": FAR} | kept).status_code == 422


def test_nobody_subscribes_signed_out_and_the_worker_is_served_from_the_root(client, number):
    assert client.post("/push", data={"endpoint": FAR} | KEYS).status_code == 302
    assert client.get("/push/key").status_code == 302
    with client.get("/sw.js") as worker:
        assert worker.headers["Content-Type"].startswith("text/javascript")
        assert 'on("push"' in worker.text


def test_everybody_chooses_what_they_are_told_of_for_themselves(app, browser, ben, ada):
    page = browser.get("/you").text
    assert 'value="failed:sound"' in page
    chosen = {"level": "all", "repeats": "on", "wanted": ["text:sound", "failed:bell", "evil:bell"]}
    assert browser.post("/you/alerts", data=chosen).status_code == 303
    [kept] = build.every(Preference)
    assert (kept.user_id, kept.level, kept.repeats, kept.hides_text) == (ben.id, "all", True, False)
    assert "text:sound" not in kept.muted
    assert "text:push" in kept.muted
    assert browser.post("/you/alerts", data={"level": "loud"}).status_code == 422


def test_the_daily_mail_is_asked_of_those_who_can_have_it(app, ada, ben, monkeypatch):
    asked = "Daily e-mail about failed texts"
    build.signed_in(app, ben).post("/you/alerts", data={"level": "all", "mails": "on"})
    assert build.every(Preference)[0].mails is None
    assert asked not in build.signed_in(app, ada).get("/you").text
    with used(monkeypatch, "smtp://127.0.0.1"):
        cy = build.a_user("Vic", role="viewer")
        assert asked not in build.signed_in(app, cy).get("/you").text
        for user, data in ((ada, {"level": "all"}), (ben, {"level": "all", "mails": "on"})):
            browser = build.signed_in(app, user)
            assert asked in browser.get("/you").text
            browser.post("/you/alerts", data=data)
    kept = {one.user_id: one.mails for one in build.every(Preference)}
    assert kept == {ada.id: False, ben.id: True}
