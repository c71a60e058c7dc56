"""What Telnyx reports of our texts is read, however little of it there is."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from smsinbox.dialects.base import Cost, Rank, Receipt, SignedRequest
from smsinbox.dialects.telnyx import client

FINALIZED = b"""{"data":{"event_type":"message.finalized","id":"0d4b6b0e-65a7-4c1c-8a6a-3a8d0c6d9e02","occurred_at":"2026-01-15T21:32:14.148+00:00","record_type":"event","payload":{"record_type":"message","direction":"outbound","id":"6f1c2f0e-9b0e-4a2e-9a55-0d1b6a3c9e11","type":"SMS","from":{"phone_number":"+13125550100","carrier":"Telnyx","line_type":"Wireless"},"to":[{"phone_number":"+13125550199","carrier":"Example Wireless","line_type":"Wireless","status":"delivery_failed"}],"text":"Your parcel left today","media":[],"encoding":"GSM-7","parts":1,"tags":[],"cost":{"amount":"0.0051","currency":"USD"},"received_at":"2026-01-15T21:32:13.552+00:00","sent_at":"2026-01-15T21:32:13.596+00:00","completed_at":"2026-01-15T21:32:14.148+00:00","valid_until":null,"errors":[{"code":"40001","title":"Not routable","detail":"The destination is a landline or a non-routable number."}]}},"meta":{"attempt":1,"delivered_to":"https://inbox.example.test/hooks/telnyx"}}"""  # noqa: E501


def read_bytes(body: bytes) -> Any:
    [event] = client.read(SignedRequest({}, body))
    return event


def read(event: str = "message.finalized", /, **changes: Any) -> Any:
    document = json.loads(FINALIZED)
    document["data"]["payload"] |= changes
    document["data"]["event_type"] = event
    return read_bytes(json.dumps(document).encode())


def status(word: object) -> dict[str, Any]:
    return {"to": [{"phone_number": "+13125550199", "status": word}]}


def test_the_documented_failure_is_read() -> None:
    assert read_bytes(FINALIZED) == Receipt(
        carrier_id="6f1c2f0e-9b0e-4a2e-9a55-0d1b6a3c9e11",
        status="delivery_failed",
        rank=Rank.UNDELIVERED,
        sender="+13125550100",
        recipient="+13125550199",
        occurred_at=datetime(2026, 1, 15, 21, 32, 14, 148000, tzinfo=UTC),
        code="40001",
        detail="Not routable: The destination is a landline or a non-routable number.",
        cost=Cost(5100, "USD"),
        segments=1,
    )


@pytest.mark.parametrize(
    ("breakdown", "read_as"),
    [
        (
            {
                "carrier_fee": {"amount": "0.00305", "currency": "USD"},
                "rate": {"amount": 0.00205, "currency": "USD"},
            },
            {"carrier_fee": Cost(3050, "USD"), "rate": Cost(2050, "USD")},
        ),
        ({"rate": {"amount": "much"}, "carrier_fee": None, "tip": 1}, {}),
        (["strange"], {}),
        (None, {}),
    ],
)
def test_what_a_cost_is_made_of_is_read_where_it_can_be(breakdown: Any, read_as: Any) -> None:
    receipt = read(cost_breakdown=breakdown)
    assert receipt.cost == Cost(5100, "USD", read_as)


@pytest.mark.parametrize(
    ("word", "rank"),
    [
        ("scheduled", Rank.QUEUED),
        ("queued", Rank.QUEUED),
        ("sending", Rank.QUEUED),
        ("sent", Rank.SENT),
        ("delivered", Rank.DELIVERED),
        ("read", Rank.DELIVERED),
        ("sending_failed", Rank.UNDELIVERED),
        ("delivery_failed", Rank.UNDELIVERED),
        ("expired", Rank.UNDELIVERED),
        ("cancelled", Rank.UNDELIVERED),
        ("failed", Rank.UNDELIVERED),
        ("gw_reject", Rank.UNDELIVERED),
        ("gw_timeout", Rank.UNDELIVERED),
        ("delivery_unconfirmed", Rank.UNCONFIRMED),
        ("dlr_timeout", Rank.UNCONFIRMED),
        ("dlr_unconfirmed", Rank.UNCONFIRMED),
        ("received", None),
        ("webhook_delivered", None),
        ("teleported", None),
    ],
)
def test_every_documented_status_has_its_rank(word: str, rank: Rank | None) -> None:
    event = read(**status(word))
    assert (event.status, event.rank) == (word, rank)


@pytest.mark.parametrize(
    ("event", "word", "rank"),
    [
        ("message.sent", "sent", Rank.SENT),
        ("message.delivered", "delivered", Rank.DELIVERED),
        ("message.read", "read", Rank.DELIVERED),
        ("message.finalized", "finalized", None),
    ],
)
@pytest.mark.parametrize("to", [None, [], [{}], "+13125550199", 5, [{"status": 5}]])
def test_without_a_status_the_event_itself_is_one(
    event: str, word: str, rank: Rank | None, to: object
) -> None:
    receipt = read(event, to=to)
    assert (receipt.status, receipt.rank) == (word, rank)


def test_a_receipt_needs_no_more_than_an_event_and_an_id() -> None:
    body = {"data": {"event_type": "message.sent", "payload": {"id": "m1"}}}
    assert read_bytes(json.dumps(body).encode()) == Receipt("m1", "sent", Rank.SENT)


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        ({"amount": 0.0051, "currency": "USD"}, Cost(5100, "USD")),
        ({"amount": "0.0051", "currency": "usd"}, Cost(5100, "USD")),
        ({"amount": 1, "currency": "EUR"}, Cost(1_000_000, "EUR")),
        ({"amount": "0.0000", "currency": "USD"}, Cost(0, "USD")),
        ({"amount": "1e-999999999", "currency": "USD"}, Cost(0, "USD")),
        ({"amount": True, "currency": "USD"}, None),
        ({"amount": None, "currency": "USD"}, None),
        ({"amount": "free", "currency": "USD"}, None),
        ({"amount": "NaN", "currency": "USD"}, None),
        ({"amount": "1e999", "currency": "USD"}, None),
        ({"amount": "0.005" + "0" * 40 + "e9", "currency": "USD"}, None),
        ({"amount": 10**30, "currency": "USD"}, None),
        ({"amount": "-1", "currency": "USD"}, None),
        ({"amount": "1", "currency": "dollars"}, None),
        ({"amount": "1", "currency": "€€€"}, None),
        ({"amount": "1"}, None),
        ("0.0051", None),
        (None, None),
    ],
)
def test_a_cost_is_exact_or_none(cost: object, expected: Cost | None) -> None:
    assert read(cost=cost).cost == expected


@pytest.mark.parametrize(
    ("errors", "code", "detail"),
    [
        ([{"code": "40008", "title": "Undeliverable"}], "40008", "Undeliverable"),
        ([{"code": 40008, "title": "A", "detail": "A"}], "40008", "A"),
        ([{"code": "40008", "detail": "B"}, {"code": "40001"}], "40008", "B"),
        ([{"code": [], "title": 5, "detail": {}}], None, None),
        ([5, None], None, None),
        ([], None, None),
        (None, None, None),
    ],
)
def test_the_first_error_tells_why(errors: object, code: str | None, detail: str | None) -> None:
    receipt = read(errors=errors)
    assert (receipt.code, receipt.detail) == (code, detail)


@pytest.mark.parametrize("parts", [None, 0, -1, "1", True, 1.5, 2**80])
def test_a_strange_number_of_parts_does_not_lose_the_receipt(parts: object) -> None:
    assert read(parts=parts).segments is None


@pytest.mark.parametrize("sender", ["+13125550100", {"phone_number": "+13125550100"}])
def test_a_sender_may_be_an_object_or_a_bare_string(sender: object) -> None:
    assert read(**{"from": sender}).sender == "+13125550100"


@pytest.mark.parametrize("value", [None, 5, [], {}, "a\0", {"phone_number": 5}])
def test_strange_numbers_do_not_lose_the_receipt(value: object) -> None:
    receipt = read(**{"from": value, "to": value})
    assert (receipt.sender, receipt.recipient) == (None, None)
