"""Telnyx's row in the contract tests."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

import httpx
from hypothesis import strategies as st
from nacl.signing import SigningKey

from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Asked,
    Cost,
    Credentials,
    Happening,
    InboundText,
    OutboundText,
    Progress,
    Rank,
    Receipt,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.errors import (
    Misconfigured,
    OptedOut,
    Reason,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsinbox.dialects.telnyx import DIALECT, outcome, wire
from tests.dialects.cases import strategies as some
from tests.dialects.cases.case import BEARER, Case, Proof, Reads, Sends, Serves, Talks
from tests.dialects.cases.telnyx_codes import CODES

TEXT = b"""{"data":{"event_type":"message.received","id":"8f0f1a55-4f0c-4a21-9f2a-3e5d5b0d7c01","occurred_at":"2026-01-15T20:16:07.588+00:00","record_type":"event",
 "payload":{"record_type":"message","direction":"inbound","id":"c2f7a1de-0a4d-4b0b-8a5e-6c1e2d3f4a55","type":"SMS","messaging_profile_id":"740572b6-0000-4000-8000-000000000001","organization_id":"47a530f8-0000-4000-8000-000000000001",
  "from":{"phone_number":"+13125550199","carrier":"Example Wireless","line_type":"Wireless"},"to":[{"phone_number":"+13125550100","carrier":"Telnyx","line_type":"Wireless","status":"webhook_delivered"}],"cc":[],
  "text":"Where is my order?","media":[],"encoding":"GSM-7","parts":1,"tags":[],"cost":{"amount":"0.0000","currency":"USD"},"received_at":"2026-01-15T20:16:07.503+00:00","sent_at":null,"completed_at":null,"valid_until":null,"errors":[],"webhook_url":"https://inbox.example.test/hooks/telnyx","webhook_failover_url":null}},
 "meta":{"attempt":1,"delivered_to":"https://inbox.example.test/hooks/telnyx"}}"""  # noqa: E501
RECEIPT = b'{"data":{"event_type":"message.sent","payload":{"id":"m1"}}}'
PROFILE = "4000eba1"
EVENTS = "message.received message.sent message.finalized".split()
FIELDS = "id from to text subject media cost parts errors direction type autoresponse_type sent_at"

READS = Reads(
    text=TEXT,
    words=b"Where is my order?",
    receipt=RECEIPT,
    ids=((TEXT, "data.payload.id"), (RECEIPT, "data.payload.id")),
    receipt_id="data.payload.id",
    numbers=("data.payload.from", "data.payload.to"),
    strings=("data.payload.id",),
    times=("data.occurred_at", "data.payload.received_at"),
    hostile=(
        b'{"data":null}',
        b'{"data":[]}',
        b'{"data":{}}',
        b'{"data":{"event_type":null}}',
        b'{"data":{"event_type":""}}',
        b'{"data":{"event_type":"message.received"}}',
        b'{"data":{"event_type":"message.sent","payload":[]}}',
        b'{"data":' * 200_000,
    ),
    unfollowed={
        b'{"data":{"event_type":"%s","payload":%s}}' % (name, payload): name.decode()
        for name in (b"call.initiated", b"message.queued", b"10dlc.campaign", b"*")
        for payload in (b"null", b"5", b"[]", b"{}", b'{"id":5}')
    },
    posted=some.written(
        st.builds(
            lambda event, payload: {"data": {"event_type": event, "payload": payload}},
            st.sampled_from(EVENTS) | some.json_values,
            some.json_values | some.fields(FIELDS.split(), "m1", "+13125550199"),
        )
    ),
)

# The pair of a fixed seed, and what it signed: the known vector.
SEED = bytes(range(32))
PUBLIC_KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
SIGNED_AT = 1767225600
SIGNATURE = (
    "7w72K8I6BugPv28pkQLy+qHqf+DeHACxMLnWd9TrOGB/n6Spw88hngAF0PwPJw+xvIs3L3GapyVUE4XqD1opBA=="
)


def headers(signature: str, stamp: str) -> dict[str, str]:
    return {"Telnyx-Signature-ED25519": signature, "telnyx-TIMESTAMP": stamp}


def sign(body: bytes, stamp: str, secret: str) -> SignedRequest:
    """With the known pair, or one that grows from another secret."""
    seed = SEED if secret == PUBLIC_KEY else secret.encode().ljust(32, b".")[:32]
    proof = SigningKey(seed).sign(stamp.encode() + b"|" + body).signature
    return SignedRequest(headers(b64encode(proof).decode(), stamp), body)


PROOF = Proof(
    vector=SignedRequest(headers(SIGNATURE, str(SIGNED_AT)), b'{"a":1}'),
    account=Credentials("", "KEY1", PUBLIC_KEY),
    signed_at=SIGNED_AT,
    sign=sign,
    signature="telnyx-signature-ed25519",
    headers=("telnyx-signature-ed25519", "telnyx-timestamp"),
    keyless="public key is missing",
)


def problems(status: int, code: str) -> tuple[httpx.Response, ...]:
    error = {"code": code, "title": "No", "detail": "Because."}
    return (httpx.Response(status, json={"errors": [error]}),)


SENDS = Sends(
    accepted=lambda carrier_id: {"data": {"id": carrier_id}},
    strange=(
        {"json": {"id": "m1"}},
        {"json": {"data": None}},
        {"json": {"data": {}}},
        {"json": {"errors": [{"code": "40300", "title": "Blocked due to STOP message"}]}},
    ),
    problems=problems,
    codes=CODES,
    judged=outcome.BY_CODE,
    codeless=('{"errors":5}', '{"errors":[5,{}]}'),
    conflict=(Uncertain, "strange-answer"),
    explained=("10037", "bad-request"),
)

ASKED = (
    "to from text messaging_profile_id subject media_urls webhook_url webhook_failover_url "
    "use_profile_webhooks type auto_detect send_at encoding"
)

SERVES = Serves(
    fields={"from": "+13125550100", "to": "+13125550199", "text": "Hello"},
    sender="from",
    words="text",
    media="media_urls",
    keys=BEARER,
    refusals={
        Reason.BAD_REQUEST: (400, "10015"),
        Reason.BAD_VALUE: (422, "10027"),
        Reason.BAD_SENDER: (400, "40305"),
        Reason.BAD_RECIPIENT: (400, "40310"),
        Reason.NO_CONTENT: (400, "40316"),
        Reason.TOO_LONG: (400, "40302"),
        Reason.TOO_MANY_PARTS: (400, "40328"),
        Reason.BAD_MEDIA: (400, "40317"),
        Reason.NO_MEDIA: (400, "40308"),
        Reason.UNAUTHORIZED: (401, "10009"),
        Reason.FORBIDDEN: (403, "10010"),
        Reason.NOT_FOUND: (404, "10005"),
        Reason.CONFLICT: (422, "10012"),
        Reason.TOO_LATE: (422, "10027"),
        Reason.OPTED_OUT: (403, "40300"),
        Reason.CONTENT: (400, "40322"),
        Reason.UNHEALTHY: (400, "40315"),
        Reason.QUOTA: (429, "40333"),
        Reason.RATE: (429, "10011"),
        Reason.INTERNAL: (500, "10007"),
        Reason.UNAVAILABLE: (503, "10037"),
    },
    code=lambda reply: reply.body["errors"][0]["code"],  # type: ignore[index]
    understood=dict.fromkeys(Reason, Rejected)
    | {
        Reason.UNAUTHORIZED: Misconfigured,
        Reason.FORBIDDEN: Misconfigured,
        Reason.NOT_FOUND: Misconfigured,
        Reason.QUOTA: Misconfigured,
        Reason.CONFLICT: Uncertain,
        Reason.OPTED_OUT: OptedOut,
        Reason.RATE: Unavailable,
        Reason.INTERNAL: Uncertain,
        Reason.UNAVAILABLE: Unavailable,
    },
    asked=st.tuples(
        st.sampled_from([*DIALECT.server.SEND_PATHS, "", "/elsewhere"]),
        some.written(some.fields(ASKED.split(), "+13125550199", "+13125550100")),
    ),
    too_long=1530,
)

_STATUSES = {
    Rank.SENT: "sent",
    Rank.DELIVERED: "delivered",
    Rank.UNDELIVERED: "delivery_failed",
    Rank.UNCONFIRMED: "delivery_unconfirmed",
}


def receipt(progress: Progress) -> Receipt:
    failed = progress.rank is Rank.UNDELIVERED
    return Receipt(
        progress.taken.carrier_id,
        _STATUSES[progress.rank],
        progress.rank,
        progress.taken.text.sender,
        progress.taken.text.recipient,
        progress.occurred_at,
        "40008" if failed else None,
        "Undeliverable" if failed else None,
        progress.taken.cost,
        progress.taken.segments,
    )


def taken(text: OutboundText, _account: Credentials) -> Asked:
    return Asked(
        OutboundText(
            text.sender, text.recipient, clean(text.body), text.media_urls, clean(text.subject)
        ),
        kind="MMS" if text.media_urls else "SMS",
        profile=PROFILE,
        webhook_urls=(text.webhook_url,) if text.webhook_url else (),
    )


def name(document: dict[str, Any]) -> str:
    return str(document["data"]["event_type"])


senders = some.phones | st.sampled_from(["12345", "123456", "", "Shop 24"])
costs = st.none() | st.builds(Cost, st.integers(0, 10**12), st.sampled_from(["USD", "EUR"]))
sending = st.builds(
    OutboundText,
    senders,
    some.phones,
    some.bodies,
    st.lists(some.urls, max_size=10).map(tuple),
    some.bodies,
    st.just("") | some.urls,
    reference=st.just("r1"),
).map(
    lambda text: replace(
        text,
        body=text.body or "x",
        media_urls=() if text.sender == "Shop 24" else text.media_urls,  # a name sends no files
    )
)

TALKS = Talks(
    accounts=st.just(
        Credentials(
            "https://carrier.test/v2", "KEY1", PUBLIC_KEY, {"messaging_profile_id": PROFILE}
        )
    ),
    texts=st.builds(
        InboundText,
        some.ids,
        some.phones,
        some.phones,
        some.bodies,
        some.moments,
        st.lists(some.files, max_size=3).map(tuple),
        st.sampled_from(["", "STOP", "START", "HELP"]),
    ),
    progress=st.builds(
        Progress,
        st.builds(
            Taken,
            some.ids,
            st.builds(
                Asked, st.builds(OutboundText, senders.filter(bool), some.phones, some.bodies)
            ),
            some.moments,
            st.just("UCS-2"),
            st.integers(1, 10),
            cost=costs,
        ),
        st.sampled_from(list(_STATUSES)),
        some.moments,
    ),
    receipt=receipt,
    sending=sending,
    taken=taken,
    announces={
        Happening.RECEIVED: "message.received",
        Happening.SENT: "message.sent",
        Happening.UNCONFIRMED: "message.finalized",
        Happening.FAILED: "message.finalized",
        Happening.DELIVERED: "message.finalized",
    },
    silent=(Rank.NONE, Rank.QUEUED),
    name=name,
    url="https://carrier.test" + wire.MESSAGES,
    signs=b64encode(SEED).decode(),
)

CASE = Case(DIALECT, READS, PROOF, SENDS, SERVES, TALKS)
