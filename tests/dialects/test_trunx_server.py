"""As Trunx, we take what its documentation allows and refuse the rest in its own words."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.dialects.base import OutboundText, Refusal
from smsinbox.dialects.trunx import server


def body(**changes: Any) -> bytes:
    fields = {"from": "+13125550100", "to": "+13125550199", "message": "Hello"} | changes
    return json.dumps({name: value for name, value in fields.items() if value != "gone"}).encode()


def refusal(request: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        server.accept(request)
    return caught.value


@pytest.mark.parametrize("message", ["H", "x" * 1600, " ", "😀" * 1600])
def test_a_message_of_1_to_1600_characters_is_taken(message: str) -> None:
    expected = OutboundText("+13125550100", "+13125550199", message)
    assert server.accept(body(message=message)) == expected


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
    found = refusal(request_body)
    assert (found.status, found.code) == (status, code)


def test_a_refusal_is_written_as_an_rfc_7807_problem() -> None:
    reply = server.refuse(server.problem("rate-limited", "Slower, please.", retry_after=7))
    assert reply.media_type == "application/problem+json"
    assert reply.headers == {"Retry-After": "7"}
    assert reply.status == 429
    assert reply.body == {
        "type": "https://api.trunx.io/errors/rate-limited",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "Slower, please.",
    }


def test_an_answer_names_the_text() -> None:
    reply = server.answer("m1")
    assert (reply.status, reply.body) == (200, {"id": "m1", "status": "queued"})


@given(st.binary())
def test_whatever_is_sent_is_taken_or_refused(request_body: bytes) -> None:
    with pytest.raises(Refusal):
        server.accept(request_body)
