"""Texts go through the make-believe carrier both ways, and its receipts follow."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smsinbox.sandbox.app import create_app
from tests.sandbox.conftest import close, write_account
from tests.sandbox.inbox import Inbox, until

MARIA = "+13125550101"


def send(sandbox: FlaskClient, key: str = "tk_test_1", **changes: Any) -> TestResponse:
    text = {"from": "+13125550100", "to": MARIA, "message": "Hello"} | changes
    return sandbox.post("/api/sms", json=text, headers={"Authorization": f"Bearer {key}"})


def type_on(sandbox: FlaskClient, body: str, to: str = "+13125550100") -> TestResponse:
    return sandbox.post(f"/handsets/{MARIA}/texts", json={"to": to, "body": body})


def test_a_send_lands_on_the_handset_and_in_the_log(sandbox: FlaskClient) -> None:
    answer = send(sandbox, message="Hello 😀")
    assert answer.json
    assert answer.json["status"] == "queued"

    [text] = sandbox.get(f"/handsets/{MARIA}/texts").json or []
    at = text.pop("at")
    assert at.endswith("+00:00")
    assert text == {
        "id": answer.json["id"],
        "direction": "in",
        "from": "+13125550100",
        "to": MARIA,
        "body": "Hello 😀",
    }
    del text["direction"]
    assert sandbox.get("/log").json == [text | {"at": at}]


def test_signed_receipts_follow_a_send(sandbox: FlaskClient, inbox: Inbox) -> None:
    answer = send(sandbox)
    until(lambda: len(inbox.receipts) == 2)
    assert inbox.receipts == ["sent", "delivered"]
    assert answer.json
    for event in inbox.events:
        assert event.carrier_id == answer.json["id"]  # type: ignore[union-attr]
        assert event.sender == "+13125550100"  # type: ignore[union-attr]
        assert event.recipient == MARIA  # type: ignore[union-attr]


def test_what_is_typed_arrives_in_the_inbox(sandbox: FlaskClient, inbox: Inbox) -> None:
    answer = type_on(sandbox, "Is my order ready?")
    assert answer.status_code == 202
    until(lambda: len(inbox.texts) == 1)
    [text] = inbox.texts
    assert answer.json == {"id": text.carrier_id}
    assert (text.sender, text.recipient) == (MARIA, "+13125550100")
    assert text.body == "Is my order ready?"
    [shown] = sandbox.get(f"/handsets/{MARIA}/texts").json or []
    assert shown["direction"] == "out"


def test_a_nul_typed_by_a_program_arrives_visibly(sandbox: FlaskClient, inbox: Inbox) -> None:
    type_on(sandbox, "a\0b")
    until(lambda: len(inbox.texts) == 1)
    assert inbox.texts[0].body == "a\u2400b"


def test_a_webhook_is_posted_again_until_it_is_answered_2xx(
    sandbox: FlaskClient, inbox: Inbox
) -> None:
    inbox.answers = [503, 302]
    type_on(sandbox, "Anybody there?")
    until(lambda: len(inbox.texts) == 1)
    assert inbox.tries == 3


def test_a_webhook_survives_a_restart(instance: Path, inbox: Inbox) -> None:
    inbox.answers = [500]
    app = create_app(instance)
    type_on(app.test_client(), "Remember me")
    until(lambda: inbox.tries == 1)
    close(app)

    app = create_app(instance)
    until(lambda: len(inbox.texts) == 1)
    close(app)
    assert inbox.texts[0].body == "Remember me"


def test_a_stranger_is_served_but_told_nothing(sandbox: FlaskClient, inbox: Inbox) -> None:
    assert send(sandbox, key="tk_test_unknown").status_code == 200
    send(sandbox)
    until(lambda: len(inbox.receipts) == 2)
    assert inbox.tries == 2


def test_nobody_without_a_key_is_served(sandbox: FlaskClient) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Basic eDp5"}):
        answer = sandbox.post("/api/sms", json={}, headers=headers)
        assert answer.status_code == 401
        assert answer.mimetype == "application/problem+json"


def test_a_bad_request_is_refused_as_trunx_would(sandbox: FlaskClient) -> None:
    assert send(sandbox, to="Maria").status_code == 400
    assert send(sandbox, message="").status_code == 422
    assert sandbox.get("/log").json == []


def test_a_registered_webhook_gets_the_receipts_of_its_key(app: Flask, inbox: Inbox) -> None:
    other = Inbox()
    sandbox = app.test_client()
    answer = sandbox.post(
        "/api/webhooks",
        json={"url": other.url, "events": ["sms.*"]},
        headers={"Authorization": "Bearer tk_test_2"},
    )
    assert answer.json
    assert answer.json["id"].startswith("whk_")
    other.secret = answer.json["secret"]
    assert other.secret.startswith("whsec_")

    send(sandbox, key="tk_test_2", **{"from": "+13125550188"})
    until(lambda: len(other.receipts) == 2)
    type_on(sandbox, "To the second", to="+13125550188")
    type_on(sandbox, "To the first")
    until(lambda: len(other.texts) == len(inbox.texts) == 1)
    assert other.texts[0].body == "To the second"
    assert inbox.texts[0].body == "To the first"
    close(app)
    other.close()


def test_the_account_follows_its_file(instance: Path, sandbox: FlaskClient, inbox: Inbox) -> None:
    write_account(instance, inbox, key="tk_test_rotated")
    send(sandbox, key="tk_test_1")
    send(sandbox, key="tk_test_rotated")
    until(lambda: len(inbox.receipts) == 2)
    assert inbox.tries == 2


def test_a_half_written_file_keeps_the_account_before(
    instance: Path, sandbox: FlaskClient, inbox: Inbox
) -> None:
    send(sandbox)
    (instance / "sandbox.json").write_text('{"key": "tk_')
    send(sandbox)
    until(lambda: len(inbox.receipts) == 4)


def test_the_account_can_be_put(tmp_path: Path, inbox: Inbox) -> None:
    app = create_app(tmp_path)
    sandbox = app.test_client()
    type_on(sandbox, "Typed before anybody listened")
    account = {"key": "k", "secret": inbox.secret, "webhook_url": inbox.url, "number": ""}
    assert sandbox.put("/account", json=account).status_code == 204
    until(lambda: len(inbox.texts) == 1)
    assert sandbox.put("/account", json=account | {"webhook_url": "file:///"}).status_code == 400
    assert sandbox.put("/account", json=account | {"colour": "red"}).status_code == 400
    close(app)
