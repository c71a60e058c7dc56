"""A program written for Trunx sends through us and notices nothing but another address and key."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from smsinbox.dialects.base import Credentials, OutboundText
from smsinbox.dialects.errors import Misconfigured, OptedOut, Unavailable
from smsinbox.dialects.trunx import client as trunx
from smsinbox.models import Conversation, Message
from smsinbox.services import api_keys
from tests import build

TEXT = {"from": build.OURS, "to": build.THEIRS, "message": "Your parcel is here"}
HOSTILE = {
    "not JSON": (b"{", 400),
    "empty": (b"", 400),
    "invalid UTF-8": (b'{"from":"\xff"}', 400),
    "deep": (b"[" * 100_000, 400),
    "list": (b"[]", 400),
    "null": (b"null", 400),
    "no fields": (b"{}", 422),
    "wrong types": (b'{"from":1,"to":2,"message":3}', 422),
}


def send(app: Flask, key: str, text: dict[str, Any] | bytes = TEXT, **change: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {key}"}
    if isinstance(text, bytes):
        return app.test_client().post("/api/sms", data=text, headers=headers)
    return app.test_client().post("/api/sms", json=text | change, headers=headers)


def assert_problem(answer: TestResponse, status: int, kind: str) -> None:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["type"] == f"https://api.trunx.io/errors/{kind}"
    assert answer.json["status"] == status
    assert answer.json["title"]
    assert answer.json["detail"]


def test_a_text_waits_in_the_outbox_under_the_programs_name(app, plain, number):
    answer = send(app, plain)
    (message,) = build.every(Message)
    assert answer.status_code == 200
    assert answer.json == {"id": str(message.id), "status": "queued"}
    assert (message.author, message.author_name) == ("program", "Shop")
    assert (message.direction, message.state, message.body) == (
        "outbound",
        "queued",
        TEXT["message"],
    )


def test_the_list_shows_the_text_as_the_newest_of_its_conversation(app, plain, number):
    conversation = build.a_conversation(number, build.a_contact(build.THEIRS), status="closed")
    send(app, plain)
    (now,) = build.every(Conversation)
    assert now.id == conversation.id
    assert (now.preview, now.last_direction, now.status) == (TEXT["message"], "outbound", "closed")


def test_our_own_client_of_that_carrier_is_served(app, plain, number):
    with httpx.Client(transport=httpx.WSGITransport(app=app)) as http:
        text = OutboundText(build.OURS, build.THEIRS, "Grüße 👋")
        accepted = trunx.send(text, Credentials("http://inbox.test", plain, ""), http)
    (message,) = build.every(Message)
    assert accepted.carrier_id == str(message.id)
    assert message.body == "Grüße 👋"


@pytest.mark.usefixtures("slow")
def test_our_own_client_understands_each_refusal(app, plain, number):
    text = OutboundText(build.OURS, build.THEIRS, "Hello")
    out = build.a_conversation(number, build.a_contact(build.THEIRS))
    build.an_opt_out(out)
    with httpx.Client(transport=httpx.WSGITransport(app=app)) as http:
        with pytest.raises(Misconfigured):
            trunx.send(text, Credentials("http://inbox.test", "sk_wrong", ""), http)
        for _ in range(3):
            with pytest.raises(OptedOut):
                trunx.send(text, Credentials("http://inbox.test", plain, ""), http)
        with pytest.raises(Unavailable) as slowed:
            trunx.send(text, Credentials("http://inbox.test", plain, ""), http)
    assert slowed.value.retry_after is not None
    assert 1 <= slowed.value.retry_after <= 3601  # rounded up


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer sk_unknown", "Basic YTpi"])
def test_without_a_good_key_it_is_401(app, number, authorization):
    headers = {"Authorization": authorization}
    answer = app.test_client().post("/api/sms", json=TEXT, headers=headers)
    assert_problem(answer, 401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_in_the_address_is_refused(app, plain, number):
    answer = app.test_client().post(f"/api/sms?access_token={plain}", json=TEXT)
    assert_problem(answer, 401, "unauthorized")


def test_a_key_that_only_reads_is_403(app, number):
    _, reader = api_keys.create("Reader", "read")
    assert_problem(send(app, reader), 403, "forbidden")


def test_a_key_that_only_sends_is_enough(app, number):
    _, sender = api_keys.create("Sender", "send")
    assert send(app, sender).status_code == 200


@pytest.mark.parametrize("field", ["from", "to"])
@pytest.mark.parametrize("phone", ["", "4155550142", "(415) 555-0142", "+1415", "+0" * 6, "12345"])
def test_a_number_that_is_not_e164_is_400(app, plain, number, field, phone):
    assert_problem(send(app, plain, **{field: phone}), 400, "bad-request")


@pytest.mark.parametrize(
    "change",
    [
        {"from": "+14155550143"},
        {"to": build.OURS},
        {"message": ""},
        {"message": " \n"},
        {"message": "x" * 1601},
        {"message": None},
        {"to": None},
    ],
)
def test_what_is_well_formed_and_yet_no_use_is_422(app, plain, number, change):
    assert_problem(send(app, plain, **change), 422, "validation-error")
    assert build.every(Message) == []


def test_the_longest_text_is_taken(app, plain, number):
    assert send(app, plain, message="x" * 1600).status_code == 200


@pytest.mark.parametrize("name", HOSTILE)
def test_a_body_that_makes_no_sense_is_a_problem_and_never_a_fault_of_ours(
    app, plain, number, name
):
    body, status = HOSTILE[name]
    assert send(app, plain, body).status_code == status


def test_half_an_emoji_and_nul_are_kept_as_far_as_they_can_be(app, plain, number):
    body = b'{"from":"+14155550142","to":"+13125550199","message":"a\\ud83db\\u0000c"}'
    assert send(app, plain, body).status_code == 200
    assert build.every(Message)[0].body == "a\ufffdb␀c"


def test_a_body_beyond_a_megabyte_is_413(app, plain, number):
    answer = send(app, plain, b" " * 2_000_000)
    assert_problem(answer, 413, "bad-request")


def test_a_contact_who_opted_out_is_422_with_the_carriers_own_type(app, plain, number):
    build.an_opt_out(build.a_conversation(number, build.a_contact(build.THEIRS)))
    assert_problem(send(app, plain), 422, "dnc-blocked")
    assert build.every(Message) == []


@pytest.mark.usefixtures("slow")
def test_a_key_that_sends_too_fast_is_429_and_learns_when_to_go_on(app, plain, number):
    assert [send(app, plain).status_code for _ in range(3)] == [200, 200, 200]
    answer = send(app, plain)
    assert_problem(answer, 429, "rate-limited")
    assert 1 <= int(answer.headers["Retry-After"]) <= 3601  # rounded up
    assert len(build.every(Message)) == 3


@pytest.mark.usefixtures("slow")
def test_one_program_does_not_slow_another(app, plain, number):
    _, other = api_keys.create("Other", "all")
    assert [send(app, plain).status_code for _ in range(4)][-1] == 429
    assert send(app, other).status_code == 200


def test_a_burst_of_fifty_passes(app, plain, number):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(app, plain), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert {int(answer.json["id"]) for answer in answers if answer.json} == {
        message.id for message in build.every(Message)
    }
    assert len(build.every(Conversation)) == 1


@pytest.mark.parametrize(
    ("stored", "spelt"),
    [("+442079460018", "+4402079460018"), ("+525512345678", "+5215512345678")],
)
def test_another_spelling_of_a_number_is_the_same_contact(app, plain, number, stored, spelt):
    build.an_opt_out(build.a_conversation(number, build.a_contact(stored)))
    assert_problem(send(app, plain, to=spelt), 422, "dnc-blocked")
    assert len(build.every(Conversation)) == 1
