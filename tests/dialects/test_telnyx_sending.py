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
from smsinbox.dialects.telnyx import client, outcome

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


@pytest.mark.parametrize(
    "answer",
    [
        {"content": b""},
        {"text": "<html>Welcome</html>"},
        {"content": b"null"},
        {"json": []},
        {"json": {"id": "m1"}},
        {"json": {"data": None}},
        {"json": {"data": {}}},
        {"json": {"data": {"id": 5}}},
        {"json": {"data": {"id": ""}}},
        {"json": {"data": {"id": "x" * 10_000}}},
        {"content": b'{"data":{"id":"a\\u0000b"}}'},
        {"json": STOPPED},
        {"content": b'{"data":{"id":"' + b"x" * 200_000},
        {"content": b"[" * 60_000},
    ],
    ids=range(14),
)
def test_a_success_without_a_sane_id_is_uncertain(answer: dict[str, Any]) -> None:
    error = failure(httpx.Response(200, **answer))
    assert (type(error), error.code) == (Uncertain, "strange-answer")


OF_CODES = {
    OptedOut: ["40300"],
    Unavailable: ["10011", "40006", "40008", "40318", "40320"],
    Uncertain: ["10007", "10008", "10012"],
    Misconfigured: [
        *["10005", "10006", "10009", "10010", "10024", "10029", "10030", "10038", "10039"],
        *["20002", "20006", "20012", "20013", "20014", "20100"],
        *["40311", "40312", "40313", "40314", "40331", "40333"],
    ],
    Rejected: [
        *["10001", "10002", "10003", "10004", "10014", "10015", "10016", "10023", "10025"],
        *["10026", "10027", "10032", "10033", "40100"],
        *(str(code) for code in range(40001, 40021) if code not in (40006, 40008)),
        *(str(code) for code in range(40150, 40160)),
        *(str(code) for code in (*range(40301, 40311), *range(40315, 40318), 40319)),
        *(str(code) for code in (40321, 40322, 40323, *range(40325, 40331))),
    ],
}
EVERY_CODE = [(code, kind) for kind, codes in OF_CODES.items() for code in codes]


@pytest.mark.parametrize(("code", "kind"), EVERY_CODE)
@pytest.mark.parametrize("status", [400, 403, 422, 429, 500])
def test_the_code_decides_before_the_status(
    code: str, kind: type[CarrierError], status: int
) -> None:
    error = failure(errors(status, code))
    assert (type(error), error.code, error.status) == (kind, code, status)
    assert error.detail == "No: Because."


def test_no_code_is_sorted_that_is_not_in_this_table() -> None:
    assert dict(EVERY_CODE) == outcome.BY_CODE


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
    ("status", "kind", "code"),
    [
        (301, Misconfigured, "redirect"),
        (400, Rejected, "bad-request"),
        (401, Misconfigured, "unauthorized"),
        (402, Misconfigured, "payment"),
        (403, Misconfigured, "forbidden"),
        (404, Misconfigured, "address"),
        (405, Misconfigured, "address"),
        (408, Uncertain, "no-answer"),
        (409, Uncertain, "strange-answer"),
        (422, Rejected, "bad-request"),
        (425, Unavailable, "rate-limited"),
        (429, Unavailable, "rate-limited"),
        (500, Uncertain, "server-error"),
        (502, Uncertain, "server-error"),
        (503, Uncertain, "server-error"),
        (504, Uncertain, "server-error"),
    ],
)
@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b'{"errors":5}', b'{"errors":[5,{}]}', b"[" * 60_000],
    ids=range(6),
)
def test_without_a_code_the_status_decides(
    status: int, kind: type[CarrierError], code: str, body: bytes
) -> None:
    error = failure(httpx.Response(status, content=body))
    assert (type(error), error.code) == (kind, code)


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


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (httpx.ConnectError("no"), Unavailable),
        (httpx.ReadTimeout("late"), Uncertain),
        (httpx.RemoteProtocolError("gone"), Uncertain),
    ],
)
def test_a_silence_is_uncertain_unless_nothing_left_us(
    broken: Exception, kind: type[CarrierError]
) -> None:
    assert type(failure(broken)) is kind
