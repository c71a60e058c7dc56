"""Pingram's row in the contract tests."""

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
    Media,
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
from smsinbox.dialects.pingram import DIALECT, outcome, words
from tests.dialects.cases import strategies as some
from tests.dialects.cases.case import BEARER, NOON, Case, Proof, Reads, Sends, Serves, Talks

TEXT = (
    b'{"eventType":"SMS_INBOUND","from":"+13125550199","to":"+13125550100",'
    b'"text":"Yes, that works","receivedAt":"2026-01-15T10:30:00Z","userId":"+13125550199",'
    b'"trackingId":"019c0000-0000-7000-8000-0000000000b7"}'
)
DELIVERED = (
    b'{"eventType":"SMS_DELIVERED","trackingId":"019c0000-0000-7000-8000-0000000000a1",'
    b'"notificationId":"support_reply","channel":"SMS","userId":"+13125550199"}'
)
FAILED = (
    b'{"eventType":"SMS_FAILED","trackingId":"019c0000-0000-7000-8000-0000000000a1",'
    b'"notificationId":"support_reply","channel":"SMS","userId":"+13125550199",'
    b'"failureCode":"40001"}'
)
EVENTS = "SMS_INBOUND SMS_DELIVERED SMS_FAILED SMS_UNSUBSCRIBE".split()
FIELDS = "from to text userId trackingId lastTrackingId receivedAt media failureCode".split()

READS = Reads(
    text=TEXT,
    words=b"Yes, that works",
    receipt=DELIVERED,
    ids=((TEXT, "trackingId"), (DELIVERED, "trackingId"), (FAILED, "trackingId")),
    receipt_id="trackingId",
    numbers=("from", "to"),
    strings=("text",),
    times=("receivedAt",),
    hostile=(
        b'"SMS_INBOUND"',
        b'{"eventType":null}',
        b'{"eventType":""}',
        b'{"eventType":5}',
        b'{"eventType":"SMS_INBOUND"}',
        b'{"eventType":"SMS_DELIVERED"}',
        b"eventType=SMS_INBOUND",
    ),
    unfollowed={
        b'{"eventType":"%s"}' % name: name.decode()
        for name in (
            b"SMS_SENT",
            b"EMAIL_INBOUND",
            b"EMAIL_UNSUBSCRIBE",
            b"VOICE_INBOUND",
            b"sms_inbound",
            b"*",
        )
    },
    posted=some.written(
        st.fixed_dictionaries(
            {"eventType": st.sampled_from(EVENTS) | some.json_values},
            optional=dict.fromkeys(FIELDS, some.json_values | st.just("+13125550199")),
        )
    ),
)

# Made with the code of the official clients, PyPI pingram-python 1.0.12 and npm pingram 1.0.12.
SECRET = "pingram_whsecret_test"
ID = "019a0000-0000-7000-8000-000000000001"
SIGNED_AT = 1767225600
SIGNATURE = "v1,70a94c5626d55b11013d603a6e2bd753fc49117d0b501e7a812e7e1bb0c7ab97"


def headers(signature: str, stamp: str) -> dict[str, str]:
    return {"x-pingram-ID": ID, "X-Pingram-Timestamp": stamp, "X-Pingram-Signature": signature}


def sign(body: bytes, stamp: str, secret: str) -> SignedRequest:
    signed = f"{ID}.{stamp}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return SignedRequest(headers(f"v1,{digest}", stamp), body)


PROOF = Proof(
    vector=SignedRequest(headers(SIGNATURE, f"{SIGNED_AT}000"), b'{"a":1}'),
    account=Credentials("", "pingram_sk_test", SECRET, {}),
    signed_at=SIGNED_AT,
    sign=sign,
    signature="x-pingram-signature",
    headers=("x-pingram-id", "x-pingram-timestamp", "x-pingram-signature"),
    past="behind our clock",
    future="ahead of our clock",
    per_second=1000,
    clockless="not a number of milliseconds",
    other_secrets=("pingram_whsecret_other", "", SECRET[:-1], SECRET[17:]),
)


def problem(status: int, code: str, provider_code: str = "", **more: str) -> httpx.Response:
    error = {"code": code, "message": "Because."} | more
    if provider_code:
        error |= {"provider": "telnyx", "providerCode": provider_code}
    return httpx.Response(status, json={"trackingId": "t1", "error": error})


def problems(status: int, code: str) -> tuple[httpx.Response, ...]:
    """A code may be Pingram's own, or stand beside it as that of the carrier behind it."""
    return problem(status, code), problem(status, "PROVIDER_ERROR", code)


TAKEN = {"trackingId": "019c0000-0000-7000-8000-0000000000a1", "messages": ["SMS accepted"]}

SENDS = Sends(
    accepted=lambda carrier_id: {"trackingId": carrier_id, "messages": ["SMS accepted"]},
    strange=(
        {"json": {"messages": ["SMS accepted"]}},
        {"json": TAKEN | {"error": "no"}},
        {"json": TAKEN | {"error": {}}},
        {"json": TAKEN | {"error": {"message": "No."}}},
        {"json": TAKEN | {"error": {"code": []}}},
        {"json": TAKEN | {"error": []}},
    ),
    problems=problems,
    codes=dict.fromkeys(
        "MISSING_SMS_RECIPIENT MISSING_SMS_MESSAGE INVALID_PHONE_NUMBER NO_ADDRESS SPAM_CONTENT "
        "SMS_FREE_RESTRICTED 10002 40001 40002 40310 13224 21211 21215 21265 21612 21614 30005 "
        "30006 30007 30453 INVALID_NUMBER 10016 40301 40302 40308 40309 40316 40317 40322".split(),
        Rejected,
    )
    | dict.fromkeys(
        "USAGE_LIMIT VERIFICATION_LIMIT TEMPLATE_NOT_FOUND NO_DEFAULT_TEMPLATE 40010 40305".split(),
        Misconfigured,
    )
    | {"40300": OptedOut, "21610": OptedOut, "Unknown": Uncertain, "30008": Uncertain},
    judged=outcome.KINDS,
    codeless=('{"error":"no"}', '{"error":{}}'),
    statuses=(200, 400, 402, 500, 502),
    conflict=(Rejected, "bad-request"),
    explained=tuple(words.WORDS),
)

