"""The detail records that we write have everything that the documented one has."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smsinbox.dialects.base import Asked, Cost, OutboundText, Rank, Stage, Taken
from smsinbox.dialects.telnyx_v1 import server

NOON = datetime(2026, 3, 9, 12, 0, 0, 640_000, tzinfo=UTC)
TAKEN = Taken(
    "m1",
    Asked(OutboundText("+13125550100", "+13125550199", "Your parcel left today"), kind="SMS"),
    at=NOON,
    encoding="GSM-7",
    segments=1,
)


def test_a_record_has_every_member_of_the_documented_one() -> None:
    paid = replace(TAKEN, cost=Cost(2500, "USD"))
    later = NOON + timedelta(seconds=1, microseconds=480_001)
    digest = hashlib.sha256(b"Your parcel left today").hexdigest()
    found = server.mdr(paid, Rank.DELIVERED, later)
    made_up = {name: found.pop(name) for name in ("sms_gw_id", "user_id", "profile_id")}
    assert found == {
        "type": "SMS",
        "sms_id": "m1",
        "status": "delivered",
        "delivery_status": "success",
        "created": 1773057600640,
        "updated": 1773057602120,
        "date_created": "2026-03-09T12:00:00.640000",
        "date_updated": "2026-03-09T12:00:02.120001",
        "from": "+13125550100",
        "to": "+13125550199",
        "direction": "outbound",
        "on_net": False,
        "carrier": "",
        "line_type": "",
        "cost": "0.0025",
        "currency": "USD",
        "errors": [],
        "body": {
            "text": "Your parcel left today",
            "text_hash": digest,
            "coding": 0,
            "num_chars": 22,
            "num_bytes": 22,
            "bytes_hash": digest,
            "parts": 1,
        },
    }
    again = server.mdr(paid, Rank.SENT, later)
    assert made_up == {name: again[name] for name in made_up}


def test_a_record_of_a_failure_says_why() -> None:
    found = server.mdr(TAKEN, Rank.UNDELIVERED, NOON, "40001", "It is a landline.")
    assert (found["status"], found["delivery_status"]) == ("failed", "failed")
    error = {"code": "40001", "title": "It is a landline.", "detail": "It is a landline."}
    assert found["errors"] == [error]


@pytest.mark.parametrize("rank", Rank)
def test_every_rank_has_a_status(rank: Rank) -> None:
    assert server.mdr(TAKEN, rank, NOON)["status"]


@pytest.mark.parametrize(
    ("stage", "status"), [(Stage.FAILED, "gw_reject"), (Stage.SENDING, "failed"), (None, "failed")]
)
def test_what_never_left_is_no_failure_of_the_network(stage: Stage | None, status: str) -> None:
    found = server.mdr(replace(TAKEN, stage=stage), Rank.UNDELIVERED, NOON)
    assert found["status"] == status


def test_a_record_counts_the_bytes_of_ucs_2_as_they_are_sent() -> None:
    text = replace(TAKEN.asked.text, body="Grüße 😀")
    wide = replace(TAKEN, asked=replace(TAKEN.asked, text=text), encoding="UCS-2")
    found: Any = server.mdr(wide, Rank.QUEUED, NOON)["body"]
    assert (found["coding"], found["num_chars"], found["num_bytes"]) == (8, 7, 16)


@pytest.mark.parametrize(
    ("micros", "written"), [(0, "0"), (2500, "0.0025"), (10_000_000, "10"), (1, "0.000001")]
)
def test_a_cost_is_written_as_people_write_it(micros: int, written: str) -> None:
    paid = replace(TAKEN, cost=Cost(micros, "USD"))
    assert server.mdr(paid, Rank.SENT, NOON)["cost"] == written
