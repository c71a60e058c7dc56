"""What Pingram posts is read generously, and what cannot be read says so in one way only."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from smsinbox.dialects.base import (
    ConsentChange,
    InboundText,
    Media,
    Rank,
    Receipt,
    SignedRequest,
)
from smsinbox.dialects.errors import Unreadable
from smsinbox.dialects.pingram import client

# As documented, at https://github.com/pingram-io/skills: only the numbers and ids are others.
INBOUND = (
    b'{"eventType":"SMS_INBOUND","from":"+13125550199","to":"+13125550100",'
    b'"text":"Yes, that works","receivedAt":"2026-01-15T10:30:00Z","userId":"+13125550199",'
    b'"trackingId":"019c0000-0000-7000-8000-0000000000b7"}'
)
OLDER_INBOUND = INBOUND.replace(b'"trackingId"', b'"lastTrackingId"')
DELIVERED = (
    b'{"eventType":"SMS_DELIVERED","trackingId":"019c0000-0000-7000-8000-0000000000a1",'
    b'"notificationId":"support_reply","channel":"SMS","userId":"+13125550199"}'
)
FAILED = (
    b'{"eventType":"SMS_FAILED","trackingId":"019c0000-0000-7000-8000-0000000000a1",'
    b'"notificationId":"support_reply","channel":"SMS","userId":"+13125550199",'
    b'"failureCode":"40001"}'
)
UNSUBSCRIBE = (
    b'{"eventType":"SMS_UNSUBSCRIBE","notificationId":"support_reply","channel":"SMS",'
    b'"userId":"+13125550199"}'
)
TEXT = InboundText(
    carrier_id="019c0000-0000-7000-8000-0000000000b7",
    sender="+13125550199",
    recipient="+13125550100",
    body="Yes, that works",
    occurred_at=datetime(2026, 1, 15, 10, 30, tzinfo=UTC),
)
SENT_ID = "019c0000-0000-7000-8000-0000000000a1"


def read(document: object, headers: dict[str, str] | None = None) -> Any:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    [event] = client.read(SignedRequest(headers or {}, body))
    return event


def inbound(**changes: Any) -> dict[str, Any]:
    fields = json.loads(INBOUND) | changes
    return {name: value for name, value in fields.items() if value != "gone"}


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (INBOUND, TEXT),
        (DELIVERED, Receipt(SENT_ID, "delivered", Rank.DELIVERED, recipient="+13125550199")),
        (
            FAILED,
            Receipt(SENT_ID, "failed", Rank.UNDELIVERED, recipient="+13125550199", code="40001"),
        ),
        (UNSUBSCRIBE, ConsentChange("+13125550199", None, opted_out=True)),
        (
            UNSUBSCRIBE.replace(b"UNSUBSCRIBE", b"SUBSCRIBE"),
            ConsentChange("+13125550199", None, opted_out=False),
        ),
    ],
    ids=["inbound", "delivered", "failed", "stop", "start"],
)
def test_a_documented_webhook_is_read(body: bytes, event: object) -> None:
    assert read(body) == event


def test_an_older_text_has_the_id_of_its_webhook_and_not_of_the_text_it_answers() -> None:
    assert read(OLDER_INBOUND, {"x-pingram-id": "evt-1"}).carrier_id == "evt-1"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Pingram-Id": ""},
        {"X-Pingram-Id": "two words"},
        {"X-Pingram-Id": "x" * 201},
        {"X-Pingram-Id": "019c0000-0000-7000-8000-0000000000b7"},  # its lastTrackingId
    ],
    ids=range(5),
)
def test_an_older_text_without_any_id_of_its_own_is_known_by_its_body(
    headers: dict[str, str],
) -> None:
    digest = hashlib.sha256(OLDER_INBOUND).hexdigest()
    assert read(OLDER_INBOUND, headers).carrier_id == f"smsinbox-{digest}"


def test_two_answers_to_one_text_stay_two() -> None:
    another = OLDER_INBOUND.replace(b"that works", b"at noon")
    assert read(OLDER_INBOUND).carrier_id != read(another).carrier_id


def test_an_id_that_is_the_last_texts_is_never_taken_whatever_it_is_called() -> None:
    document = inbound(lastTrackingId=TEXT.carrier_id)
    assert read(document, {"X-Pingram-Id": "evt-1"}).carrier_id == "evt-1"


@pytest.mark.parametrize("word", ["HELP", "STOP", "START", "help"])
def test_a_consent_word_in_a_text_is_answered_by_nobody_yet(word: str) -> None:
    event = read(inbound(text=word))
    assert (event.body, event.answered) == (word, "")


@pytest.mark.parametrize(
    ("media", "files"),
    [
        (None, ()),
        ([], ()),
        (
            [{"url": "https://m.test/1.jpg", "contentType": "image/jpeg"}],
            (Media("https://m.test/1.jpg", "image/jpeg"),),
        ),
        ([{"url": "https://m.test/1"}], (Media("https://m.test/1"),)),
        ([{"url": "https://m.test/1", "contentType": []}], (Media("https://m.test/1"),)),
        (
            [5, None, {}, {"url": 5}, {"url": ""}, {"url": "https://m.test/1"}],
            (Media("https://m.test/1"),),
        ),
        ("https://m.test/1", ()),
        ({"url": "https://m.test/1"}, ()),
    ],
    ids=range(8),
)
def test_pictures_are_read_and_a_strange_one_does_not_lose_the_text(
    media: object, files: tuple[Media, ...]
) -> None:
    event = read(inbound(media=media))
    assert (event.body, event.media) == (TEXT.body, files)


@pytest.mark.parametrize("text", ["gone", None, ""])
def test_a_picture_needs_no_text(text: str | None) -> None:
    event = read(inbound(text=text, media=[{"url": "https://m.test/1"}]))
    assert (event.body, len(event.media)) == ("", 1)


@pytest.mark.parametrize(
    ("code", "kept"),
    [("gone", None), (None, None), (40001, "40001"), ("Unknown", "Unknown"), ([], None)],
)
def test_a_failure_needs_no_code(code: object, kept: str | None) -> None:
    fields = json.loads(FAILED) | {"failureCode": code}
    document = {name: value for name, value in fields.items() if value != "gone"}
    assert read(document).code == kept


@pytest.mark.parametrize("user", ["user@example.com", "u1", "13125550199", "", None, 5, []])
def test_a_receipt_for_a_user_known_by_another_name_has_no_recipient(user: object) -> None:
    assert read(json.loads(DELIVERED) | {"userId": user}).recipient is None


@pytest.mark.parametrize("user", ["user@example.com", "u1", "13125550199", "", None, 5, [], "gone"])
def test_a_consent_of_nobody_knows_whom_is_unreadable_and_says_why(user: object) -> None:
    fields = json.loads(UNSUBSCRIBE) | {"userId": user}
    document = {name: value for name, value in fields.items() if value != "gone"}
    with pytest.raises(Unreadable, match="userId is no phone number") as caught:
        read(document)
    assert "example" not in str(caught.value)


def test_a_consent_with_a_number_of_ours_holds_for_that_one() -> None:
    event = read(json.loads(UNSUBSCRIBE) | {"to": "+13125550100"})
    assert event == ConsentChange("+13125550199", "+13125550100", opted_out=True)
