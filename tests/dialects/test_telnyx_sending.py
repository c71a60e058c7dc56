"""Every answer of Telnyx to a send is sorted into what may be done about it next."""

from typing import Any

import httpx
import pytest

from smsinbox.dialects.base import Accepted, Cost, Credentials, OutboundText
from smsinbox.dialects.errors import (
    CarrierError,
    Misconfigured,
    OptedOut,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsinbox.dialects.telnyx import client

ACCOUNT = Credentials("https://carrier.test", "KEY1", "", {})
TEXT = OutboundText("+13125550100", "+13125550199", "Hello")
STOPPED = {
    "errors": [
        {
            "code": "40300",
            "title": "Blocked due to STOP message",
            "detail": "Messages cannot be sent from '+13125550100' to '+13125550199'.",
            "meta": {"url": "https://developers.telnyx.com/docs/overview/errors/40300"},
        }
    ]
}


def send(answer: httpx.Response | Exception) -> Accepted:
    calls: list[httpx.Request] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    try:
        with httpx.Client(transport=httpx.MockTransport(carrier)) as http:
            return client.send(TEXT, ACCOUNT, http)
    finally:
        assert len(calls) == 1


def failure(answer: httpx.Response | Exception) -> CarrierError:
    with pytest.raises(CarrierError) as caught:
        send(answer)
    return caught.value


def errors(status: int, *codes: object, **headers: str) -> httpx.Response:
    listed = [{"code": code, "title": "No", "detail": "Because."} for code in codes]
    return httpx.Response(status, json={"errors": listed}, headers=headers)


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize(
    ("beside", "cost", "segments"),
    [
        ({}, None, None),
        ({"cost": None, "parts": None, "errors": None}, None, None),
        ({"cost": {"amount": 0.0051, "currency": "USD"}, "parts": 2}, Cost(5100, "USD"), 2),
    ],
)
def test_a_success_with_an_id_is_accepted(
    status: int, beside: dict[str, Any], cost: Cost | None, segments: int | None
) -> None:
    answer = httpx.Response(status, json={"data": {"id": "m1"} | beside})
    assert send(answer) == Accepted("m1", cost, segments)


def test_a_stop_block_is_opted_out_with_its_words() -> None:
    error = failure(httpx.Response(400, json=STOPPED))
    assert (type(error), error.code) == (OptedOut, "40300")
    assert error.detail.startswith("Blocked due to STOP message: Messages cannot be sent")
    assert "40300" in error.raw
    assert "+13125550199" not in str(error)


def test_a_spend_limit_is_about_money_although_its_status_says_speed() -> None:
    assert type(failure(errors(429, "40333", **{"Retry-After": "5"}))) is Misconfigured


@pytest.mark.parametrize("codes", [("99999", "40300"), (40300,), ("40300", "10015")])
def test_of_several_errors_the_first_known_one_counts(codes: tuple[object, ...]) -> None:
    assert type(failure(errors(400, *codes))) is OptedOut


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (401, Misconfigured),
        (402, Misconfigured),
        (403, Rejected),
        (404, Rejected),
        (408, Uncertain),
        (409, Uncertain),
        (422, Rejected),
        (429, Unavailable),
        (500, Uncertain),
        (503, Uncertain),
    ],
)
def test_a_code_that_nobody_documented_is_kept(status: int, kind: type[CarrierError]) -> None:
    error = failure(errors(status, "40399"))
    assert (type(error), error.code) == (kind, "40399")


@pytest.mark.parametrize("code", ["10037", "40399"])
def test_a_503_that_names_a_time_was_not_taken(code: str) -> None:
    error = failure(errors(503, code, **{"Retry-After": "7"}))
    assert isinstance(error, Unavailable)
    assert (error.code, error.retry_after) == (code, 7.0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "12"}, 12.0),
        ({"x-ratelimit-reset": "34"}, 34.0),
        ({"Retry-After": "12", "x-ratelimit-reset": "34"}, 12.0),
        ({"Retry-After": "soon", "x-ratelimit-reset": "34"}, 34.0),
        ({"x-ratelimit-reset": "1767225600"}, None),
        ({"x-ratelimit-reset": "nan"}, None),
        ({"x-ratelimit-reset": "-1"}, None),
        ({"x-ratelimit-reset": "soon"}, None),
        ({}, None),
    ],
)
def test_a_429_may_name_the_time_in_either_header(
    headers: dict[str, str], seconds: float | None
) -> None:
    error = failure(errors(429, "10011", **headers))
    assert isinstance(error, Unavailable)
    assert error.retry_after == seconds
