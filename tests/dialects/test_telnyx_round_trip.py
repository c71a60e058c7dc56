"""Both sides of Telnyx's dialect understand each other, whatever people write."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smsinbox.core import clock
from smsinbox.dialects.base import (
    Asked,
    Cost,
    Credentials,
    Event,
    InboundText,
    OutboundText,
    Posting,
    Progress,
    Rank,
    Receipt,
    Stage,
    Taken,
)
from smsinbox.dialects.telnyx import DIALECT
from smsinbox.dialects.telnyx.reasons import TITLES

SECRETS = DIALECT.server.new_secrets()
PROGRAM = Credentials("https://carrier.test/v2", "KEY1", SECRETS.proves)
CARRIER = replace(PROGRAM, secret=SECRETS.signs)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
TEXT = OutboundText("+13125550100", "+13125550199", "Hello")
TAKEN = Taken("m1", Asked(TEXT, kind="SMS"), NOON, "GSM-7", 1, cost=Cost(5100, "USD"))


def posting(**changes: Any) -> Posting:
    return replace(Posting("e1", "https://inbox.test/hooks", clock.now()), **changes)


def told(event: InboundText | Progress) -> tuple[Event, dict[str, Any]]:
    """What a program that verifies and reads our webhook learns; and the webhook itself."""
    webhook = DIALECT.server.announce(event, CARRIER, posting(attempt=2))
    assert webhook is not None
    DIALECT.client.verify(webhook, PROGRAM)
    [found] = DIALECT.client.read(webhook)
    return found, json.loads(webhook.body)


def test_a_webhook_names_its_event_its_try_and_where_it_was_posted() -> None:
    _, document = told(InboundText("m2", "+13125550199", "+13125550100", "Hello", NOON))
    assert document["data"]["id"] == "e1"
    assert document["meta"] == {"attempt": 2, "delivered_to": "https://inbox.test/hooks"}


@pytest.mark.parametrize(
    ("rank", "name", "changes"),
    [
        (
            Rank.SENT,
            "message.sent",
            {"sent_at": "2026-03-09T12:00:05.000Z"},
        ),
        (Rank.DELIVERED, "message.finalized", {"completed_at": "2026-03-09T12:00:05.000Z"}),
        (Rank.UNDELIVERED, "message.finalized", {"completed_at": "2026-03-09T12:00:05.000Z"}),
        (Rank.UNCONFIRMED, "message.finalized", {"completed_at": "2026-03-09T12:00:05.000Z"}),
    ],
)
def test_progress_has_its_event_and_its_times(
    rank: Rank, name: str, changes: dict[str, str]
) -> None:
    _, document = told(Progress(TAKEN, rank, NOON + timedelta(seconds=5)))
    payload = document["data"]["payload"]
    valid_until = "2026-03-09T13:00:00.000Z"
    times = {"sent_at": None, "completed_at": None, "valid_until": valid_until} | changes
    assert document["data"]["event_type"] == name
    assert {name: payload[name] for name in times} == times
    assert payload["direction"] == "outbound"


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        (Stage.FAILED, "sending_failed"),
        (Stage.CANCELED, "cancelled"),
        (Stage.SENDING, "delivery_failed"),
    ],
)
def test_a_webhook_tells_what_never_left_from_what_did_not_arrive(
    stage: Stage, status: str
) -> None:
    taken = replace(TAKEN, stage=stage)
    found, document = told(Progress(taken, Rank.UNDELIVERED, NOON))
    assert document["data"]["payload"]["to"][0]["status"] == status
    assert isinstance(found, Receipt)
    assert (found.status, found.rank) == (status, Rank.UNDELIVERED)


@pytest.mark.parametrize("rank", [Rank.SENT, Rank.DELIVERED, Rank.UNDELIVERED, Rank.UNCONFIRMED])
def test_whatever_became_of_it_it_left_when_it_left(rank: Rank) -> None:
    left = replace(TAKEN, sent_at=NOON + timedelta(seconds=1))
    _, document = told(Progress(left, rank, NOON + timedelta(seconds=5)))
    assert document["data"]["payload"]["sent_at"] == "2026-03-09T12:00:01.000Z"


@pytest.mark.parametrize(
    ("rank", "code", "detail", "expected"),
    [
        (Rank.UNDELIVERED, "40001", "Landline.", ("40001", "Not routable: Landline.")),
        (Rank.UNDELIVERED, "40001", "", ("40001", "Not routable")),
        (Rank.UNDELIVERED, "", "", ("40008", "Undeliverable")),
        (Rank.UNDELIVERED, "landline", "No!", ("40008", "Undeliverable: No!")),
        (Rank.UNDELIVERED, "40300", "", ("40300", "Blocked due to STOP message")),
        (Rank.UNDELIVERED, "40399", "No!", ("40399", "Undeliverable: No!")),
        (Rank.UNDELIVERED, "40001", "half \ud83d", ("40001", "Not routable: half \ufffd")),
        (Rank.UNCONFIRMED, "", "", (None, None)),
        (Rank.UNCONFIRMED, "40005", "", ("40005", TITLES["40005"])),
        (Rank.DELIVERED, "40001", "Landline.", (None, None)),
        (Rank.SENT, "40001", "Landline.", (None, None)),
    ],
)
def test_a_failure_is_told_in_codes_that_telnyx_has(
    rank: Rank, code: str, detail: str, expected: tuple[str | None, str | None]
) -> None:
    event, _ = told(Progress(TAKEN, rank, NOON, code, detail))
    assert isinstance(event, Receipt)
    assert (event.code, event.detail) == expected
