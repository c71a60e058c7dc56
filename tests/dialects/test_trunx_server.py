"""As Trunx, we take what its documentation allows and refuse the rest in its own words."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

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


@pytest.mark.parametrize("message", ["x" * 1600, "😀" * 1600])
def test_a_message_of_1600_characters_is_taken(message: str) -> None:
    expected = OutboundText("+13125550100", "+13125550199", message)
    assert server.accept(PATH, body(message=message)).text == expected


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


def test_a_status_that_http_demands_is_kept() -> None:
    reply = server.refuse(Refusal(Reason.BAD_REQUEST, "Too large.", status=413))
    assert (reply.status, reply.body["status"]) == (413, 413)


def test_an_answer_names_the_text() -> None:
    asked = Asked(OutboundText("+13125550100", "+13125550199", "Hello"))
    reply = server.answer(Taken("m1", asked, datetime.now(UTC), "GSM-7", 1))
    assert (reply.status, reply.body) == (200, {"id": "m1", "status": "queued"})


def test_only_phone_numbers_send() -> None:
    with pytest.raises(Refusal) as caught:
        server.accept(PATH, body(**{"from": "ACME"}))
    assert (caught.value.reason, caught.value.field) == (Reason.BAD_REQUEST, "from")
