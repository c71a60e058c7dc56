"""Trunx learns our webhook address from us, and tells what became of its posts."""

import httpx
import pytest

from smsinbox.dialects.base import Credentials
from smsinbox.dialects.errors import CarrierError, Misconfigured, Uncertain
from smsinbox.dialects.sides import LoggedPost
from smsinbox.dialects.trunx import registering

ACCOUNT = Credentials("https://carrier.test", "tk_test_1", "")
OURS = "https://inbox.test/webhooks/trunx/t"


def carrier(*answers: httpx.Response) -> tuple[httpx.Client, list[httpx.Request]]:
    seen: list[httpx.Request] = []
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return left.pop(0)

    return httpx.Client(transport=httpx.MockTransport(answer)), seen


def test_the_address_is_registered_and_the_secret_comes_back() -> None:
    http, seen = carrier(httpx.Response(201, json={"id": "whk_1", "secret": "whsec_new"}))
    assert registering.register(OURS, ACCOUNT, http) == "whsec_new"
    assert (seen[0].method, seen[0].url.path) == ("POST", "/api/webhooks")
    assert seen[0].headers["Authorization"] == "Bearer tk_test_1"
    assert httpx.Response(200, content=seen[0].content).json() == {"url": OURS, "events": ["sms.*"]}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (
            httpx.Response(401, json={"type": "https://api.trunx.io/errors/unauthorized"}),
            Misconfigured,
        ),
        (httpx.Response(200, json={"id": "whk_1"}), Uncertain),
        (httpx.Response(200, content=b"<html>"), Uncertain),
        (httpx.Response(500), Uncertain),
    ],
)
def test_any_other_answer_is_an_error(answer: httpx.Response, error: type[CarrierError]) -> None:
    http, _ = carrier(answer)
    with pytest.raises(error):
        registering.register(OURS, ACCOUNT, http)


def test_the_log_of_our_own_webhook_is_read() -> None:
    known = {
        "webhooks": [{"id": "whk_0", "url": "https://other.test"}, {"id": "whk_1", "url": OURS}]
    }
    log = {"id": "log_1", "eventType": "sms.received", "status": "delivered", "attempts": 1}
    logs = {"logs": [log | {"responseCode": 204, "createdAt": "2026-03-09T16:05:00.000Z"}]}
    http, seen = carrier(httpx.Response(200, json=known), httpx.Response(200, json=logs))
    found = registering.logs(OURS, ACCOUNT, http)
    assert seen[1].url.path == "/api/webhooks/whk_1/logs"
    assert found == [LoggedPost("sms.received", "delivered", 1, 204, "2026-03-09T16:05:00.000Z")]


def test_an_address_that_trunx_does_not_know_is_told() -> None:
    http, _ = carrier(httpx.Response(200, json={"webhooks": []}))
    with pytest.raises(Misconfigured, match="address"):
        registering.logs(OURS, ACCOUNT, http)
