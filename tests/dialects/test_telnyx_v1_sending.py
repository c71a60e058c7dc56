"""Every answer to a send is sorted into what may be done about it next."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from smsinbox.dialects.base import Accepted, Credentials, OutboundText
from smsinbox.dialects.errors import (
    CarrierError,
    OptedOut,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsinbox.dialects.telnyx_v1 import client

ACCOUNT = Credentials("https://carrier.test/", "", "profile-secret")
TEXT = OutboundText("+13125550100", "+13125550199", "Hello")


class Carrier:
    """Answers one request and remembers it."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def send(
    answer: httpx.Response | Exception, text: OutboundText = TEXT, account: Credentials = ACCOUNT
) -> tuple[Accepted, httpx.Request]:
    carrier = Carrier(answer)
    try:
        with httpx.Client(transport=httpx.MockTransport(carrier)) as http:
            return client.send(text, account, http), carrier.requests[0]
    finally:
        assert len(carrier.requests) == 1


def sent(text: OutboundText = TEXT, **settings: str) -> dict[str, Any]:
    taken = httpx.Response(200, json={"sms_id": "m1", "status": "queued"})
    _, request = send(taken, text, replace(ACCOUNT, settings=settings))
    return json.loads(request.content)


def failure(answer: httpx.Response | Exception) -> CarrierError:
    with pytest.raises(CarrierError) as caught:
        send(answer)
    return caught.value


def refused(status: int, *codes: object, message: str = "Because.", **headers: str) -> Any:
    errors = [{"code": code, "title": "No", "detail": "Because."} for code in codes]
    body = {"status": "failed", "message": message, "errors": errors}
    return httpx.Response(status, json=body, headers=headers)


def test_a_text_goes_to_messages_with_the_profiles_secret() -> None:
    _, request = send(httpx.Response(200, json={"sms_id": "m1", "status": "queued"}))
    assert (request.method, str(request.url)) == ("POST", "https://carrier.test/messages")
    assert request.headers["X-Profile-Secret"] == "profile-secret"
    assert "Authorization" not in request.headers
    assert json.loads(request.content) == {
        "from": "+13125550100",
        "to": "+13125550199",
        "body": "Hello",
    }


def test_a_text_without_a_sender_leaves_the_choice_to_the_number_pool() -> None:
    assert "from" not in sent(replace(TEXT, sender=""))


@pytest.mark.parametrize("field", ["delivery_status_webhook_url", "delivery_status_failover_url"])
def test_a_text_says_where_its_receipts_should_go_also_when_the_first_post_fails(
    field: str,
) -> None:
    text = replace(TEXT, webhook_url="https://inbox.test/webhooks/1")
    assert sent(text)[field] == "https://inbox.test/webhooks/1"
    assert field not in sent(TEXT)


def test_an_account_may_ask_to_refuse_unhealthy_senders() -> None:
    assert sent(check_sender_health="true")["check_sender_health"] is True
    assert "check_sender_health" not in sent(check_sender_health="")


def test_an_mms_has_its_text_subject_and_files_in_the_body() -> None:
    urls = (
        "https://m.test/a.jpg",
        "https://m.test/b.mp4",
        "https://m.test/c",
        "https://m.test/d.mp3",
    )
    assert sent(replace(TEXT, media_urls=urls, subject="Cat"))["body"] == {
        "text": "Hello",
        "subject": "Cat",
        "media_urls": [{"img": urls[0]}, {"video": urls[1]}, {"img": urls[2]}, {"audio": urls[3]}],
    }


def test_a_subject_without_files_does_not_make_an_mms() -> None:
    assert sent(replace(TEXT, subject="Cat"))["body"] == "Hello"


@pytest.mark.parametrize(
    "answer",
    [
        {"sms_id": "m1", "status": "queued"},
        {"sms_id": "m1", "status": "sending"},
        {"sms_id": "m1", "status": "failed"},
        {"sms_id": "m1"},
        {"sms_id": "m1", "status": "queued", "errors": [], "parts": [], "msg": {}},
    ],
)
@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_success_with_an_id_is_accepted(status: int, answer: dict[str, Any]) -> None:
    assert send(httpx.Response(status, json=answer))[0] == Accepted("m1")


@pytest.mark.parametrize("parts", [{"parts": 2}, {"body": {"parts": 2}}])
def test_a_record_in_the_answer_tells_the_parts(parts: dict[str, Any]) -> None:
    answer = httpx.Response(200, json={"sms_id": "m1", "status": "queued"} | parts)
    assert send(answer)[0] == Accepted("m1", segments=2)


def test_a_success_that_clearly_refuses_is_a_refusal() -> None:
    error = failure(refused(200, "40310"))
    assert (type(error), error.code) == (Rejected, "40310")


@pytest.mark.parametrize("errors", [["40300"], [40300], [{"code": 40300}]])
def test_a_code_may_be_bare_or_a_number(errors: list[object]) -> None:
    error = failure(httpx.Response(400, json={"message": "No", "errors": errors}))
    assert (type(error), error.code) == (OptedOut, "40300")


@pytest.mark.parametrize("status", [400, 403, 422])
def test_a_stop_is_known_by_its_title_where_the_code_is_missing(status: int) -> None:
    body = {"status": "failed", "message": "Blocked due to STOP message"}
    error = failure(httpx.Response(status, json=body))
    assert (type(error), error.code) == (OptedOut, "40300")
    assert error.detail == "Blocked due to STOP message"


@pytest.mark.parametrize("status", [403, 404, 422, 400])
def test_a_new_code_is_about_the_text_and_kept(status: int) -> None:
    error = failure(refused(status, "49999"))
    assert (type(error), error.code) == (Rejected, "49999")


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_new_code_does_not_end_a_doubt(status: int) -> None:
    error = failure(refused(status, "49999"))
    assert type(error) is Uncertain
    assert "may have sent" in client.explain(error.code).words


def test_a_busy_carrier_that_names_a_time_took_nothing() -> None:
    error = failure(httpx.Response(503, headers={"Retry-After": "7"}))
    assert isinstance(error, Unavailable)
    assert error.retry_after == 7


def test_a_full_queue_says_when_to_come_back() -> None:
    error = failure(refused(429, "40318", **{"Retry-After": "120"}))
    assert isinstance(error, Unavailable)
    assert error.retry_after == 120
