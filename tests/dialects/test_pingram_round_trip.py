"""Both sides of Pingram's dialect understand each other, whatever people write."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Announcement,
    Asked,
    ConsentChange,
    Credentials,
    InboundText,
    Media,
    OutboundText,
    Posting,
    Progress,
    Rank,
    Receipt,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.errors import (
    CarrierError,
    Misconfigured,
    OptedOut,
    Reason,
    Refusal,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsinbox.dialects.pingram import DIALECT
from smsinbox.dialects.sides import Reply

pingram = DIALECT
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
ACCOUNT = Credentials("https://carrier.test", "pingram_sk_1", "pingram_whsecret_1", {})

phones = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
ids = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=200)
# Everything a string of ours can hold, lone surrogates and NUL included.
bodies = st.text(st.characters(exclude_categories=()), max_size=1600)
moments = st.integers(0, 4_000_000_000_000).map(
    lambda millis: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis)
)
urls = st.from_regex(r"https://m\.test/[a-z0-9]{1,20}", fullmatch=True)
media = st.lists(st.builds(Media, urls, st.sampled_from(["", "image/png"])), max_size=3).map(tuple)
accounts = st.builds(
    Credentials,
    base_url=st.just("https://carrier.test/"),
    key=st.from_regex(r"pingram_sk_[a-z0-9]{1,20}", fullmatch=True),
    secret=st.text(min_size=1, max_size=60),
    settings=st.sampled_from([{}, {"notification_type": "billing"}]),
)


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


@given(st.builds(InboundText, ids, phones, phones, bodies, moments, media), accounts)
def test_an_announced_text_is_verified_and_read_as_it_was_written(
    text: InboundText, account: Credentials
) -> None:
    webhook = announce(text, account)

    pingram.client.verify(webhook, account)
    [event] = pingram.client.read(webhook)

    assert event == InboundText(
        text.carrier_id,
        text.sender,
        text.recipient,
        clean(text.body),
        text.occurred_at,
        text.media,
    )


@given(
    ids,
    phones,
    st.sampled_from([Rank.DELIVERED, Rank.UNDELIVERED]),
    st.sampled_from(["", "40001", "Unknown"]),
    accounts,
)
def test_an_announced_outcome_is_verified_and_read_with_its_rank(
    carrier_id: str, recipient: str, rank: Rank, code: str, account: Credentials
) -> None:
    webhook = announce(Progress(taken(carrier_id, recipient), rank, NOON, code), account)

    pingram.client.verify(webhook, account)
    [event] = pingram.client.read(webhook)

    failed = rank is Rank.UNDELIVERED
    assert event == Receipt(
        carrier_id,
        "failed" if failed else "delivered",
        rank,
        recipient=recipient,
        code=(code or "Unknown") if failed else None,
    )


@given(st.builds(ConsentChange, phones, st.none() | phones, st.booleans()), ids, accounts)
def test_an_announced_consent_is_verified_and_read(
    change: ConsentChange, event_id: str, account: Credentials
) -> None:
    webhook = announce(change, account, event_id)

    pingram.client.verify(webhook, account)

    assert pingram.client.read(webhook) == [replace(change, event_id=event_id)]


@pytest.mark.parametrize("rank", [Rank.NONE, Rank.QUEUED, Rank.SENT, Rank.UNCONFIRMED])
def test_what_pingram_has_no_event_for_is_not_announced(rank: Rank) -> None:
    posting = Posting("evt-1", "https://program.test/", NOON)
    assert pingram.server.announce(Progress(taken(), rank, NOON), ACCOUNT, posting) is None


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


@given(phones | st.just(""), phones, bodies.filter(len), st.lists(urls, max_size=3), ids, accounts)
def test_what_we_send_is_what_a_server_accepts(
    sender: str, recipient: str, body: str, files: list[str], carrier_id: str, account: Credentials
) -> None:
    seen: list[Asked] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        key = pingram.server.key_of(SignedRequest(request.headers, b""))
        assert (request.url.path, key) == ("/sms", account.key)
        seen.append(pingram.server.accept(request.url.path, request.content))
        return _http(pingram.server.answer(Taken(carrier_id, seen[0], NOON, "gsm7", 1)))

    with httpx.Client(transport=httpx.MockTransport(carrier)) as http:
        text = OutboundText(sender, recipient, body, tuple(files))
        accepted = pingram.client.send(text, account, http)

    assert accepted.carrier_id == carrier_id
    kind = account.settings.get("notification_type", "support_reply")
    assert seen == [Asked(OutboundText(sender, recipient, clean(body), tuple(files)), kind=kind)]


_KINDS: dict[Reason, type[CarrierError]] = dict.fromkeys(Reason, Rejected) | {
    Reason.UNAUTHORIZED: Misconfigured,
    Reason.FORBIDDEN: Misconfigured,
    Reason.NOT_FOUND: Misconfigured,
    Reason.QUOTA: Misconfigured,
    Reason.OPTED_OUT: OptedOut,
    Reason.RATE: Unavailable,
    Reason.UNAVAILABLE: Unavailable,
    Reason.INTERNAL: Uncertain,
}


@pytest.mark.parametrize("reason", Reason)
def test_our_no_is_understood_as_it_was_meant(reason: Reason) -> None:
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
    assert type(caught.value) is _KINDS[reason]
    assert error["fix"] in caught.value.detail


def _http(reply: Reply) -> httpx.Response:
    return httpx.Response(reply.status, json=reply.body, headers=reply.headers)
