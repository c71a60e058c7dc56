"""Both sides of Trunx's dialect understand each other, whatever people write."""

from datetime import UTC, datetime, timedelta

import httpx
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import (
    Asked,
    ConsentChange,
    Credentials,
    InboundText,
    OutboundText,
    Posting,
    Progress,
    Rank,
    Receipt,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.sides import Reply

trunx = DIALECTS["trunx"]

phones = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
ids = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=200)
# Everything a string of ours can hold, lone surrogates and NUL included.
bodies = st.text(st.characters(exclude_categories=()), max_size=1600)
moments = st.integers(0, 4_000_000_000_000).map(
    lambda millis: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis)
)
recipes = st.fixed_dictionaries(
    {
        "signature_header": st.sampled_from(["", "X-Trunx-Signature", "x-signed-by"]),
        "signature_prefix": st.sampled_from(["", "sha256=", "v1="]),
        "signature_encoding": st.sampled_from(["", "hex", "base64"]),
        "timestamp_header": st.sampled_from(["", "X-Trunx-Timestamp"]),
    }
)
accounts = st.builds(
    Credentials,
    base_url=st.just("https://carrier.test/"),
    key=st.from_regex(r"tk_test_[a-z0-9]{1,20}", fullmatch=True),
    secret=st.text(min_size=1, max_size=60),
    settings=recipes,
)
taken = st.builds(
    Taken,
    carrier_id=ids,
    asked=st.builds(Asked, st.builds(OutboundText, phones, phones, bodies)),
    at=moments,
    encoding=st.just("GSM-7"),
    segments=st.just(1),
)
progress = st.builds(
    Progress,
    taken=taken,
    rank=st.sampled_from([Rank.SENT, Rank.DELIVERED, Rank.UNDELIVERED]),
    occurred_at=moments,
    code=st.sampled_from(["", "30003", "landline"]),
    detail=st.sampled_from(["", "The phone is off.", "No such number."]),
)


def posting() -> Posting:
    return Posting("event-1", "https://inbox.test/webhooks", clock.now())


@given(st.builds(InboundText, ids, phones, phones, bodies, moments), accounts)
def test_an_announced_text_is_verified_and_read_as_it_was_written(
    text: InboundText, account: Credentials
) -> None:
    webhook = trunx.server.announce(text, account, posting())
    assert webhook is not None

    trunx.client.verify(webhook, account)
    [event] = trunx.client.read(webhook)

    expected = InboundText(
        text.carrier_id, text.sender, text.recipient, clean(text.body), text.occurred_at
    )
    assert event == expected


@given(progress, accounts)
def test_announced_progress_is_verified_and_read_as_a_receipt_with_its_rank(
    progress: Progress, account: Credentials
) -> None:
    webhook = trunx.server.announce(progress, account, posting())
    assert webhook is not None

    trunx.client.verify(webhook, account)
    [event] = trunx.client.read(webhook)

    assert isinstance(event, Receipt)
    assert event.rank is progress.rank
    assert event.carrier_id == progress.taken.carrier_id
    text = progress.taken.text
    assert (event.sender, event.recipient) == (text.sender, text.recipient)
    assert (event.code, event.detail) == (progress.code or None, progress.detail or None)
    assert event.occurred_at == progress.occurred_at


@given(phones, phones, bodies.filter(len), taken, accounts)
def test_what_we_send_is_what_a_server_accepts(
    sender: str, recipient: str, body: str, taken: Taken, account: Credentials
) -> None:
    seen: list[Asked] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        assert request.url == "https://carrier.test/api/sms"
        asked_by = SignedRequest(dict(request.headers), b"")
        assert trunx.server.key_of(asked_by) == account.key
        seen.append(trunx.server.accept(request.url.path, request.content))
        return _http(trunx.server.answer(taken))

    with httpx.Client(transport=httpx.MockTransport(carrier)) as http:
        accepted = trunx.client.send(OutboundText(sender, recipient, body), account, http)

    assert accepted.carrier_id == taken.carrier_id
    assert [asked.text for asked in seen] == [OutboundText(sender, recipient, clean(body))]


def test_a_carrier_that_publishes_no_consent_event_announces_none() -> None:
    account = Credentials("", "", "whsec_1")
    change = ConsentChange("+13125550199", "+13125550100", opted_out=True)
    assert trunx.server.announce(change, account, posting()) is None


def _http(reply: Reply) -> httpx.Response:
    return httpx.Response(reply.status, json=reply.body, headers=reply.headers)
