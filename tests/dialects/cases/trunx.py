"""Trunx's row in the contract tests."""

import hashlib
import hmac
from dataclasses import replace
from typing import Any

import httpx
from hypothesis import strategies as st

from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Asked,
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
from smsinbox.dialects.trunx import DIALECT, outcome
from tests.dialects.cases import strategies as some
from tests.dialects.cases.case import BEARER, Case, Proof, Reads, Sends, Serves, Talks

TEXT = (
    b'{"event":"sms.received","data":{"id":"a1b2c3d4-e5f6-7890-abcd-ef1234567890",'
    b'"from":"+13125550199","to":"+13125550100","message":"Yes, I\'ll be there.",'
    b'"direction":"inbound","created_at":"2026-03-09T16:05:00.000Z"}}'
)
RECEIPT = b'{"event":"sms.sent","data":{"id":"m1"}}'
EVENTS = "sms.received sms.sent sms.failed".split()
PROBLEM = "https://api.trunx.io/errors/"

READS = Reads(
    text=TEXT,
    words=b"Yes, I'll be there.",
    receipt=RECEIPT,
    ids=((TEXT, "data.id"), (RECEIPT, "data.id")),
    receipt_id="data.id",
    numbers=("data.from", "data.to"),
    strings=("data.id", "data.message"),
    times=("data.created_at",),
    hostile=(
        b'"sms.received"',
        b'{"event":null}',
        b'{"event":""}',
        b'{"event":5,"data":{}}',
        b'{"event":"sms.received"}',
        b'{"event":"sms.received","data":[]}',
        b'{"event":"sms.sent","data":"x"}',
        b"sms.received=1",
    ),
    unfollowed={
        b'{"event":"%s","data":null}' % name: name.decode()
        for name in (b"voice.started", b"sms.queued", b"campaign.done", b"*")
    },
    posted=some.written(
        st.fixed_dictionaries(
            {
                "event": st.sampled_from(["sms.received", "sms.sent", "sms.failed"])
                | some.json_values
            },
            optional={
                "data": some.json_values
                | some.fields("id from to message error created_at".split(), "m1", "+13125550199")
            },
        )
    ),
)


def sign(body: bytes, stamp: str, secret: str) -> SignedRequest:
    """As an account that has chosen a timestamp is signed for."""
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return SignedRequest({"X-Trunx-Signature": digest, "X-Trunx-Timestamp": stamp}, body)


SIGNED_AT = 1773057600
PROOF = Proof(
    vector=sign(TEXT, str(SIGNED_AT), "whsec_first"),
    account=Credentials("", "tk_test_1", "whsec_first", {"timestamp_header": "X-Trunx-Timestamp"}),
    signed_at=SIGNED_AT,
    sign=sign,
    signature="x-trunx-signature",
    headers=("X-Trunx-Signature", "X-Trunx-Timestamp"),
)


def problems(status: int, code: str) -> tuple[httpx.Response, ...]:
    body = {"type": PROBLEM + code, "title": "No", "status": status, "detail": "Because."}
    return (httpx.Response(status, json=body),)


SENDS = Sends(
    accepted=lambda carrier_id: {"id": carrier_id, "status": "queued"},
    strange=(
        {"json": {"error": {"code": "x"}}},
        {"json": {"type": PROBLEM + "dnc-blocked"}},
    ),
    problems=problems,
    codes={
        "dnc-blocked": OptedOut,
        "content-blocked": Rejected,
        "tcpa-blocked": Rejected,
        "validation-error": Rejected,
        "bad-request": Rejected,
        "not-found": Rejected,
        "conflict": Rejected,
        "unauthorized": Misconfigured,
        "forbidden": Misconfigured,
        "rate-limited": Unavailable,
    },
    judged=outcome.BY_CODE,
    conflict=(Rejected, "bad-request"),
)

