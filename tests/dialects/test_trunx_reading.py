"""What Trunx posts is read generously, and what cannot be read says so in one way only."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from smsinbox.dialects.base import InboundText, Rank, Receipt, SignedRequest
from smsinbox.dialects.trunx import client


def received(**changes: Any) -> dict[str, Any]:
    data = {
        "id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        "from": "+13125550199",
        "to": "+13125550100",
        "message": "Yes, I'll be there.",
        "direction": "inbound",
        "created_at": "2026-03-09T16:05:00.000Z",
    }
    return {"event": "sms.received", "data": data | changes}


def read(document: object) -> Any:
    [event] = client.read(SignedRequest({}, json.dumps(document).encode()))
    return event


def test_the_documented_inbound_text_is_read() -> None:
    assert read(received()) == InboundText(
        carrier_id="a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        sender="+13125550199",
        recipient="+13125550100",
        body="Yes, I'll be there.",
        occurred_at=datetime(2026, 3, 9, 16, 5, tzinfo=UTC),
    )


def test_the_envelope_of_the_event_stream_is_read_too() -> None:
    payload = {"id": "m1", "from": "+13125550100", "to": "+13125550199", "status": "sent"}
    event = read({"channel": "sms", "eventType": "sms.sent", "payload": payload})
    assert event == Receipt("m1", "sent", Rank.SENT, "+13125550100", "+13125550199")


@pytest.mark.parametrize(
    ("event", "rank"),
    [
        ("sms.sent", Rank.SENT),
        ("sms.delivered", Rank.DELIVERED),
        ("sms.failed", Rank.UNDELIVERED),
    ],
)
def test_a_receipt_needs_no_more_than_an_event_and_an_id(event: str, rank: Rank) -> None:
    status = event.removeprefix("sms.")
    assert read({"event": event, "data": {"id": "m1"}}) == Receipt("m1", status, rank)


@pytest.mark.parametrize(
    "reason",
    [
        {"error_code": "30003", "reason": "Phone is off"},
        {"code": 30003, "detail": "Phone is off"},
        {"error": {"code": "30003", "message": "Phone is off"}},
    ],
)
def test_the_reason_of_a_failure_is_found_where_carriers_put_it(reason: dict[str, Any]) -> None:
    event = read({"event": "sms.failed", "data": {"id": "m1"} | reason})
    assert (event.code, event.detail) == ("30003", "Phone is off")


def test_of_a_repeated_key_the_last_counts() -> None:
    body = json.dumps(received()).replace('"message"', '"message":"first","message"')
    [event] = client.read(SignedRequest({}, body.encode()))
    assert isinstance(event, InboundText)
    assert event.body == "Yes, I'll be there."
