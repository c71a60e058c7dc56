"""As Trunx, we take what its documentation allows and refuse the rest in its own words."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.dialects.base import Asked, OutboundText, Taken
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.trunx import server

PATH = "/api/sms"


def body(**changes: Any) -> bytes:
    fields = {"from": "+13125550100", "to": "+13125550199", "message": "Hello"} | changes
    return json.dumps({name: value for name, value in fields.items() if value != "gone"}).encode()


def refusal(request: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        server.accept(PATH, request)
    return caught.value


@pytest.mark.parametrize("message", ["H", "x" * 1600, " ", "😀" * 1600])
def test_a_message_of_1_to_1600_characters_is_taken(message: str) -> None:
    expected = OutboundText("+13125550100", "+13125550199", message)
    assert server.accept(PATH, body(message=message)).text == expected


@pytest.mark.parametrize(
    ("request_body", "status", "code"),
    [
        (b"", 400, "bad-request"),
        (b"{", 400, "bad-request"),
        (b"[]", 400, "bad-request"),
        (b"null", 400, "bad-request"),
        (b"[" * 100_000, 400, "bad-request"),
        (body(message="gone"), 422, "validation-error"),
        (body(to="gone"), 422, "validation-error"),
        (body(**{"from": None}), 422, "validation-error"),
        (body(message=5), 422, "validation-error"),
        (body(message=""), 422, "validation-error"),
        (body(message="x" * 1601), 422, "validation-error"),
        (body(to="13125550199"), 400, "bad-request"),
        (body(to="+1 312 555 0199"), 400, "bad-request"),
        (body(to="+03125550199"), 400, "bad-request"),
        (body(to="+13125550199\n"), 400, "bad-request"),
        (body(to="+١٣١٢٥٥٥٠١٩٩"), 400, "bad-request"),
        (body(**{"from": "ACME"}), 400, "bad-request"),
    ],
    ids=range(17),
)
def test_anything_else_is_refused(request_body: bytes, status: int, code: str) -> None:
    reply = server.refuse(refusal(request_body))
    assert reply.status == status
    assert str(reply.body["type"]).endswith(f"/errors/{code}")


def test_a_refusal_is_written_as_an_rfc_7807_problem() -> None:
    reply = server.refuse(Refusal(Reason.RATE, "Slower, please.", retry_after=7))
    assert reply.media_type == "application/problem+json"
    assert reply.headers == {"Retry-After": "7"}
    assert reply.status == 429
    assert reply.body == {
        "type": "https://api.trunx.io/errors/rate-limited",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "Slower, please.",
    }


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_problem(reason: Reason) -> None:
    reply = server.refuse(Refusal(reason, "Because."))
    assert 400 <= reply.status < 600
    assert reply.body["detail"] == "Because."


def test_a_status_that_http_demands_is_kept() -> None:
    reply = server.refuse(Refusal(Reason.BAD_REQUEST, "Too large.", status=413))
    assert (reply.status, reply.body["status"]) == (413, 413)


def test_an_answer_names_the_text() -> None:
    asked = Asked(OutboundText("+13125550100", "+13125550199", "Hello"))
    reply = server.answer(Taken("m1", asked, datetime.now(UTC), "GSM-7", 1))
    assert (reply.status, reply.body) == (200, {"id": "m1", "status": "queued"})


@given(st.binary())
def test_whatever_is_sent_is_taken_or_refused(request_body: bytes) -> None:
    with pytest.raises(Refusal):
        server.accept(PATH, request_body)
