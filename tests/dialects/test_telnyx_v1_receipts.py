"""The detail records that the legacy API posts: each is a receipt, however little it says."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from smsinbox.dialects.base import Cost, Rank, Receipt, SignedRequest, Unknown
from smsinbox.dialects.telnyx_v1 import client

MDR = (
    b'{"type":"SMS","sms_id":"834f3d53-0000-4000-8000-000000000001",'
    b'"sms_gw_id":"c51c89d9-0000-4000-8000-000000000002",'
    b'"user_id":"a9b37e61-0000-4000-8000-000000000003",'
    b'"profile_id":"16fd2706-0000-4000-8000-000000000004","status":"delivered",'
    b'"delivery_status":"success","created":1588280767640,"updated":1588280769120,'
    b'"date_created":"2020-04-30T21:06:07.640000","date_updated":"2020-04-30T21:06:09.120000",'
    b'"from":"+13125550100","to":"+13125550199","direction":"outbound","on_net":false,'
    b'"carrier":"EXAMPLE WIRELESS","line_type":"Wireless","cost":"0.0025","currency":"USD",'
    b'"errors":[],"body":{"text":"Your parcel left today","text_hash":"<sha256 hex of the text>",'
    b'"coding":0,"num_chars":22,"num_bytes":22,"bytes_hash":"<sha256 hex>","parts":1}}'
)


def read_bytes(body: bytes) -> Any:
    [event] = client.read(SignedRequest({}, body))
    return event


def read(document: object) -> Any:
    return read_bytes(json.dumps(document).encode())


def record(**changes: Any) -> dict[str, Any]:
    return json.loads(MDR) | changes


def test_the_documented_record_is_a_receipt() -> None:
    assert read_bytes(MDR) == Receipt(
        carrier_id="834f3d53-0000-4000-8000-000000000001",
        status="delivered",
        rank=Rank.DELIVERED,
        sender="+13125550100",
        recipient="+13125550199",
        occurred_at=datetime(2020, 4, 30, 21, 6, 9, 120000, tzinfo=UTC),
        cost=Cost(2500, "USD"),
        segments=1,
    )


def test_the_oldest_kind_of_record_is_a_receipt_too() -> None:
    event = read(
        {
            "sms_id": "834f3d53-8a3c-4aa0-a733-7f2d682a72df",
            "gw_sms_id": "",
            "user_id": "a9b37e61-32bc-4a03-bf90-080c3b55db6f",
            "profile_id": "16fd2706-8baf-433b-82eb-8c7fada847da",
            "status": "queued",
            "delivery_status": "",
            "msg": {"src": "+13125550001", "dst": "+13129450002", "body": "Hello!"},
            "coding": 3,
            "parts": 2,
            "created": 1520983646000.0,
            "updated": 1520983646000.0,
            "delivery_status_webhook_url": "https://example.com/campaign/7214",
        }
    )
    assert event == Receipt(
        carrier_id="834f3d53-8a3c-4aa0-a733-7f2d682a72df",
        status="queued",
        rank=Rank.QUEUED,
        sender="+13125550001",
        recipient="+13129450002",
        occurred_at=datetime(2018, 3, 13, 23, 27, 26, tzinfo=UTC),
        segments=2,
    )


@pytest.mark.parametrize(
    ("status", "rank"),
    [
        ("queued", Rank.QUEUED),
        ("sending", Rank.QUEUED),
        ("sent", Rank.SENT),
        ("delivered", Rank.DELIVERED),
        ("failed", Rank.UNDELIVERED),
        ("gw_reject", Rank.UNDELIVERED),
        ("gw_timeout", Rank.UNDELIVERED),
        ("dlr_timeout", Rank.UNCONFIRMED),
        ("dlr_unconfirmed", Rank.UNCONFIRMED),
        ("received", None),
        ("something_new", None),
        ("Delivered", None),
    ],
)
def test_every_documented_status_has_its_rank_and_a_new_one_none(
    status: str, rank: Rank | None
) -> None:
    event = read({"sms_id": "m1", "status": status})
    assert (event.carrier_id, event.status, event.rank) == ("m1", status, rank)


@pytest.mark.parametrize("status", ["received", "delivered"])
def test_the_record_of_an_inbound_text_is_not_the_text(status: str) -> None:
    assert read(record(direction="inbound", status=status)) == Unknown("mdr inbound", is_known=True)


def test_our_own_text_is_never_read_as_theirs() -> None:
    event = read(record(body="Hello!", status="sent"))
    assert isinstance(event, Receipt)


@pytest.mark.parametrize(
    ("errors", "code", "detail"),
    [
        ([{"code": "40001", "title": "Not routable"}], "40001", "Not routable"),
        ([{"code": 40001, "title": "x", "detail": "It is a landline."}], "40001", None),
        (["40001"], "40001", None),
        ([40001, 40002], "40001", None),
        (["Not routable"], "failed", "Not routable"),
        ([{"title": "Not routable"}], "failed", "Not routable"),
        ([], "failed", None),
        (None, "failed", None),
        ("40001", "failed", None),
        ([None], "failed", None),
        ([{"code": {}, "detail": []}], "failed", None),
    ],
    ids=range(11),
)
def test_the_reason_of_a_failure_is_found_or_the_status_is_all(
    errors: object, code: str, detail: str | None
) -> None:
    event = read(record(status="failed", errors=errors))
    assert event.code == code
    assert event.detail == (detail or event.detail)


@pytest.mark.parametrize(
    ("cost", "currency", "found"),
    [
        ("0.0025", "USD", Cost(2500, "USD")),
        (0.0025, "USD", Cost(2500, "USD")),
        (1, "eur", Cost(1_000_000, "EUR")),
        (0, "USD", Cost(0, "USD")),
        (None, None, None),
        ("0.0025", None, None),
        ("0.0025", "US", None),
        ("0.0025", 5, None),
        ("0.0025", "\0US", None),
        ("a lot", "USD", None),
        ("NaN", "USD", None),
        ("sNaN", "USD", None),
        ("Infinity", "USD", None),
        ("1e999999999", "USD", None),
        ("9" * 5000, "USD", None),
        ("-1", "USD", None),
        (True, "USD", None),
        ([], "USD", None),
    ],
    ids=range(18),
)
def test_a_cost_is_whole_millionths_or_nothing(
    cost: object, currency: object, found: Cost | None
) -> None:
    assert read(record(cost=cost, currency=currency)).cost == found


@pytest.mark.parametrize("at", [None, "soon", True, 10**20, -(10**20), 1e300, [], {}])
def test_a_strange_time_does_not_lose_the_receipt(at: object) -> None:
    assert read(record(updated=at, date_updated=at)).occurred_at is None


def test_the_date_counts_as_utc_where_the_milliseconds_are_missing() -> None:
    assert read(record(updated=None)).occurred_at == read_bytes(MDR).occurred_at


@pytest.mark.parametrize("name", ["from", "to", "errors", "cost", "body", "date_updated"])
@pytest.mark.parametrize("value", [None, 5, [], {}, [[]], True])
def test_a_receipt_needs_no_more_than_an_id_and_a_status(name: str, value: object) -> None:
    assert read(record(**{name: value})).rank is Rank.DELIVERED