SERVES = Serves(
    fields={"from": "+13125550100", "to": "+13125550199", "message": "Hello"},
    sender="from",
    words="message",
    media="",
    keys=BEARER,
    refusals={
        Reason.BAD_REQUEST: (400, "bad-request"),
        Reason.BAD_VALUE: (422, "validation-error"),
        Reason.BAD_SENDER: (422, "validation-error"),
        Reason.BAD_RECIPIENT: (422, "validation-error"),
        Reason.NO_CONTENT: (422, "validation-error"),
        Reason.TOO_LONG: (422, "validation-error"),
        Reason.TOO_MANY_PARTS: (422, "validation-error"),
        Reason.BAD_MEDIA: (422, "validation-error"),
        Reason.NO_MEDIA: (422, "validation-error"),
        Reason.UNAUTHORIZED: (401, "unauthorized"),
        Reason.FORBIDDEN: (403, "forbidden"),
        Reason.NOT_FOUND: (404, "not-found"),
        Reason.CONFLICT: (409, "conflict"),
        Reason.TOO_LATE: (409, "conflict"),
        Reason.OPTED_OUT: (422, "dnc-blocked"),
        Reason.CONTENT: (422, "content-blocked"),
        Reason.UNHEALTHY: (422, "validation-error"),
        Reason.QUOTA: (429, "rate-limited"),
        Reason.RATE: (429, "rate-limited"),
        Reason.INTERNAL: (500, "internal-error"),
        Reason.UNAVAILABLE: (503, "unavailable"),
    },
    code=lambda reply: str(reply.body["type"]).removeprefix(PROBLEM),
    understood=dict.fromkeys(Reason, Rejected)
    | {
        Reason.UNAUTHORIZED: Misconfigured,
        Reason.FORBIDDEN: Misconfigured,
        Reason.OPTED_OUT: OptedOut,
        Reason.QUOTA: Unavailable,
        Reason.RATE: Unavailable,
        Reason.INTERNAL: Uncertain,
        Reason.UNAVAILABLE: Unavailable,
    },
    asked=st.tuples(
        st.just("/api/sms"),
        some.written(some.fields(("from", "to", "message"), "+13125550199")),
    ),
    bad_number=Reason.BAD_REQUEST,
)


def receipt(progress: Progress) -> Receipt:
    statuses = {Rank.SENT: "sent", Rank.DELIVERED: "delivered", Rank.UNDELIVERED: "failed"}
    return Receipt(
        progress.taken.carrier_id,
        statuses[progress.rank],
        progress.rank,
        progress.taken.text.sender,
        progress.taken.text.recipient,
        progress.occurred_at,
        progress.code or None,
        progress.detail or None,
    )


def taken(text: OutboundText, _account: Credentials) -> Asked:
    return Asked(replace(text, body=clean(text.body)))


def name(document: dict[str, Any]) -> str:
    return str(document["event"])


TALKS = Talks(
    accounts=st.builds(
        Credentials,
        base_url=st.just("https://carrier.test/"),
        key=st.just("tk_test_1"),
        secret=some.secrets,
        settings=st.fixed_dictionaries(
            {
                "signature_header": st.sampled_from(["", "X-Trunx-Signature", "x-signed-by"]),
                "signature_prefix": st.sampled_from(["", "sha256=", "v1="]),
                "signature_encoding": st.sampled_from(["", "hex", "base64"]),
                "timestamp_header": st.sampled_from(["", "X-Trunx-Timestamp"]),
            }
        ),
    ),
    texts=st.builds(InboundText, some.ids, some.phones, some.phones, some.bodies, some.moments),
    progress=st.builds(
        Progress,
        taken=st.builds(
            Taken,
            some.ids,
            st.builds(Asked, st.builds(OutboundText, some.phones, some.phones, some.bodies)),
            at=some.moments,
            encoding=st.just("GSM-7"),
            segments=st.just(1),
        ),
        rank=st.sampled_from([Rank.SENT, Rank.DELIVERED, Rank.UNDELIVERED]),
        occurred_at=some.moments,
        code=st.sampled_from(["", "30003", "landline"]),
        detail=st.sampled_from(["", "The phone is off.", "No such number."]),
    ),
    receipt=receipt,
    sending=st.builds(OutboundText, some.phones, some.phones, some.bodies.filter(len)),
    taken=taken,
    announces={
        Happening.RECEIVED: "sms.received",
        Happening.SENT: "sms.sent",
        Happening.FAILED: "sms.failed",
        Happening.DELIVERED: "sms.delivered",
    },
    silent=(Rank.NONE, Rank.QUEUED, Rank.UNCONFIRMED),
    name=name,
    url="https://carrier.test/api/sms",
)

CASE = Case(DIALECT, READS, PROOF, SENDS, SERVES, TALKS)
