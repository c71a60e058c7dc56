"""Pushes reach a browser sealed, and only as long as its sign-in holds."""

import base64
import json
import time
from contextlib import contextmanager
from datetime import timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from smsinbox.core import clock, events
from smsinbox.models import PushKey, Subscription
from smsinbox.pusher import Pusher
from smsinbox.services import inbound, push_keys, pushes, read_markers, sign_ins
from smsinbox.services import preferences as preferences_service
from tests import build
from tests.receiver import Receiver, receiver
from tests.services.test_inbound import an_arrival


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Browser:
    """Has keys, as browsers do, and reads what only they open."""

    def __init__(self, user, ear: Receiver) -> None:
        self.ear, self.auth = ear, b"sixteen bytes ok"
        self.private = ec.generate_private_key(ec.SECP256R1())
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.token = build.a_sign_in(user)
        self.endpoint = ear.url(f"/push/{user.id}")
        keys = text(point), text(self.auth)
        pushes.subscribe(self.endpoint, *keys, by=user, token=self.token)

    def read(self) -> list[dict[str, str]]:
        return [
            json.loads(http_ece.decrypt(said.body, private_key=self.private, auth_secret=self.auth))
            for path, said in self.ear.heard
            if self.endpoint.endswith(path)
        ]


@contextmanager
def at_work(app):
    """A pusher that looks when the test says so, and its push service."""
    pusher = Pusher(app, lambda: True, to_private=True)
    pusher.look()
    try:
        yield pusher
    finally:
        pusher._hands.shutdown(wait=True)


pytestmark = pytest.mark.usefixtures("to_private")


def test_a_push_is_sealed_for_the_browser_and_signed_by_the_house(app, number, ben):
    with receiver() as ear, at_work(app) as pusher:
        browser = Browser(ben, ear)
        inbound.receive([an_arrival(number, "My order")])
        assert pusher.look() == 1
        ear.wait(1)
    [told] = browser.read()
    assert told["body"] == "My order"
    assert told["tag"] == "conversation-1"
    assert told["url"] == "/conversations/1"
    _, said = ear.heard[0]
    headers = {name.lower(): value for name, value in said.headers.items()}
    assert b"My order" not in said.body
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["topic"] == "c1"
    scheme, _, rest = headers["authorization"].partition(" ")
    signed = dict(one.split("=", 1) for one in rest.split(","))
    assert (scheme, signed["k"]) == ("vapid", push_keys.public_key())
    claims = signed["t"].split(".")[1]
    read = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert read["aud"] == ear.url("")
    assert read["exp"] > time.time()
    assert Vapid02.verify(headers["authorization"])


def test_of_somebody_else_s_number_and_with_the_privacy_switch_nothing_is_said(
    app, number, ben, cy
):
    with receiver() as ear, at_work(app) as pusher:
        mine, outsider = Browser(ben, ear), Browser(cy, ear)
        every = [f"text:{channel}" for channel in ("sound", "push")]
        preferences_service.edit("mine", False, True, every, by=ben)
        inbound.receive([an_arrival(number, "Secret")])
        assert pusher.look() == 1
        ear.wait(1)
    assert [(one["title"], one["body"]) for one in mine.read()] == [("smsinbox", "New text")]
    assert outsider.read() == []


def test_what_is_read_elsewhere_is_closed_where_it_was_shown_and_nowhere_else(app, number, ben):
    with receiver() as ear, at_work(app) as pusher:
        browser = Browser(ben, ear)
        inbound.receive([an_arrival(number, "Hi", "a")])
        pusher.look()
        read_markers.read(1, by=ben)
        assert pusher.look() == 1
        ear.wait(2)
        read_markers.leave_unread(1, by=ben)
        assert pusher.look() == 0
    assert {"close": "conversation-1"} in browser.read()