SERVES = Serves(
    fields={"type": "support_reply", "to": "+13125550199", "message": "Hello"},
    sender="from",
    words="message",
    media="mediaUrls",
    keys=BEARER,
    refusals={
        Reason.BAD_REQUEST: (400, "BAD_REQUEST"),
        Reason.BAD_VALUE: (400, "INVALID_FIELD"),
        Reason.BAD_SENDER: (400, "INVALID_SENDER"),
        Reason.BAD_RECIPIENT: (400, "INVALID_PHONE_NUMBER"),
        Reason.NO_CONTENT: (400, "MISSING_SMS_MESSAGE"),
        Reason.TOO_LONG: (400, "MESSAGE_TOO_LONG"),
        Reason.TOO_MANY_PARTS: (400, "MESSAGE_TOO_LONG"),
        Reason.BAD_MEDIA: (400, "INVALID_MEDIA"),
        Reason.NO_MEDIA: (400, "MEDIA_NOT_SUPPORTED"),
        Reason.UNAUTHORIZED: (401, "UNAUTHORIZED"),
        Reason.FORBIDDEN: (401, "FORBIDDEN"),
        Reason.NOT_FOUND: (404, "NOT_FOUND"),
        Reason.CONFLICT: (409, "CONFLICT"),
        Reason.TOO_LATE: (409, "ALREADY_SENT"),
        Reason.OPTED_OUT: (502, "40300"),
        Reason.CONTENT: (400, "SPAM_CONTENT"),
        Reason.UNHEALTHY: (400, "UNHEALTHY_SENDER"),
        Reason.QUOTA: (402, "USAGE_LIMIT"),
        Reason.RATE: (429, "RATE_LIMIT"),
        Reason.INTERNAL: (500, "INTERNAL_ERROR"),
        Reason.UNAVAILABLE: (503, "UNAVAILABLE"),
    },
    code=lambda reply: reply.body["error"]["code"],  # type: ignore[index]
    understood=dict.fromkeys(Reason, Rejected)
    | {
        Reason.UNAUTHORIZED: Misconfigured,
        Reason.FORBIDDEN: Misconfigured,
        Reason.NOT_FOUND: Misconfigured,
        Reason.QUOTA: Misconfigured,
        Reason.OPTED_OUT: OptedOut,
        Reason.RATE: Unavailable,
        Reason.UNAVAILABLE: Unavailable,
        Reason.INTERNAL: Uncertain,
    },
    asked=st.tuples(
        st.just("/sms"),
        some.written(
            some.fields("type to message schedule from autoReply mediaUrls".split(), "+13125550199")
        ),
    ),
)


def receipt(progress: Progress) -> Receipt:
    failed = progress.rank is Rank.UNDELIVERED
    return Receipt(
        progress.taken.carrier_id,
        "failed" if failed else "delivered",
        progress.rank,
        recipient=progress.taken.text.recipient,
        code=(progress.code or "Unknown") if failed else None,
    )


def taken(text: OutboundText, account: Credentials) -> Asked:
    kind = account.settings.get("notification_type", "support_reply")
    return Asked(replace(text, body=clean(text.body)), kind=kind)


def name(document: dict[str, Any]) -> str:
    return str(document["eventType"])


files = st.builds(Media, some.urls, st.sampled_from(["", "image/png"]))

TALKS = Talks(
    accounts=st.builds(
        Credentials,
        base_url=st.just("https://carrier.test/"),
        key=st.just("pingram_sk_1"),
        secret=some.secrets,
        settings=st.sampled_from([{}, {"notification_type": "billing"}]),
    ),
    texts=st.builds(
        InboundText,
        some.ids,
        some.phones,
        some.phones,
        some.bodies,
        some.moments,
        st.lists(files, max_size=3).map(tuple),
    ),
    progress=st.builds(
        Progress,
        st.builds(
            Taken,
            some.ids,
            st.builds(Asked, st.builds(OutboundText, some.phones, some.phones, st.just("Hi"))),
            st.just(NOON),
            st.just("gsm7"),
            st.just(1),
        ),
        st.sampled_from([Rank.DELIVERED, Rank.UNDELIVERED]),
        st.just(NOON),
        st.sampled_from(["", "40001", "Unknown"]),
    ),
    receipt=receipt,
    sending=st.builds(
        OutboundText,
        some.phones | st.just(""),
        some.phones,
        some.bodies.filter(len),
        st.lists(some.urls, max_size=3).map(tuple),
    ),
    taken=taken,
    announces={
        Happening.RECEIVED: "SMS_INBOUND",
        Happening.FAILED: "SMS_FAILED",
        Happening.DELIVERED: "SMS_DELIVERED",
        Happening.OPTED_OUT: "SMS_UNSUBSCRIBE",
        Happening.OPTED_IN: "SMS_SUBSCRIBE",
    },
    silent=(Rank.NONE, Rank.QUEUED, Rank.SENT, Rank.UNCONFIRMED),
    name=name,
    url="https://carrier.test/sms",
)

CASE = Case(DIALECT, READS, PROOF, SENDS, SERVES, TALKS)
