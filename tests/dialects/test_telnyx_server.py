"""As Telnyx, we answer and refuse in its own words."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smsinbox.dialects.base import Asked, Cost, OutboundText, Rank, SignedRequest, Taken
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.telnyx import server
from smsinbox.dialects.telnyx.reasons import ERRORS

NOON = datetime(2026, 2, 15, 12, tzinfo=UTC)
TEXT = OutboundText("+13125550100", "+13125550199", "Hello")
MEDIA = "https://media.example.test/1"
PROFILE = "4000eba1-a0c0-4563-9925-b25e842a7cb6"


@pytest.mark.parametrize(
    ("reason", "status", "code"),
    [
        (Reason.BAD_REQUEST, 400, "10015"),
        (Reason.BAD_VALUE, 422, "10027"),
        (Reason.BAD_SENDER, 400, "40305"),
        (Reason.BAD_RECIPIENT, 400, "40310"),
        (Reason.NO_CONTENT, 400, "40316"),
        (Reason.TOO_LONG, 400, "40302"),
        (Reason.TOO_MANY_PARTS, 400, "40328"),
        (Reason.BAD_MEDIA, 400, "40317"),
        (Reason.UNAUTHORIZED, 401, "10009"),
        (Reason.FORBIDDEN, 403, "10010"),
        (Reason.NOT_FOUND, 404, "10005"),
        (Reason.CONFLICT, 422, "10012"),
        (Reason.OPTED_OUT, 403, "40300"),
        (Reason.CONTENT, 400, "40322"),
        (Reason.UNHEALTHY, 400, "40315"),
        (Reason.QUOTA, 429, "40333"),
        (Reason.RATE, 429, "10011"),
        (Reason.INTERNAL, 500, "10007"),
        (Reason.UNAVAILABLE, 503, "10037"),
    ],
)
def test_every_reason_has_telnyx_s_status_and_code(reason: Reason, status: int, code: str) -> None:
    reply = server.refuse(Refusal(reason, "Because."))
    assert (reply.status, reply.media_type) == (status, "application/json")
    [error] = json.loads(json.dumps(reply.body))["errors"]
    assert (error["code"], error["detail"]) == (code, "Because.")
    assert "source" not in error


def test_no_reason_is_forgotten() -> None:
    assert set(ERRORS) == set(Reason)


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
def test_a_cost_is_told_exactly(micros: int, amount: str) -> None:
    taken = Taken("m1", Asked(TEXT), NOON, "GSM-7", 1, cost=Cost(micros, "EUR"))
    data: Any = server.answer(taken).body["data"]
    assert data["cost"] == {"amount": amount, "currency": "EUR"}


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Bearer KEY1", "KEY1"),
        ("bearer  KEY1 ", "KEY1"),
        ("Basic KEY1", None),
        ("Bearer ", None),
        ("Bearer", None),
        ("", None),
    ],
)
def test_the_key_is_the_bearer_s(header: str, key: str | None) -> None:
    assert server.key_of(SignedRequest({"authorization": header}, b"")) == key


def test_a_program_without_a_key_has_none() -> None:
    assert server.key_of(SignedRequest({}, b"")) is None