def test_where_a_push_that_shows_nothing_ends_them_all_each_one_shows_something(app, number, ben):
    keys = text(b"\4" * 65), text(b"sixteen bytes ok")
    at = "https://web.push.apple.com/QK3"
    pushes.subscribe(at, *keys, by=ben, token=build.a_sign_in(ben))
    start = events.newest()
    shown: set[tuple[int, int]] = set()
    inbound.receive([an_arrival(number, "Hi", "a")])
    [told] = pushes.plan(events.since(start), shown)
    assert json.loads(told.said)["must_show"]
    start = events.newest()
    read_markers.read(1, by=ben)
    assert pushes.plan(events.since(start), shown) == []


@pytest.mark.parametrize(("status", "left"), [(404, 0), (410, 0), (201, 1), (429, 1), (500, 1)])
def test_a_browser_that_is_gone_for_good_is_forgotten(app, number, ben, status, left):
    with receiver([status]) as ear, at_work(app) as pusher:
        Browser(ben, ear)
        inbound.receive([an_arrival(number)])
        pusher.look()
        ear.wait(1)
    assert len(build.every(Subscription)) == left


def test_signing_out_ends_it_at_once_and_the_row_goes_with_the_next_round(app, number, ben):
    with receiver() as ear, at_work(app) as pusher:
        browser = Browser(ben, ear)
        sign_ins.sign_out(browser.token)
        inbound.receive([an_arrival(number)])
        assert pusher.look() == 0
    pushes.prune()
    assert build.every(Subscription) == []


def test_a_push_service_that_is_away_costs_nobody_anything(app, number, ben):
    with receiver() as ear:
        browser = Browser(ben, ear)
    with at_work(app) as pusher:
        inbound.receive([an_arrival(number)])
        assert pusher.look() == 1
    assert browser.read() == []
    assert len(build.every(Subscription)) == 1


def test_a_pusher_that_was_away_goes_on_where_it_was_and_leaves_out_what_is_old(app, number, ben):
    with receiver() as ear, at_work(app) as pusher:
        Browser(ben, ear)
        inbound.receive([an_arrival(number, "First", "a")])
        pusher.look()
        inbound.receive([an_arrival(number, "Second", "b")])
        with at_work_again(app) as next_one:
            assert next_one.look() == 1
        ear.wait(2)
        inbound.receive([an_arrival(number, "Third", "c")])
        with clock.at(clock.now() + timedelta(hours=2)), at_work_again(app) as late:
            assert late.look() == 0


@contextmanager
def at_work_again(app):
    pusher = Pusher(app, lambda: True, to_private=True)
    yield pusher
    pusher._hands.shutdown(wait=True)


def test_a_browser_of_two_people_belongs_to_who_signed_in_last(app, number, ben, ada):
    with receiver() as ear:
        Browser(ben, ear)
        endpoint = build.every(Subscription)[0].endpoint
        keys = text(b"\x04" * 65), text(b"k" * 16)
        pushes.subscribe(endpoint, *keys, by=ada, token=build.a_sign_in(ada))
        pushes.unsubscribe(endpoint, by=ben)
    [kept] = build.every(Subscription)
    assert kept.user_id == ada.id
    assert text(b"k" * 16) not in kept.keys  # sealed


def test_of_one_user_only_the_newest_browsers_are_kept(app, ben, monkeypatch):
    monkeypatch.setattr(pushes, "MOST", 2)
    token, keys = build.a_sign_in(ben), (text(b"\x04" * 65), text(b"k" * 16))
    for n in range(3):
        pushes.subscribe(f"https://push.example/{n}", *keys, by=ben, token=token)
    assert [one.endpoint[-1] for one in build.every(Subscription)] == ["1", "2"]


def test_the_house_keeps_its_key_and_keeps_it_sealed(app):
    first = push_keys.public_key()
    push_keys.ensure()
    assert push_keys.public_key() == first
    [kept] = build.every(PushKey)
    assert len(base64.urlsafe_b64decode(first + "=")) == 65
    assert kept.sealed not in (first, "")
