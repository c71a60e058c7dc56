"""As the legacy API, we take what its documentation allows and refuse the rest in its own words."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from smsinbox.dialects.base import Asked, OutboundText, Taken
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.telnyx_v1 import server

# What the official sample server sends: https://github.com/team-telnyx/telnyx-sms-demo-server
RECORDED = b"from=%2B13125550100&to=%2B13125550199&body=Echo%3A+Hello%21"
TAKEN = Taken(
    "m1",
    Asked(OutboundText("+13125550100", "+13125550199", "Hello")),
    at=datetime(2026, 3, 9, tzinfo=UTC),
    encoding="GSM-7",
    segments=1,
)


def fields(**changes: Any) -> dict[str, Any]:
    found = {"from": "+13125550100", "to": "+13125550199", "body": "Hello"} | changes
    return {name: value for name, value in found.items() if value != "gone"}


def body(**changes: Any) -> bytes:
    return json.dumps(fields(**changes)).encode()


def asked(request: bytes) -> Asked:
    return server.accept("/messages", request)


def refusal(request: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        asked(request)
    return caught.value


def test_what_the_official_sample_sends_is_taken() -> None:
    text = OutboundText("+13125550100", "+13125550199", "Echo: Hello!")
    assert asked(RECORDED) == Asked(text, kind="SMS", use_profile_webhooks=False)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"from": "gone"},
        {"from": ""},
        {"from": "ACME 24"},
        {"from": "72345"},
        {"body": " "},
        {"body": "1 + 1 = 2 & 😀"},
        {"delivery_status_webhook_url": "https://shop.test/hook?a=1&b=2"},
        {"delivery_status_webhook_url": "", "delivery_status_failover_url": "http://b.test"},
        {"check_sender_health": "true"},
        {"check_sender_health": "False"},
        {"subject": "Cat", "media_urls": ["https://m.test/1.jpg"]},
    ],
    ids=range(12),
)
def test_a_form_asks_for_the_same_as_json(changes: dict[str, Any]) -> None:
    form = urlencode(fields(**changes), doseq=True).encode()
    assert asked(form) == asked(body(**changes))


@pytest.mark.parametrize("sender", ["gone", "", None])
def test_without_a_sender_we_choose_one(sender: object) -> None:
    assert asked(body(**{"from": sender})).text.sender == ""


def test_the_webhook_addresses_come_in_the_order_in_which_they_are_tried() -> None:
    urls = {
        "delivery_status_failover_url": "https://b.test/hook",
        "delivery_status_webhook_url": "https://a.test/hook",
    }
    assert asked(body(**urls)).webhook_urls == ("https://a.test/hook", "https://b.test/hook")


@pytest.mark.parametrize(
    ("written", "refuse"),
    [(True, True), (False, False), ("true", True), ("TRUE", True), ("false", False), (None, False)],
)
def test_unhealthy_senders_are_refused_when_asked(written: object, refuse: bool) -> None:
    assert asked(body(check_sender_health=written)).refuse_unhealthy is refuse


@pytest.mark.parametrize(
    "mms",
    [
        {"body": {"text": "Hi", "subject": "Cat", "media_urls": [{"img": "https://m.test/1.jpg"}]}},
        {"body": "Hi", "subject": "Cat", "media_urls": ["https://m.test/1.jpg"]},
        {"body": "Hi", "subject": "Cat", "media_urls": [{"img": "https://m.test/1.jpg"}]},
        {"body": "Hi", "subject": "Cat", "media_urls": "https://m.test/1.jpg"},
    ],
    ids=range(4),
)
def test_an_mms_is_taken_in_every_shape_that_programs_send(mms: dict[str, Any]) -> None:
    found = asked(body(**mms))
    assert found.kind == "MMS"
    assert found.text == OutboundText(
        "+13125550100", "+13125550199", "Hi", ("https://m.test/1.jpg",), "Cat"
    )


def test_the_webhook_address_may_be_in_the_body_of_an_mms() -> None:
    inner = {
        "delivery_status_webhook_url": "https://a.test/hook",
        "media_urls": [{"img": "https://m.test/1.jpg"}],
    }
    assert asked(body(body=inner)).webhook_urls == ("https://a.test/hook",)


def test_the_body_of_an_mms_cannot_change_the_numbers() -> None:
    inner = {"text": "Hi", "to": "+19995550199"}
    assert asked(body(body=inner)).text.recipient == "+13125550199"


def test_only_an_mms_may_go_without_words() -> None:
    assert asked(body(body="gone", media_urls=["https://m.test/1.jpg"])).text.body == ""


@pytest.mark.parametrize(
    ("request_body", "reason", "field"),
    [
        (b"", Reason.BAD_VALUE, "to"),
        (b"{", Reason.BAD_REQUEST, ""),
        (b'{"to":"\xff"}', Reason.BAD_REQUEST, ""),
        (b"to=%ff", Reason.BAD_REQUEST, ""),
        (b"\xff", Reason.BAD_REQUEST, ""),
        (b"a=1&" * 1000, Reason.BAD_REQUEST, ""),
        (b'{"a":' * 100_000, Reason.BAD_REQUEST, ""),
        (b"[]", Reason.BAD_VALUE, "to"),
        (b"{}", Reason.BAD_VALUE, "to"),
        (body(to="gone"), Reason.BAD_VALUE, "to"),
        (b"from=%2B13125550100&to=+13125550199&body=x", Reason.BAD_RECIPIENT, "to"),
        (body(**{"from": "+1"}), Reason.BAD_SENDER, "from"),
        (body(**{"from": "A name that is too long"}), Reason.BAD_SENDER, "from"),
        (body(**{"from": "ACME\n"}), Reason.BAD_SENDER, "from"),
        (body(body={}), Reason.NO_CONTENT, "body"),
        (body(body={"smil": "<smil/>"}), Reason.NO_CONTENT, "body"),
        (body(subject=5), Reason.BAD_VALUE, "subject"),
        (
            body(delivery_status_webhook_url="shop.test"),
            Reason.BAD_VALUE,
            "delivery_status_webhook_url",
        ),
        (
            body(delivery_status_failover_url="ftp://shop.test"),
            Reason.BAD_VALUE,
            "delivery_status_failover_url",
        ),
        (
            body(delivery_status_webhook_url="https://a.test/" + "x" * 2000),
            Reason.BAD_VALUE,
            "delivery_status_webhook_url",
        ),
        (
            body(delivery_status_webhook_url="https://a.test/\r\nX: y"),
            Reason.BAD_VALUE,
            "delivery_status_webhook_url",
        ),
        (body(check_sender_health=1), Reason.BAD_VALUE, "check_sender_health"),
        (body(check_sender_health="yes"), Reason.BAD_VALUE, "check_sender_health"),
        (body(media_urls=[{}]), Reason.BAD_MEDIA, "media_urls"),
        (body(media_urls=[[]]), Reason.BAD_MEDIA, "media_urls"),
        (body(media_urls=5), Reason.BAD_MEDIA, "media_urls"),
    ],
    ids=range(26),
)
def test_anything_else_is_refused_and_the_field_named(
    request_body: bytes, reason: Reason, field: str
) -> None:
    found = refusal(request_body)
    assert (found.reason, found.field) == (reason, field)


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_has_what_the_known_programs_read_and_a_code(reason: Reason) -> None:
    reply = server.refuse(Refusal(reason, "Because.", field="to"))
    [error] = json.loads(json.dumps(reply.body["errors"]))
    assert 400 <= reply.status < 600
    assert reply.body["status"] != "queued"
    assert reply.body["success"] is False
    assert reply.body["message"] == "Because."
    assert error["code"].isdecimal()
    assert error["source"] == {"pointer": "/to"}


def test_a_refusal_says_when_to_come_back() -> None:
    reply = server.refuse(Refusal(Reason.RATE, "Slower, please.", retry_after=7))
    assert (reply.status, reply.headers) == (429, {"Retry-After": "7"})


def test_an_answer_names_the_text_and_says_queued() -> None:
    reply = server.answer(TAKEN)
    assert (reply.status, reply.media_type) == (200, "application/json")
    assert reply.body == {"sms_id": "m1", "status": "queued", "parts": 1}
