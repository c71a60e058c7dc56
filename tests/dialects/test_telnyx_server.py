"""As Telnyx, we answer and refuse in its own words."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smsinbox.dialects.base import Asked, Cost, OutboundText, Rank, Taken
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.telnyx import server

NOON = datetime(2026, 2, 15, 12, tzinfo=UTC)
TEXT = OutboundText("+13125550100", "+13125550199", "Hello")
MEDIA = "https://media.example.test/1"
PROFILE = "4000eba1-a0c0-4563-9925-b25e842a7cb6"


def test_a_refusal_without_a_field_points_nowhere() -> None:
    reply = server.refuse(Refusal(Reason.RATE, "Slower."))
    assert reply.media_type == "application/json"
    assert "source" not in json.dumps(reply.body)


def test_a_refusal_is_written_as_documented() -> None:
    detail = "The 'to' address should be a single valid number."
    reply = server.refuse(Refusal(Reason.BAD_RECIPIENT, detail, field="to"))
    assert reply.body == {
        "errors": [
            {
                "code": "40310",
                "title": "Invalid 'to' address",
                "detail": detail,
                "source": {"pointer": "/to"},
                "meta": {"url": "https://developers.telnyx.com/docs/overview/errors/40310"},
            }
        ]
    }


@pytest.mark.parametrize(
    ("reason", "headers"),
    [
        (Reason.RATE, {"Retry-After": "3", "x-ratelimit-reset": "3"}),
        (Reason.UNAVAILABLE, {"Retry-After": "3"}),
    ],
)
def test_a_time_to_wait_is_told_in_whole_seconds(reason: Reason, headers: dict[str, str]) -> None:
    assert server.refuse(Refusal(reason, "Later.", retry_after=2.1)).headers == headers


def test_an_answer_is_the_whole_message() -> None:
    asked = Asked(
        replace(TEXT, media_urls=(MEDIA,), subject="From Telnyx!"),
        kind="MMS",
        profile=PROFILE,
        webhook_urls=("https://example.test/h", "https://example.test/f"),
        tags=("Greetings",),
    )
    reply = server.answer(Taken("40385f64", asked, NOON, "GSM-7", 1, cost=Cost(5100, "USD")))
    person = {"carrier": None, "line_type": None}
    file = {"content_type": None, "sha256": None, "hash_sha256": None, "size": None}
    assert (reply.status, reply.media_type) == (200, "application/json")
    assert reply.body["data"] == {
        "record_type": "message",
        "direction": "outbound",
        "id": "40385f64",
        "type": "MMS",
        "messaging_profile_id": PROFILE,
        "organization_id": None,
        "from": {"phone_number": "+13125550100", **person},
        "to": [{"phone_number": "+13125550199", "status": "queued", **person}],
        "cc": [],
        "text": "Hello",
        "subject": "From Telnyx!",
        "media": [{"url": MEDIA, **file}],
        "webhook_url": "https://example.test/h",
        "webhook_failover_url": "https://example.test/f",
        "encoding": "GSM-7",
        "parts": 1,
        "tags": ["Greetings"],
        "cost": {"amount": "0.0051", "currency": "USD"},
        "cost_breakdown": None,
        "tcr_campaign_id": None,
        "tcr_campaign_billable": None,
        "tcr_campaign_registered": None,
        "received_at": "2026-02-15T12:00:00.000Z",
        "sent_at": None,
        "completed_at": None,
        "valid_until": None,
        "errors": [],
    }


@pytest.mark.parametrize(
    ("rank", "send_at", "status"),
    [
        (Rank.NONE, None, "queued"),
        (Rank.QUEUED, None, "queued"),
        (Rank.QUEUED, NOON + timedelta(hours=1), "scheduled"),
        (Rank.SENT, NOON + timedelta(hours=1), "sent"),
        (Rank.DELIVERED, None, "delivered"),
        (Rank.UNDELIVERED, None, "delivery_failed"),
        (Rank.UNCONFIRMED, None, "delivery_unconfirmed"),
    ],
)
def test_an_answer_tells_how_far_the_text_has_got(
    rank: Rank, send_at: datetime | None, status: str
) -> None:
    taken = Taken("m1", Asked(TEXT, send_at=send_at), NOON, "GSM-7", 1, rank)
    data: Any = server.answer(taken).body["data"]
    assert data["to"][0]["status"] == status


@pytest.mark.parametrize(
    ("micros", "amount"),
    [(0, "0.0000"), (5100, "0.0051"), (5125, "0.005125"), (12_000_000, "12.0000")],
)
def test_what_a_cost_is_made_of_is_told_to_whom_it_concerns(micros: int, amount: str) -> None:
    cost = Cost(9, "USD", {"rate": Cost(micros, "EUR")})
    data: Any = server.answer(Taken("m1", Asked(TEXT), NOON, "GSM-7", 1, cost=cost)).body["data"]
    told = {"carrier_fee": None, "rate": {"amount": amount, "currency": "EUR"}}
    assert data["cost_breakdown"] == told


@pytest.mark.parametrize(
    ("micros", "amount"),
    [(0, "0.0000"), (5100, "0.0051"), (5125, "0.005125"), (12_000_000, "12.0000")],
)
def test_a_cost_is_told_exactly(micros: int, amount: str) -> None:
    taken = Taken("m1", Asked(TEXT), NOON, "GSM-7", 1, cost=Cost(micros, "EUR"))
    data: Any = server.answer(taken).body["data"]
    assert data["cost"] == {"amount": amount, "currency": "EUR"}
