"""Both sides of Telnyx's dialect understand each other, whatever people write."""

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
    Asked,
    ConsentChange,
    Cost,
    Credentials,
    Event,
    InboundText,
    Media,
    OutboundText,
    Posting,
    Progress,
    Rank,
    Receipt,
    Taken,
)
from smsinbox.dialects.sides import Reply
from smsinbox.dialects.telnyx import DIALECT
from smsinbox.dialects.telnyx.words_delivery import TITLES

SECRETS = DIALECT.server.new_secrets()
PROGRAM = Credentials("https://carrier.test/v2", "KEY1", SECRETS.proves)
CARRIER = replace(PROGRAM, secret=SECRETS.signs)
PROFILED = replace(PROGRAM, settings={"messaging_profile_id": "4000eba1"})
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
TEXT = OutboundText("+13125550100", "+13125550199", "Hello")
TAKEN = Taken("m1", Asked(TEXT, kind="SMS"), NOON, "GSM-7", 1, cost=Cost(5100, "USD"))

phones = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
senders = phones | st.from_regex(r"[0-9]{5,6}", fullmatch=True) | st.sampled_from(["", "Shop 24"])
ids = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=200)
# Everything a string of ours can hold, lone surrogates and NUL included.
bodies = st.text(st.characters(exclude_categories=()), max_size=330)
urls = st.from_regex(r"https?://[a-z]{1,20}\.test/[!-~]{0,80}", fullmatch=True)
moments = st.integers(0, 4_000_000_000_000).map(
    lambda millis: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis)
)
media = st.builds(
    Media,
    url=urls,
    content_type=st.sampled_from(["", "image/png"]),
    size=st.none() | st.integers(0, 2**40),
    sha256=st.just("") | st.binary(min_size=32, max_size=32).map(bytes.hex),
)
texts = st.builds(
    InboundText,
    ids,
    phones,
    phones,
    bodies,
    moments,
    st.lists(media, max_size=3).map(tuple),
    st.sampled_from(["", "STOP", "START", "HELP"]),
)


def posting(**changes: Any) -> Posting:
    return replace(Posting("e1", "https://inbox.test/hooks", clock.now()), **changes)


def told(event: InboundText | Progress) -> tuple[Event, dict[str, Any]]:
    """What a program that verifies and reads our webhook learns; and the webhook itself."""
    webhook = DIALECT.server.announce(event, CARRIER, posting(attempt=2))
    assert webhook is not None
    DIALECT.client.verify(webhook, PROGRAM)
    [found] = DIALECT.client.read(webhook)
    return found, json.loads(webhook.body)


@given(texts)
def test_an_announced_text_is_verified_and_read_as_it_was_written(text: InboundText) -> None:
    event, document = told(text)
    assert event == replace(text, body=clean(text.body))
    assert document["data"]["id"] == "e1"
    assert document["meta"] == {"attempt": 2, "delivered_to": "https://inbox.test/hooks"}


@given(
    ids,
    senders.filter(bool),
    phones,
    bodies,
    moments,
    st.sampled_from([Rank.SENT, Rank.DELIVERED, Rank.UNDELIVERED, Rank.UNCONFIRMED]),
    st.none() | st.builds(Cost, st.integers(0, 10**12), st.sampled_from(["USD", "EUR"])),
    st.integers(1, 10),
)
def test_announced_progress_is_verified_and_read_with_its_rank(
    carrier_id: str,
    sender: str,
    recipient: str,
    body: str,
    at: datetime,
    rank: Rank,
    cost: Cost | None,
    segments: int,
) -> None:
    asked = Asked(OutboundText(sender, recipient, body))
    taken = Taken(carrier_id, asked, at, "UCS-2", segments, cost=cost)
    event, _ = told(Progress(taken, rank, at))
    assert isinstance(event, Receipt)
    assert (event.carrier_id, event.rank, event.occurred_at) == (carrier_id, rank, at)
    assert (event.sender, event.recipient) == (sender, recipient)
    assert (event.cost, event.segments) == (cost, segments)


@pytest.mark.parametrize(
    ("rank", "name", "changes"),
    [
        (
            Rank.SENT,
            "message.sent",
            {"sent_at": "2026-03-09T12:00:05.000Z", "valid_until": "2026-03-09T13:00:00.000Z"},
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
    times = {"sent_at": None, "completed_at": None, "valid_until": None} | changes
    assert document["data"]["event_type"] == name
    assert {name: payload[name] for name in times} == times
    assert payload["direction"] == "outbound"


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


@pytest.mark.parametrize(
    "event",
    [
        Progress(TAKEN, Rank.NONE, NOON),
        Progress(TAKEN, Rank.QUEUED, NOON),
        ConsentChange("+13125550199", None, True),
    ],
)
def test_telnyx_posts_nothing_of_queues_and_consent(event: Progress | ConsentChange) -> None:
    assert DIALECT.server.announce(event, CARRIER, posting()) is None


@given(
    senders,
    phones,
    bodies,
    st.lists(urls, max_size=10).map(tuple),
    bodies,
    st.just("") | urls,
    ids,
)
def test_what_we_send_is_what_a_server_accepts(
    sender: str,
    recipient: str,
    body: str,
    files: tuple[str, ...],
    subject: str,
    webhook_url: str,
    carrier_id: str,
) -> None:
    files = () if sender == "Shop 24" else files  # a name sends no files
    body = body or ("" if files else "x")
    text = OutboundText(sender, recipient, body, files, subject, webhook_url, reference="r1")
    seen: list[Asked] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        assert request.url.path in DIALECT.server.SEND_PATHS
        assert request.headers["Authorization"] == f"Bearer {PROGRAM.key}"
        seen.append(DIALECT.server.accept(request.url.path, request.content))
        taken = Taken(carrier_id, seen[0], NOON, "GSM-7", 3, cost=Cost(5100, "USD"))
        return _http(DIALECT.server.answer(taken))

    with httpx.Client(transport=httpx.MockTransport(carrier)) as http:
        accepted = DIALECT.client.send(text, PROFILED, http)

    assert (accepted.carrier_id, accepted.cost) == (carrier_id, Cost(5100, "USD"))
    assert accepted.segments == 3
    [asked] = seen
    assert asked == Asked(
        OutboundText(sender, recipient, clean(body), files, clean(subject)),
        kind="MMS" if files else "SMS",
        profile="4000eba1",
        webhook_urls=(webhook_url,) if webhook_url else (),
    )


def _http(reply: Reply) -> httpx.Response:
    return httpx.Response(reply.status, json=reply.body, headers=reply.headers)
