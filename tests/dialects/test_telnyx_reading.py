"""What Telnyx posts is read generously, and what cannot be read says so in one way only."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from smsinbox.dialects.base import InboundText, Media, SignedRequest, Unknown
from smsinbox.dialects.telnyx import client

RECEIVED = b"""{"data":{"event_type":"message.received","id":"8f0f1a55-4f0c-4a21-9f2a-3e5d5b0d7c01","occurred_at":"2026-01-15T20:16:07.588+00:00","record_type":"event",
 "payload":{"record_type":"message","direction":"inbound","id":"c2f7a1de-0a4d-4b0b-8a5e-6c1e2d3f4a55","type":"SMS","messaging_profile_id":"740572b6-0000-4000-8000-000000000001","organization_id":"47a530f8-0000-4000-8000-000000000001",
  "from":{"phone_number":"+13125550199","carrier":"Example Wireless","line_type":"Wireless"},"to":[{"phone_number":"+13125550100","carrier":"Telnyx","line_type":"Wireless","status":"webhook_delivered"}],"cc":[],
  "text":"Where is my order?","media":[],"encoding":"GSM-7","parts":1,"tags":[],"cost":{"amount":"0.0000","currency":"USD"},"received_at":"2026-01-15T20:16:07.503+00:00","sent_at":null,"completed_at":null,"valid_until":null,"errors":[],"webhook_url":"https://inbox.example.test/hooks/telnyx","webhook_failover_url":null}},
 "meta":{"attempt":1,"delivered_to":"https://inbox.example.test/hooks/telnyx"}}"""  # noqa: E501
URL = "https://media.example.test/1"
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def read_bytes(body: bytes) -> Any:
    [event] = client.read(SignedRequest({}, body))
    return event


def read(event: str = "message.received", /, **changes: Any) -> Any:
    document = json.loads(RECEIVED)
    document["data"]["payload"] |= changes
    document["data"]["event_type"] = event
    return read_bytes(json.dumps(document).encode())


def test_the_documented_inbound_text_is_read() -> None:
    assert read_bytes(RECEIVED) == InboundText(
        carrier_id="c2f7a1de-0a4d-4b0b-8a5e-6c1e2d3f4a55",
        sender="+13125550199",
        recipient="+13125550100",
        body="Where is my order?",
        occurred_at=datetime(2026, 1, 15, 20, 16, 7, 588000, tzinfo=UTC),
    )


@pytest.mark.parametrize("event", ["message.sent", "message.finalized"])
def test_a_report_about_an_inbound_text_is_none_about_a_text_of_ours(event: str) -> None:
    assert read(event) == Unknown(event, is_known=True)


@pytest.mark.parametrize("change", [{"direction": "outbound"}, {"type": "RCS"}])
def test_what_was_received_but_is_no_text_to_us_is_not_followed(change: dict[str, Any]) -> None:
    assert read(**change) == Unknown("message.received", is_known=True)


def test_a_spend_limit_is_an_event_we_do_not_follow() -> None:
    body = {
        "data": {
            "event_type": "messaging-profile.spend-limit-reached",
            "payload": {"configured_limit": "5.00", "current_cost": "5.01", "profile_id": "p1"},
        }
    }
    found = read_bytes(json.dumps(body).encode())
    assert found == Unknown("messaging-profile.spend-limit-reached")


@pytest.mark.parametrize("sender", ["+13125550199", {"phone_number": "+13125550199"}])
def test_a_sender_may_be_an_object_or_a_bare_string(sender: object) -> None:
    assert read(**{"from": sender}).sender == "+13125550199"


@pytest.mark.parametrize("name", ["sha256", "hash_sha256"])
def test_the_files_of_an_mms_are_read_whatever_their_hash_is_called(name: str) -> None:
    file = {"url": URL, "content_type": "image/png", "size": 61_440, name: SHA.upper()}
    text = read(type="MMS", text=None, media=[file])
    assert (text.body, text.media) == ("", (Media(URL, "image/png", 61_440, SHA),))


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        ({"url": URL}, (Media(URL),)),
        ({"url": URL, "content_type": 5, "size": "5", "sha256": "no"}, (Media(URL),)),
        ({"url": URL, "size": -1, "hash_sha256": []}, (Media(URL),)),
        ({"url": URL, "size": 2**80}, (Media(URL),)),
        ({"url": None}, ()),
        ({"url": ""}, ()),
        ({}, ()),
        (URL, ()),
        (None, ()),
    ],
)
def test_a_strange_file_does_not_lose_the_text(file: object, kept: tuple[Media, ...]) -> None:
    text = read(media=[file])
    assert (text.body, text.media) == ("Where is my order?", kept)


@pytest.mark.parametrize("media", [None, 5, "x", {}])
def test_strange_files_do_not_lose_the_text(media: object) -> None:
    assert read(media=media).media == ()


def test_the_subject_of_an_mms_without_text_is_its_text() -> None:
    assert read(type="MMS", text=None, subject="Look!").body == "Look!"


@pytest.mark.parametrize(
    ("word", "answered"),
    [("STOP", "STOP"), ("start", "START"), ("HELP ", "HELP"), (None, ""), ([], ""), ("", "")],
)
def test_a_consent_word_that_telnyx_answered_is_known(word: object, answered: str) -> None:
    assert read(text="Stop", autoresponse_type=word).answered == answered
