"""One key opens every carrier's door, and each says no in its own words."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from smsinbox.models import Message
from smsinbox.services import api_keys, profiles
from tests import build

ENDS = {"from": build.OURS, "to": build.THEIRS}
BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "trunx": ("/api/sms", {**ENDS, "message": "Hello"}),
    "telnyx": ("/v2/messages", {**ENDS, "text": "Hello"}),
    "telnyx_v1": ("/messages", {**ENDS, "body": "Hello"}),
    "pingram": ("/sms", {**ENDS, "type": "t", "message": "Hello"}),
}
BEARERS = [name for name in BODIES if name != "telnyx_v1"]
EVERY = pytest.mark.parametrize("dialect", BODIES)


def headers_of(dialect: str, plain: str) -> dict[str, str]:
    if dialect == "telnyx_v1":
        return {"X-Profile-Secret": plain}
    return {"Authorization": f"Bearer {plain}"}


def post(app: Flask, dialect: str, plain: str, **given: Any) -> TestResponse:
    path, body = BODIES[dialect]
    if "data" not in given:
        given.setdefault("json", body)
    headers = headers_of(dialect, plain) | given.pop("headers", {})
    return app.test_client().open(path, **{"method": "POST", **given}, headers=headers)


def told(dialect: str, answer: TestResponse) -> str:
    """The code of a refusal, wherever the dialect has it; its shape is checked on the way."""
    body: Any = answer.json
    if dialect == "trunx":
        assert answer.mimetype == "application/problem+json"
        assert body["status"] == answer.status_code
        return body["type"].rpartition("/")[2]
    if dialect == "pingram":
        assert body["trackingId"]
        assert body["error"]["fix"]
        return body["error"]["code"]
    if dialect == "telnyx_v1":
        assert (body["status"], body["success"]) == ("failed", False)
    (error,) = body["errors"]
    assert error["title"]
    assert error["detail"]
    return error["code"]


@EVERY
def test_one_key_sends_through_every_door_and_the_text_shows_whose_it_is(
    app, plain, number, dialect
):
    answer = post(app, dialect, plain)
    (message,) = build.every(Message)
    assert answer.status_code == 200
    assert (message.state, message.author_name, message.body) == ("queued", "Shop", "Hello")
    assert message.asked is not None
    assert message.asked["dialect"] == dialect


@EVERY
def test_without_a_good_key_it_is_401_and_only_bearers_are_challenged(app, number, dialect):
    for plain in ("", "sk_unknown"):
        answer = post(app, dialect, plain)
        assert answer.status_code == 401
        assert told(dialect, answer)
        assert answer.headers.get("WWW-Authenticate") == ("Bearer" if dialect in BEARERS else None)


@EVERY
def test_a_key_in_the_wrong_header_or_in_the_address_opens_nothing(app, plain, number, dialect):
    wrong = {"Authorization": f"Bearer {plain}"}
    if dialect in BEARERS:
        wrong = {"X-Profile-Secret": plain}
    path, body = BODIES[dialect]
    for address in (path, f"{path}?api_key={plain}&access_token={plain}"):
        answer = app.test_client().post(address, json=body, headers=wrong)
        assert answer.status_code == 401
    assert build.every(Message) == []


@EVERY
def test_a_key_that_only_reads_or_is_revoked_sends_nothing(app, number, dialect):
    _, reader = api_keys.create("Reader", "read")
    gone, revoked = api_keys.create("Gone", "all")
    api_keys.revoke(gone.id, None)
    assert post(app, dialect, reader).status_code == (401 if dialect == "pingram" else 403)
    assert post(app, dialect, revoked).status_code == 401
    assert build.every(Message) == []


@pytest.mark.parametrize(
    ("dialect", "code"),
    [
        ("trunx", "bad-request"),
        ("telnyx", "10030"),
        ("telnyx_v1", "10015"),
        ("pingram", "BAD_REQUEST"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_405_in_the_carriers_words(app, plain, number, dialect, code, method):
    answer = post(app, dialect, plain, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert told(dialect, answer) == code


@pytest.mark.parametrize(
    ("dialect", "path", "code"),
    [
        ("telnyx", "/v2/calls", "10005"),
        ("telnyx", "/v2/messages/1/parts", "10005"),
        ("pingram", "/sms/more", "NOT_FOUND"),
        ("pingram", "/sender/email", "NOT_FOUND"),
    ],
)
def test_what_the_carrier_has_and_we_have_not_is_404_in_its_words(app, plain, dialect, path, code):
    answer = app.test_client().post(path, json={}, headers=headers_of(dialect, plain))
    assert answer.status_code == 404
    assert told(dialect, answer) == code


@EVERY
def test_a_body_beyond_a_megabyte_is_413(app, plain, number, dialect):
    answer = post(app, dialect, plain, data=b" " * 2_000_000, content_type="application/json")
    assert answer.status_code == 413
    assert told(dialect, answer)


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x"])
@EVERY
def test_a_body_of_another_kind_is_415(app, plain, number, dialect, kind):
    answer = post(app, dialect, plain, data=b"from=1", content_type=kind)
    assert answer.status_code == 415
    assert told(dialect, answer)


def test_only_the_oldest_api_takes_forms(app, plain, number):
    form = "application/x-www-form-urlencoded"
    body = b"from=%2B14155550142&to=%2B13125550199&body=Hello"
    assert post(app, "telnyx_v1", plain, data=body, content_type=form).status_code == 200
    assert post(app, "telnyx", plain, data=body, content_type=form).status_code == 415


@pytest.mark.parametrize(
    ("dialect", "status", "code"),
    [
        ("trunx", 422, "dnc-blocked"),
        ("telnyx", 403, "40300"),
        ("telnyx_v1", 400, "40300"),
        ("pingram", 502, "40300"),
    ],
)
def test_a_contact_who_opted_out_is_refused_as_the_carrier_would(
    app, plain, number, dialect, status, code
):
    build.an_opt_out(build.a_conversation(number, build.a_contact(build.THEIRS)))
    answer = post(app, dialect, plain)
    assert (answer.status_code, told(dialect, answer)) == (status, code)
    assert build.every(Message) == []


@pytest.mark.parametrize(
    ("dialect", "code"),
    [
        ("trunx", "validation-error"),
        ("telnyx", "40305"),
        ("telnyx_v1", "40305"),
        ("pingram", "INVALID_SENDER"),
    ],
)
def test_a_sender_that_is_not_ours_is_refused(app, plain, number, dialect, code):
    answer = post(app, dialect, plain, json=BODIES[dialect][1] | {"from": "+14155550143"})
    assert told(dialect, answer) == code


def test_a_sender_of_another_profile_is_refused_in_telnyxs_words(app, plain, number):
    profile = profiles.create("Sales")
    body = BODIES["telnyx"][1] | {"messaging_profile_id": profile.id}
    answer = post(app, "telnyx", plain, json=body)
    assert (answer.status_code, told("telnyx", answer)) == (400, "40305")
    assert answer.json["errors"][0]["source"] == {"pointer": "/from"}  # type: ignore[index]
    profiles.put(profile.id, [number])
    assert post(app, "telnyx", plain, json=body).status_code == 200


@EVERY
@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"[" * 90_000, b'{"from":"\xff"}', b"{}"])
def test_a_body_that_makes_no_sense_is_never_a_fault_of_ours(app, plain, number, dialect, body):
    answer = post(app, dialect, plain, data=body, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert told(dialect, answer)


@pytest.mark.usefixtures("slow")
def test_a_program_is_slowed_over_all_doors_together(app, plain, number):
    for dialect in ("trunx", "telnyx", "pingram"):
        assert post(app, dialect, plain).status_code == 200
    answer = post(app, "telnyx_v1", plain)
    assert (answer.status_code, told("telnyx_v1", answer)) == (429, "10011")
    assert int(answer.headers["Retry-After"]) >= 1


@EVERY
def test_another_spelling_of_a_number_is_the_same_contact(app, plain, number, dialect):
    build.an_opt_out(build.a_conversation(number, build.a_contact("+442079460018")))
    answer = post(app, dialect, plain, json=BODIES[dialect][1] | {"to": "+4402079460018"})
    assert answer.status_code != 200
