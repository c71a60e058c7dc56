"""What Trunx posts is read generously, and what cannot be read says so in one way only."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.dialects.base import InboundText, Rank, Receipt, SignedRequest, Unknown
from smsinbox.dialects.errors import Unreadable
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


@pytest.mark.parametrize("event", ["voice.started", "sms.queued", "campaign.done", "*"])
def test_an_event_we_do_not_follow_is_named_and_not_an_error(event: str) -> None:
    assert read({"event": event, "data": None}) == Unknown(event)


@pytest.mark.parametrize("at", [None, 5, "yesterday", "", "0001-01-01T00:00:00+14:00", [], {}])
def test_a_strange_time_does_not_lose_the_text(at: object) -> None:
    assert read(received(created_at=at)).occurred_at is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (r"half \ud83d emoji", "half \ufffd emoji"),
        (r"\ude00 other half", "\ufffd other half"),
        (r"\ude00\ud83d", "\ufffd\ufffd"),
        (r"whole \ud83d\ude00 and half \uD83D", "whole 😀 and half \ufffd"),
        (r"a\u0000b", "a\u2400b"),
        (r"\\ud83d is only a backslash", r"\ud83d is only a backslash"),
        ("", ""),
    ],
)
def test_a_broken_text_is_mended_and_never_lost(written: str, kept: str) -> None:
    body = json.dumps(received(message="@")).replace("@", written).encode()
    [event] = client.read(SignedRequest({}, body))
    assert isinstance(event, InboundText)
    assert event.body == kept


def test_of_a_repeated_key_the_last_counts() -> None:
    body = json.dumps(received()).replace('"message"', '"message":"first","message"')
    [event] = client.read(SignedRequest({}, body.encode()))
    assert isinstance(event, InboundText)
    assert event.body == "Yes, I'll be there."


@pytest.mark.parametrize("name", ["id", "from", "to", "message"])
@pytest.mark.parametrize("value", [None, 5, 1.5, True, [], {}, ["+13125550199"]])
def test_a_field_of_another_type_is_unreadable(name: str, value: object) -> None:
    with pytest.raises(Unreadable):
        read(received(**{name: value}))


@pytest.mark.parametrize("name", ["id", "from", "to", "message"])
def test_a_missing_field_is_unreadable(name: str) -> None:
    document = received()
    del document["data"][name]
    with pytest.raises(Unreadable):
        read(document)


@pytest.mark.parametrize("carrier_id", ["", " ", "a" * 201, "a\0b", "a b", "ü", "a\n", "\ud83d"])
def test_an_absurd_id_is_unreadable(carrier_id: str) -> None:
    with pytest.raises(Unreadable):
        read(received(id=carrier_id))
    with pytest.raises(Unreadable):
        read({"event": "sms.sent", "data": {"id": carrier_id}})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"5",
        b'"sms.received"',
        b"{}",
        b'{"event":null}',
        b'{"event":5,"data":{}}',
        b'{"event":"sms.received"}',
        b'{"event":"sms.received","data":[]}',
        b'{"event":"sms.sent","data":"x"}',
        b'{"event":"sms.received","data":NaN}',
        b'{"a":"\\ud83d","b":NaN}',
        b'{"a":"\\ud83d","b":1e999}',
        b'\xef\xbb\xbf{"event":"x"}',
        '{"event":"x"}'.encode("utf-16"),
        b'{"event":"\xff"}',
        b'{"event":"\\ud83d\xff"}',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'"\\ud83d"' + b"[" * 200_000,
        b'["\\ud83d",' + b"[" * 100_000 + b"]" * 100_000 + b"]",
        b'["\\ud83d",' + b"9" * 5000 + b"]",
        b"9" * 5000,
        b"sms.received=1",
        b"\0" * 100,
    ],
    ids=range(26),
)
def test_a_hostile_body_is_unreadable_and_nothing_worse(body: bytes) -> None:
    with pytest.raises(Unreadable):
        client.read(SignedRequest({}, body))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    st.binary()
    | st.builds(
        lambda event, data: json.dumps({"event": event, "data": data}).encode(),
        st.sampled_from(["sms.received", "sms.sent", "sms.failed"]) | json_values,
        json_values
        | st.fixed_dictionaries(
            {"id": json_values | st.just("m1")},
            optional=dict.fromkeys(["from", "to", "message", "error", "created_at"], json_values),
        ),
    )
)
def test_whatever_is_posted_is_read_or_unreadable(body: bytes) -> None:
    try:
        events = client.read(SignedRequest({}, body))
    except Unreadable:
        return
    assert len(events) == 1
