"""Both sides of Pingram's dialect understand each other, whatever people write."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core import clock
from smsinbox.dialects.base import (
    Announcement,
    Asked,
    ConsentChange,
    Credentials,
    InboundText,
    OutboundText,
    Posting,
    Progress,
    Rank,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.errors import (
    CarrierError,
    Reason,
    Refusal,
)
from smsinbox.dialects.pingram import DIALECT
from smsinbox.dialects.sides import Reply
from tests.dialects.cases import CASES
from tests.dialects.cases.strategies import ids, phones

pingram = DIALECT
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
accounts = CASES["pingram"].talks.accounts
ACCOUNT = Credentials("https://carrier.test", "pingram_sk_1", "pingram_whsecret_1", {})


def announce(
    event: Announcement, account: Credentials = ACCOUNT, event_id: str = "evt-1", attempt: int = 1
) -> SignedRequest:
    posting = Posting(event_id, "https://program.test/", clock.now(), attempt)
    webhook = pingram.server.announce(event, account, posting)
    assert webhook is not None
    return webhook


def taken(carrier_id: str = "m1", recipient: str = "+13125550199", kind: str = "otp") -> Taken:
    text = OutboundText("+13125550100", recipient, "Hi")
    return Taken(carrier_id, Asked(text, kind=kind), NOON, "gsm7", 1)


@given(
    st.builds(ConsentChange, phones, st.none() | phones, st.booleans()),
    ids,
    CASES["pingram"].talks.accounts,
)
def test_an_announced_consent_is_verified_and_read(
    change: ConsentChange, event_id: str, account: Credentials
) -> None:
    webhook = announce(change, account, event_id)

    pingram.client.verify(webhook, account)

    assert pingram.client.read(webhook) == [replace(change, event_id=event_id)]


TEXT = InboundText("in-1", "+13125550199", "+13125550100", "Hi", NOON)
STOP = ConsentChange("+13125550199", None, opted_out=True)


@pytest.mark.parametrize(
    ("event", "tracking_id"),
    [(TEXT, "in-1"), (Progress(taken(), Rank.DELIVERED, NOON), "m1"), (STOP, "evt-1")],
    ids=["text", "delivered", "stop"],
)
def test_a_webhooks_id_is_its_tracking_id_and_the_events_own_is_beside_it(
    event: Announcement, tracking_id: str
) -> None:
    webhook = announce(event)
    document = json.loads(webhook.body)
    assert webhook.header("X-Pingram-Id") == document["trackingId"] == tracking_id
    assert document["eventId"] == "evt-1"


def test_another_try_has_the_same_id_and_body() -> None:
    first, second = announce(TEXT), announce(TEXT, attempt=2)
    assert first.body == second.body
    assert first.header("X-Pingram-Id") == second.header("X-Pingram-Id")


@pytest.mark.parametrize(("kind", "expected"), [("otp", "otp"), ("", "support_reply")])
def test_a_receipt_names_the_type_that_its_text_was_sent_with(kind: str, expected: str) -> None:
    webhook = announce(Progress(taken(kind=kind), Rank.DELIVERED, NOON))
    assert json.loads(webhook.body)["notificationId"] == expected


@pytest.mark.parametrize("reason", [Reason.BAD_RECIPIENT, Reason.QUOTA, Reason.OPTED_OUT])
def test_our_no_is_told_with_its_fix(reason: Reason) -> None:
    reply = pingram.server.refuse(Refusal(reason, "Because.", retry_after=7))

    def carrier(_request: httpx.Request) -> httpx.Response:
        return _http(reply)

    text = OutboundText("", "+13125550199", "Hi")
    with (
        httpx.Client(transport=httpx.MockTransport(carrier)) as http,
        pytest.raises(CarrierError) as caught,
    ):
        pingram.client.send(text, ACCOUNT, http)

    error: Any = reply.body["error"]
    assert error["fix"] in caught.value.detail


def _http(reply: Reply) -> httpx.Response:
    return httpx.Response(reply.status, json=reply.body, headers=reply.headers)
