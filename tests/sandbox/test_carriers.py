"""Every carrier of the sandbox misbehaves in its own words, and our clients understand them."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from flask import Flask

from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import (
    ConsentChange,
    Credentials,
    InboundText,
    OutboundText,
    SignedRequest,
)
from smsinbox.dialects.errors import CarrierError, Forged, OptedOut, Rejected
from smsinbox.sandbox.app import create_app
from tests.sandbox.conftest import close
from tests.sandbox.inbox import Inbox, until

OURS = {name: f"+1415555{n:04}" for n, name in enumerate(DIALECTS, 300)}
MARIA = "+13125550101"
STOPPERS = [name for name in DIALECTS if name != "trunx"]  # Trunx has no words for it


class _Listening(Inbox):
    """Keeps what comes as it came."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[SignedRequest] = []

    def take(self, headers: dict[str, str], body: bytes) -> int:
        self.posts.append(SignedRequest(headers, body))
        return 204


@pytest.fixture
def inbox() -> Iterator[_Listening]:
    one = _Listening()
    yield one
    one.close()


@pytest.fixture
def secrets() -> dict[str, tuple[str, str]]:
    """Per dialect what signs and what proves."""
    fresh = {name: each.server.new_secrets() for name, each in DIALECTS.items()}
    return {name: (one.signs, one.proves) for name, one in fresh.items()}


@pytest.fixture
def app(tmp_path: Path, inbox: _Listening, secrets: dict[str, tuple[str, str]]) -> Iterator[Flask]:
    accounts = [
        {
            "dialect": name,
            "key": signs if name == "telnyx_v1" else f"key-{name}",
            "secret": signs,
            "webhook_url": inbox.url,
            "number": OURS[name],
            "settings": {},
        }
        for name, (signs, _) in secrets.items()
    ]
    (tmp_path / "sandbox.json").write_text(json.dumps(accounts))
    made = create_app(tmp_path)
    yield made
    close(made)


def credentials(name: str, secrets: dict[str, tuple[str, str]]) -> Credentials:
    return Credentials("http://localhost", f"key-{name}", secrets[name][1])


def send(app: Flask, name: str, account: Credentials) -> None:
    text = OutboundText(OURS[name], MARIA, "Hello")
    with httpx.Client(transport=httpx.WSGITransport(app=app)) as http:
        DIALECTS[name].client.send(text, account, http)


def misbehave(app: Flask, **knobs: object) -> None:
    assert app.test_client().put("/faults", json=knobs).status_code == 200


def type_text(app: Flask, name: str, body: str) -> None:
    text = {"to": OURS[name], "body": body}
    assert app.test_client().post(f"/handsets/{MARIA}/texts", json=text).status_code == 202


@pytest.mark.parametrize("name", DIALECTS)
def test_a_text_is_taken_and_its_receipts_follow(app, inbox, secrets, name):
    account = credentials(name, secrets)
    send(app, name, account)
    until(lambda: bool(inbox.posts))
    DIALECTS[name].client.verify(inbox.posts[0], account)
    assert DIALECTS[name].client.read(inbox.posts[0])


@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize("answer", ["401", "429", "500", "503", "reject"])
def test_every_knob_is_understood(app, secrets, name, answer):
    misbehave(app, answer=answer)
    with pytest.raises(CarrierError):
        send(app, name, credentials(name, secrets))


def test_an_error_inside_a_200_is_no_acceptance(app, secrets):
    misbehave(app, answer="error-200")
    asked = {"type": "a", "to": MARIA, "message": "Hi", "from": OURS["pingram"]}
    headers = {"Authorization": "Bearer key-pingram"}
    assert app.test_client().post("/sms", json=asked, headers=headers).status_code == 200
    with pytest.raises(Rejected):
        send(app, "pingram", credentials("pingram", secrets))


@pytest.mark.parametrize("name", DIALECTS)
def test_only_the_carrier_that_is_named_misbehaves(app, secrets, name):
    misbehave(app, answer="reject", dialect=name)
    for other in DIALECTS:
        if other == name:
            with pytest.raises(Rejected):
                send(app, other, credentials(other, secrets))
        else:
            send(app, other, credentials(other, secrets))


@pytest.mark.parametrize("name", DIALECTS)
def test_a_wrong_signature_is_forged(app, inbox, secrets, name):
    misbehave(app, receipts={"forged": True})
    type_text(app, name, "Hi")
    until(lambda: bool(inbox.posts))
    with pytest.raises(Forged):
        DIALECTS[name].client.verify(inbox.posts[0], credentials(name, secrets))


@pytest.mark.parametrize("name", STOPPERS)
def test_a_clock_that_is_off_is_told_in_seconds(app, inbox, secrets, name):
    misbehave(app, receipts={"skew": -412})
    type_text(app, name, "Hi")
    until(lambda: bool(inbox.posts))
    with pytest.raises(Forged) as refused:
        DIALECTS[name].client.verify(inbox.posts[0], credentials(name, secrets))
    assert "41" in refused.value.detail


@pytest.mark.parametrize("name", DIALECTS)
def test_a_carrier_that_hears_stop_itself_hands_over_no_text_until_start(app, inbox, secrets, name):
    misbehave(app, blocks_stop=True)
    type_text(app, name, "Stop!")
    with pytest.raises(OptedOut):
        send(app, name, credentials(name, secrets))
    type_text(app, name, "START")
    send(app, name, credentials(name, secrets))


@pytest.mark.parametrize("name", STOPPERS)
def test_it_tells_of_the_stop_that_it_heard(app, inbox, secrets, name):
    misbehave(app, blocks_stop=True)
    type_text(app, name, "STOP")
    until(lambda: bool(inbox.posts))
    [event] = DIALECTS[name].client.read(inbox.posts[0])
    assert isinstance(event, ConsentChange | InboundText)
    if isinstance(event, ConsentChange):
        assert (event.opted_out, event.sender) == (True, MARIA)
    else:
        assert event.body == "STOP"
