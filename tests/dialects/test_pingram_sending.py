"""Every answer to a send is sorted into what may be done about it next."""

import json
from typing import Any

import httpx
import pytest

from smsinbox.dialects.base import Accepted, Credentials, OutboundText
from smsinbox.dialects.errors import (
    CarrierError,
    Misconfigured,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsinbox.dialects.pingram import client

ACCOUNT = Credentials("https://carrier.test", "pingram_sk_test", "pingram_whsecret_1", {})
TEXT = OutboundText("+13125550100", "+13125550199", "Hi “there” €")
TAKEN = {"trackingId": "019c0000-0000-7000-8000-0000000000a1", "messages": ["SMS accepted"]}
REFUSED = {
    "trackingId": "019c0000-0000-7000-8000-0000000000a2",
    "error": {
        "code": "INVALID_PHONE_NUMBER",
        "message": "The recipient is not a valid phone number.",
        "fix": "Use E.164, for example +13125550199.",
        "provider": "telnyx",
        "providerCode": "40310",
    },
}


def send(
    answer: httpx.Response | Exception, text: OutboundText = TEXT, account: Credentials = ACCOUNT
) -> tuple[Accepted, httpx.Request]:
    calls: list[httpx.Request] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    try:
        with httpx.Client(transport=httpx.MockTransport(carrier)) as http:
            return client.send(text, account, http), calls[0]
    finally:
        assert len(calls) <= 1


def failure(answer: httpx.Response | Exception) -> CarrierError:
    with pytest.raises(CarrierError) as caught:
        send(answer)
    return caught.value


def problem(status: int, code: str, provider_code: str = "", **more: str) -> httpx.Response:
    error = {"code": code, "message": "No."} | more
    if provider_code:
        error |= {"provider": "telnyx", "providerCode": provider_code}
    return httpx.Response(status, json={"trackingId": "t1", "error": error})


def test_a_text_is_posted_as_the_official_client_posts_it() -> None:
    accepted, request = send(httpx.Response(200, json=TAKEN))
    assert accepted == Accepted("019c0000-0000-7000-8000-0000000000a1")
    assert request.url == "https://carrier.test/sms"
    assert request.headers["Authorization"] == "Bearer pingram_sk_test"
    assert json.loads(request.content) == {
        "type": "support_reply",
        "to": "+13125550199",
        "message": "Hi “there” €",
        "from": "+13125550100",
    }


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (OutboundText("", "+13125550199", "Hi"), {"message": "Hi"}),
        (
            OutboundText("", "+13125550199", "", ("https://m.test/1.jpg",)),
            {"mediaUrls": ["https://m.test/1.jpg"]},
        ),
        (
            OutboundText("", "+13125550199", "Hi", ("https://m.test/1.jpg",)),
            {"message": "Hi", "mediaUrls": ["https://m.test/1.jpg"]},
        ),
        (OutboundText("", "+13125550199", "a\ud83d"), {"message": "a\ufffd"}),
    ],
    ids=["no sender", "a picture", "both", "half an emoji"],
)
def test_what_a_text_lacks_is_left_out(text: OutboundText, fields: dict[str, Any]) -> None:
    _, request = send(httpx.Response(200, json=TAKEN), text)
    assert json.loads(request.content) == {"type": "support_reply", "to": "+13125550199"} | fields


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("", "https://api.pingram.io/sms"),
        ("https://api.eu.pingram.io", "https://api.eu.pingram.io/sms"),
        ("https://api.ca.pingram.io/", "https://api.ca.pingram.io/sms"),
    ],
)
def test_the_accounts_address_chooses_the_region(base_url: str, url: str) -> None:
    account = Credentials(base_url, "k", "s", {"notification_type": "billing"})
    _, request = send(httpx.Response(200, json=TAKEN), account=account)
    assert request.url == url
    assert json.loads(request.content)["type"] == "billing"


@pytest.mark.parametrize(
    "answer",
    [
        {"json": {"trackingId": "t1"}},
        {"json": {"trackingId": "t1", "messages": []}},
        {"json": TAKEN | {"error": None}},
        {"json": TAKEN | {"more": 1}},
    ],
    ids=range(4),
)
def test_a_success_needs_no_more_than_an_id_and_no_error(answer: dict[str, Any]) -> None:
    accepted, _ = send(httpx.Response(200, **answer))
    assert accepted.carrier_id


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (problem(400, "SOMETHING_NEW"), Rejected, "SOMETHING_NEW"),
        (problem(400, "PROVIDER_ERROR", "99999"), Rejected, "PROVIDER_ERROR"),
        (problem(402, "SOMETHING_NEW"), Misconfigured, "payment"),
        (problem(401, "SOMETHING_NEW"), Misconfigured, "unauthorized"),
        (problem(429, "SOMETHING_NEW"), Unavailable, "rate-limited"),
        (problem(500, "INTERNAL_ERROR"), Uncertain, "server-error"),
        (problem(502, "PROVIDER_ERROR"), Uncertain, "server-error"),
        (problem(502, "PROVIDER_ERROR", "99999"), Uncertain, "server-error"),
        (problem(200, "SOMETHING_NEW"), Rejected, "SOMETHING_NEW"),
        (problem(200, "SOMETHING_NEW", "99999"), Uncertain, "server-error"),
        (problem(200, "SOMETHING_NEW", provider="telnyx"), Uncertain, "server-error"),
        (problem(200, "SOMETHING_NEW", providerCode="99999"), Uncertain, "server-error"),
        (problem(200, "PROVIDER_TIMEOUT"), Uncertain, "server-error"),
        (problem(200, "TIMED_OUT_TIME_OUT"), Uncertain, "server-error"),
        (problem(200, "internal_error"), Uncertain, "server-error"),
        (problem(200, "unknown_error"), Uncertain, "server-error"),
    ],
    ids=range(16),
)
def test_a_code_that_we_do_not_know_is_a_no_only_where_nothing_else_was_asked(
    answer: httpx.Response, kind: type[CarrierError], code: str
) -> None:
    error = failure(answer)
    assert (type(error), error.code) == (kind, code)


def test_a_refusal_keeps_all_that_was_said() -> None:
    error = failure(httpx.Response(400, json=REFUSED))
    assert error.code == "40310"
    assert error.detail == (
        "The recipient is not a valid phone number. Use E.164, for example +13125550199. "
        "(INVALID_PHONE_NUMBER, telnyx 40310)"
    )
    assert json.loads(error.raw) == REFUSED
    assert str(error) == "40310 (400)"
