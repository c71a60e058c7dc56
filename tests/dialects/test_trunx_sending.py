"""Every answer to a send is sorted into what may be done about it next."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import time_machine

from smsinbox.dialects.base import Accepted, Credentials, OutboundText
from smsinbox.dialects.errors import (
    CarrierError,
    Misconfigured,
    OptedOut,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsinbox.dialects.http import carrier_client
from smsinbox.dialects.trunx import client

ACCOUNT = Credentials("https://carrier.test", "tk_test_1", "whsec_1", {})
TEXT = OutboundText("+13125550100", "+13125550199", "Hello")
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def send(answer: httpx.Response | Exception, account: Credentials = ACCOUNT) -> Accepted:
    calls: list[httpx.Request] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    try:
        with httpx.Client(transport=httpx.MockTransport(carrier)) as http:
            return client.send(TEXT, account, http)
    finally:
        assert len(calls) <= 1


def failure(answer: httpx.Response | Exception) -> CarrierError:
    with pytest.raises(CarrierError) as caught:
        send(answer)
    return caught.value


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    body = {"type": f"https://api.trunx.io/errors/{code}", "title": "No", "detail": "Because."}
    return httpx.Response(status, json=body | {"status": status}, headers=headers)


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_success_with_an_id_is_accepted(status: int) -> None:
    answer = httpx.Response(status, json={"id": "msg_1", "status": "queued"})
    assert send(answer) == Accepted("msg_1")


@pytest.mark.parametrize(
    "answer",
    [
        {"content": b""},
        {"text": "<html>Welcome</html>"},
        {"content": b"null"},
        {"json": []},
        {"json": {}},
        {"json": {"id": None}},
        {"json": {"id": 5}},
        {"json": {"id": ""}},
        {"json": {"id": "x" * 10_000}},
        {"content": b'{"id":"a\\u0000b"}'},
        {"json": {"error": {"code": "x"}}},
        {"json": {"type": "https://api.trunx.io/errors/dnc-blocked"}},
        {"content": b'{"id":"' + b"x" * 200_000},
        {"content": b"[" * 60_000},
        {"content": b"\x1f\x8b\x08\x00", "headers": {"Content-Encoding": "identity"}},
    ],
    ids=range(15),
)
def test_a_success_without_a_sane_id_is_uncertain(answer: dict[str, Any]) -> None:
    assert type(failure(httpx.Response(200, **answer))) is Uncertain


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (403, "dnc-blocked", OptedOut),
        (200 + 222, "dnc-blocked", OptedOut),
        (422, "content-blocked", Rejected),
        (500, "content-blocked", Rejected),
        (400, "tcpa-blocked", Rejected),
        (422, "validation-error", Rejected),
        (400, "bad-request", Rejected),
        (404, "not-found", Rejected),
        (409, "conflict", Rejected),
        (401, "unauthorized", Misconfigured),
        (400, "unauthorized", Misconfigured),
        (403, "forbidden", Misconfigured),
        (429, "rate-limited", Unavailable),
        (400, "rate-limited", Unavailable),
        (400, "content-something-new", Rejected),
        (500, "internal-error", Uncertain),
    ],
)
def test_the_type_of_a_problem_decides_before_its_status(
    status: int, code: str, kind: type[CarrierError]
) -> None:
    error = failure(problem(status, code))
    assert type(error) is kind
    assert error.detail == "Because."
    assert error.status == status


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, Misconfigured),
        (302, Misconfigured),
        (307, Misconfigured),
        (308, Misconfigured),
        (400, Rejected),
        (401, Misconfigured),
        (402, Misconfigured),
        (403, Misconfigured),
        (404, Misconfigured),
        (405, Misconfigured),
        (408, Uncertain),
        (413, Rejected),
        (422, Rejected),
        (429, Unavailable),
        (500, Uncertain),
        (502, Uncertain),
        (503, Uncertain),
        (504, Uncertain),
        (520, Uncertain),
    ],
)
def test_without_a_problem_the_status_decides(status: int, kind: type[CarrierError]) -> None:
    headers = {"Location": "http://169.254.169.254/"} if status < 400 else {}
    error = failure(httpx.Response(status, text="<h1>No</h1>", headers=headers))
    assert type(error) is kind
    assert error.raw == "<h1>No</h1>"


@pytest.mark.parametrize(
    ("silence", "kind"),
    [
        (httpx.ConnectError("refused"), Unavailable),
        (httpx.ConnectTimeout("slow"), Unavailable),
        (httpx.PoolTimeout("full"), Unavailable),
        (httpx.ReadTimeout("silent"), Uncertain),
        (httpx.WriteTimeout("stuck"), Uncertain),
        (httpx.ReadError("reset"), Uncertain),
        (httpx.WriteError("reset"), Uncertain),
        (httpx.RemoteProtocolError("closed"), Uncertain),
        (httpx.UnsupportedProtocol("gopher"), Misconfigured),
        (httpx.LocalProtocolError("bad header"), Misconfigured),
    ],
)
def test_a_silence_is_certain_only_when_nothing_left_us(
    silence: Exception, kind: type[CarrierError]
) -> None:
    assert type(failure(silence)) is kind


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("1e9", 3600.0),
        ("7200", 3600.0),
        ("Mon, 09 Mar 2026 12:02:00 GMT", 120.0),
        ("Mon, 09 Mar 2026 11:00:00 GMT", 0.0),
        ("Mon, 09 Mar 2099 11:00:00 GMT", 3600.0),
        ("-5", None),
        ("abc", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("Mon, 99 Mar 2026 11:00:00 GMT", None),
    ],
)
def test_retry_after_is_honoured_when_it_makes_sense(value: str, seconds: float | None) -> None:
    with time_machine.travel(NOON, tick=False):
        limited = failure(problem(429, "rate-limited", **{"Retry-After": value}))
        busy = failure(httpx.Response(503, headers={"Retry-After": value}))
    assert isinstance(limited, Unavailable)
    assert limited.retry_after == seconds
    # A 503 without a sane time may come from a gateway behind which the text was taken.
    assert type(busy) is (Uncertain if seconds is None else Unavailable)


def test_an_address_or_key_that_cannot_be_sent_is_misconfigured() -> None:
    for account in (
        Credentials("carrier.test", "k", "s", {}),
        Credentials("https://", "k", "s", {}),
        Credentials("http://[::1", "k", "s", {}),
        Credentials("https://carrier.test", "clé", "s", {}),
    ):
        with carrier_client() as http, pytest.raises(Misconfigured):
            client.send(TEXT, account, http)


def test_an_error_in_a_log_line_quotes_nothing_the_carrier_said() -> None:
    error = failure(problem(422, "content-blocked"))
    assert str(error) == "content-blocked (422)"
    assert len(failure(httpx.Response(500, text="é" * 60_000)).raw.encode()) <= 4096


@pytest.mark.parametrize(
    "code", ["dnc-blocked", "tcpa-blocked", "no-answer", "tls", "nonsense", None]
)
def test_every_code_has_words_for_an_agent(code: str | None) -> None:
    explanation = client.explain(code)
    assert explanation.words.endswith(".")
    assert explanation.fix.endswith(".")
