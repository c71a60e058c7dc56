"""Both sides of Trunx's dialect understand each other, whatever people write."""

from datetime import UTC, datetime, timedelta

import httpx
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import (
    Credentials,
    InboundText,
    OutboundText,
    Rank,
    Receipt,
    Reply,
)

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
receipts = st.builds(
    Receipt,
    carrier_id=ids,
    status=st.sampled_from(["sent", "delivered", "failed"]),
    rank=st.none(),
    sender=phones,
    recipient=phones,
    occurred_at=moments,
    code=st.none() | st.sampled_from(["30003", "landline"]),
    detail=st.none() | st.sampled_from(["The phone is off.", "No such number."]),
)


@given(st.builds(InboundText, ids, phones, phones, bodies, moments), accounts)
def test_an_announced_text_is_verified_and_read_as_it_was_written(
    text: InboundText, account: Credentials
) -> None:
    webhook = trunx.server.announce(text, account, clock.now())

    trunx.client.verify(webhook, account)
    [event] = trunx.client.read(webhook.body)

    expected = InboundText(
        text.carrier_id, text.sender, text.recipient, clean(text.body), text.occurred_at
    )
    assert event == expected


@given(receipts, accounts)
def test_an_announced_receipt_is_verified_and_read_with_its_rank(
    receipt: Receipt, account: Credentials
) -> None:
    webhook = trunx.server.announce(receipt, account, clock.now())

    trunx.client.verify(webhook, account)
    [event] = trunx.client.read(webhook.body)

    ranks = {"sent": Rank.SENT, "delivered": Rank.DELIVERED, "failed": Rank.UNDELIVERED}
    assert isinstance(event, Receipt)
    assert event.rank is ranks[receipt.status]
    assert (event.carrier_id, event.status) == (receipt.carrier_id, receipt.status)
    assert (event.sender, event.recipient) == (receipt.sender, receipt.recipient)
    assert (event.code, event.detail) == (receipt.code, receipt.detail)
    assert event.occurred_at == receipt.occurred_at


@given(phones, phones, bodies.filter(len), ids, accounts)
def test_what_we_send_is_what_a_server_accepts(
    sender: str, recipient: str, body: str, carrier_id: str, account: Credentials
) -> None:
    seen: list[OutboundText] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        assert request.url == "https://carrier.test/api/sms"
        assert request.headers["Authorization"] == f"Bearer {account.key}"
        seen.append(trunx.server.accept(request.content))
        return _http(trunx.server.answer(carrier_id))

    with httpx.Client(transport=httpx.MockTransport(carrier)) as http:
        accepted = trunx.client.send(OutboundText(sender, recipient, body), account, http)

    assert accepted.carrier_id == carrier_id
    assert seen == [OutboundText(sender, recipient, clean(body))]


def _http(reply: Reply) -> httpx.Response:
    return httpx.Response(reply.status, json=reply.body, headers=reply.headers)
