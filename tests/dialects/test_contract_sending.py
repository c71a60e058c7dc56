"""What every dialect promises when it hands over a text: one request, one true verdict."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
import time_machine

from smsinbox.dialects.base import Accepted, OutboundText
from smsinbox.dialects.errors import (
    CarrierError,
    Misconfigured,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsinbox.dialects.http import carrier_client
from smsinbox.dialects.words import COMMON
from tests.dialects.cases import CASES
from tests.dialects.cases.case import NOON, Case, Kind, mock

every_carrier = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
TEXT = OutboundText("+13125550100", "+13125550199", "Hello")


def send(case: Case, answer: httpx.Response | Exception) -> Accepted:
    calls: list[httpx.Request] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    account = replace(case.proof.account, base_url="https://carrier.test")
    try:
        with mock(carrier) as http:
            return case.dialect.client.send(TEXT, account, http)
    finally:
        assert len(calls) <= 1


def failure(case: Case, answer: httpx.Response | Exception) -> CarrierError:
    with pytest.raises(CarrierError) as caught:
        send(case, answer)
    return caught.value


@every_carrier
@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_success_with_an_id_is_accepted(case: Case, status: int) -> None:
    answer = httpx.Response(status, json=case.sends.accepted("msg_1"))
    assert send(case, answer) == Accepted("msg_1")


@every_carrier
def test_a_success_without_a_sane_id_is_uncertain(case: Case) -> None:
    named = case.sends.accepted
    answers: list[dict[str, Any]] = [
        *({"json": named(value)} for value in (None, 5, "", "x" * 10_000, "a\0b", "a b")),
        *({"content": body} for body in (b"", b"null", b"<html>Welcome</html>", b"[" * 60_000)),
        {"json": []},
        {"json": {}},
        {"json": 5},
        {"content": httpx.Response(200, json=named("x" * 200_000)).content[:150_000]},
        {"content": b"\x1f\x8b\x08\x00", "headers": {"Content-Encoding": "identity"}},
        *case.sends.strange,
    ]
    for answer in answers:
        error = failure(case, httpx.Response(200, **answer))
        assert (type(error), error.code) == (Uncertain, "strange-answer"), answer


@every_carrier
def test_every_documented_code_decides_before_the_status(case: Case) -> None:
    for status in case.sends.statuses:
        for code, kind in case.sends.codes.items():
            for answer in case.sends.problems(status, code):
                error = failure(case, answer)
                assert (type(error), error.code, error.status) == (kind, code, status)
                assert "Because." in error.detail


@every_carrier
def test_no_code_is_judged_that_is_not_in_the_table(case: Case) -> None:
    assert case.sends.judged == case.sends.codes


STATUSES: dict[int, tuple[Kind, str]] = {
    **dict.fromkeys((301, 302, 307, 308), (Misconfigured, "redirect")),
    400: (Rejected, "bad-request"),
    401: (Misconfigured, "unauthorized"),
    402: (Misconfigured, "payment"),
    403: (Misconfigured, "forbidden"),
    404: (Misconfigured, "address"),
    405: (Misconfigured, "address"),
    408: (Uncertain, "no-answer"),
    413: (Rejected, "bad-request"),
    422: (Rejected, "bad-request"),
    425: (Unavailable, "rate-limited"),
    429: (Unavailable, "rate-limited"),
    **dict.fromkeys((500, 502, 503, 504, 520), (Uncertain, "server-error")),
}
CODELESS = ("", "<h1>No</h1>", "[]", "null", "[" * 60_000)


@every_carrier
def test_without_a_code_the_status_decides(case: Case) -> None:
    headers = {"Location": "http://169.254.169.254/"}
    for status, (kind, code) in (STATUSES | {409: case.sends.conflict}).items():
        for body in (*CODELESS, *case.sends.codeless):
            more = headers if status < 400 else {}
            error = failure(case, httpx.Response(status, text=body, headers=more))
            assert (type(error), error.code) == (kind, code), (status, body)
            assert error.raw == body[:4096]


@every_carrier
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
def test_a_time_to_wait_is_kept_when_it_makes_sense(
    case: Case, value: str, seconds: float | None
) -> None:
    with time_machine.travel(NOON, tick=False):
        limited = failure(case, httpx.Response(429, headers={"Retry-After": value}))
        busy = failure(case, httpx.Response(503, headers={"Retry-After": value}))
    assert isinstance(limited, Unavailable)
    assert limited.retry_after == seconds
    # A 503 without a sane time may come from a gateway behind which the text was taken.
    assert type(busy) is (Uncertain if seconds is None else Unavailable)
    assert getattr(busy, "retry_after", None) == seconds


@every_carrier
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
    ids=lambda value: getattr(type(value), "__name__", ""),
)
def test_a_silence_is_certain_only_when_nothing_left_us(
    case: Case, silence: Exception, kind: Kind
) -> None:
    assert type(failure(case, silence)) is kind


@every_carrier
def test_an_address_or_key_that_cannot_be_sent_is_misconfigured(case: Case) -> None:
    with carrier_client() as http:
        good = replace(case.proof.account, base_url="https://carrier.test")
        for account in (
            *(replace(good, base_url=url) for url in ("carrier.test", "https://", "http://[::1")),
            replace(good, key="clé", secret="clé"),
        ):
            with pytest.raises(Misconfigured):
                case.dialect.client.send(TEXT, account, http)


@every_carrier
def test_an_error_in_a_log_line_quotes_nothing_the_carrier_said(case: Case) -> None:
    code = next(code for code, kind in case.sends.codes.items() if kind is Rejected)
    assert str(failure(case, case.sends.problems(400, code)[0])) == f"{code} (400)"
    assert len(failure(case, httpx.Response(500, text="é" * 60_000)).raw.encode()) <= 4096


@every_carrier
def test_every_code_has_words_for_an_agent(case: Case) -> None:
    client = case.dialect.client
    nothing = client.explain("no such code")
    for code in (*case.sends.codes, *case.sends.explained, *COMMON):
        found = client.explain(code)
        assert found != nothing, code
        assert found.words.endswith(".")
        assert found.fix.endswith(".")
    assert {client.explain(code) for code in (None, "", "\0", "nonsense")} == {nothing}
