"""The row of Telnyx's legacy API in the contract tests."""

import base64
import hashlib
import hmac
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import httpx
from hypothesis import strategies as st

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
from smsinbox.dialects.telnyx.outcome import BY_CODE
from smsinbox.dialects.telnyx_v1 import DIALECT
from tests.dialects.cases import strategies as some
from tests.dialects.cases.case import Case, Proof, Reads, Sends, Serves, Talks
from tests.dialects.cases.telnyx_codes import CODES

TEXT = (
    b'{"sms_id":"834f3d53-0000-4000-8000-000000000009","direction":"inbound",'
    b'"from":"+13125550199","to":"+13125550100","body":"Hello!"}'
)
RECEIPT = b'{"sms_id":"m1","status":"sent"}'
FIELDS = "sms_id from to body status direction media errors msg cost updated".split()
LIKELY = ("m1", "sent", "failed", "inbound", "outbound", "+13125550199")

READS = Reads(
    text=TEXT,
    words=b"Hello!",
    receipt=RECEIPT,
    ids=((TEXT, "sms_id"), (RECEIPT, "sms_id")),
    receipt_id="sms_id",
    numbers=("from", "to"),
    strings=("sms_id", "body"),
    times=(),  # a text has none
    hostile=(
        b"{",
        b' {"sms_id":"m1"}',
        b'{"sms_id":"m1","status":5}',
        b'{"sms_id":"m1","status":""}',
        b'{"sms_id":"m1","status":"' + b"x" * 101 + b'"}',
        b'{"status":"sent"}',
        b"sms_id=m1&from=%2B1&to=%2B2&body=%ff",
        b"sms_id=m1&from=%2B1&to=%2B2",
        b"&" * 100_000,
        b"a=1&" * 100_000,
        b"sms_id=a%00b&from=a&to=b&body=c",
        b'--x\r\nContent-Disposition: form-data; name="sms_id"\r\n\r\nm1\r\n--x--\r\n',
    ),
    unfollowed={
        b'{"sms_id":"m1","direction":"inbound","status":"%s"}' % status: "mdr inbound"
        for status in (b"received", b"delivered")
    },
    posted=some.written(some.fields(FIELDS, *LIKELY))
    | st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(LIKELY) | st.text()).map(
        lambda form: urlencode(form).encode()
    ),
)

# The vector of Telnyx's own sample server, byte for byte:
# https://github.com/team-telnyx/telnyx-sms-demo-server
SECRET = "rq789onm321yxzkjihfEdcAm"
SIGNED_AT = 1520983646
BODY = (
    b'{"sms_id": "834f3d53-8a3c-4aa0-a733-7f2d682a72df", "from": "+13129450002",'
    b' "to": "+13125550001", "body": "Hello!"}'
)
SIGNATURE = "t=1520983646,h=FHbtAkvKvF5r81WLUlZtNy8k/mZi0byhw0G37njXqBs="


def sign(body: bytes, stamp: str, secret: str) -> SignedRequest:
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).digest()
    signature = f"t={stamp},h={base64.b64encode(digest).decode()}"
    return SignedRequest({"x-telnyx-SIGNATURE": signature}, body)


PROOF = Proof(
    vector=SignedRequest({"x-telnyx-SIGNATURE": SIGNATURE}, BODY),
    account=Credentials("", "", SECRET),
    signed_at=SIGNED_AT,
    sign=sign,
    signature="x-telnyx-signature",
    headers=("X-Telnyx-Signature",),
    keyless="no profile secret",
    clockless="is not t=<seconds>",
)


def problems(status: int, code: str) -> tuple[httpx.Response, ...]:
    error = {"code": code, "title": "No", "detail": "Because."}
    body = {"status": "failed", "message": "Because.", "errors": [error]}
    return (httpx.Response(status, json=body),)


SENDS = Sends(
    accepted=lambda carrier_id: {"sms_id": carrier_id, "status": "queued"},
    strange=(
        {"json": {"status": "queued"}},
        {"json": {"status": "failed"}},
        {"json": {"status": "failed", "message": "Not sure."}},
        {"json": {"status": "failed", "errors": [{"code": "49999"}]}},
        {"json": {"success": False}},
    ),
    problems=problems,
    codes=CODES,
    judged=BY_CODE,
    codeless=('{"status":"failed","message":"No"}', '["x"]'),
    conflict=(Rejected, "bad-request"),
    explained=("gw_reject", "gw_timeout", "failed"),
)

SERVES = Serves(
    fields={"from": "+13125550100", "to": "+13125550199", "body": "Hello"},
    sender="from",
    words="body",
    media="media_urls",
    keys=(
        ({"x-profile-secret": "s1"}, "s1"),
        ({"X-Profile-Secret": " s1 "}, "s1"),
        ({"X-Profile-Secret": ""}, None),
        ({"Authorization": "Bearer s1"}, None),
        ({}, None),
    ),
    refusals={
        Reason.BAD_REQUEST: (400, "10015"),
        Reason.BAD_VALUE: (422, "10027"),
        Reason.BAD_SENDER: (400, "40305"),
        Reason.BAD_RECIPIENT: (400, "40310"),
        Reason.NO_CONTENT: (400, "40316"),
        Reason.TOO_LONG: (400, "40302"),
        Reason.TOO_MANY_PARTS: (400, "40302"),
        Reason.BAD_MEDIA: (400, "40317"),
        Reason.NO_MEDIA: (400, "40308"),
        Reason.UNAUTHORIZED: (401, "40311"),
        Reason.FORBIDDEN: (403, "10010"),
        Reason.NOT_FOUND: (404, "40303"),
        Reason.CONFLICT: (409, "10012"),
        Reason.TOO_LATE: (422, "10027"),
        Reason.OPTED_OUT: (400, "40300"),
        Reason.CONTENT: (400, "40322"),
        Reason.UNHEALTHY: (400, "40315"),
        Reason.QUOTA: (429, "40333"),
        Reason.RATE: (429, "10011"),
        Reason.INTERNAL: (500, "10007"),
        Reason.UNAVAILABLE: (503, "40318"),
    },
    code=lambda reply: reply.body["errors"][0]["code"],  # type: ignore[index]
    understood=dict.fromkeys(Reason, Rejected)
    | {
        Reason.UNAUTHORIZED: Misconfigured,
        Reason.FORBIDDEN: Misconfigured,
        Reason.QUOTA: Misconfigured,
        Reason.CONFLICT: Uncertain,
        Reason.OPTED_OUT: OptedOut,
        Reason.RATE: Unavailable,
        Reason.INTERNAL: Uncertain,
        Reason.UNAVAILABLE: Unavailable,
    },
    asked=st.tuples(
        st.just("/messages"),
        some.written(
            some.fields(
                "body check_sender_health delivery_status_failover_url subject "
                "delivery_status_webhook_url from media_urls to".split(),
                "+13125550199",
                "+13125550100",
            )
        ),
    ),
    too_long=0,  # as long as one likes
    no_document=frozenset({Reason.BAD_REQUEST, Reason.BAD_VALUE}),  # it may be a form
)

_STATUSES = {
    Rank.QUEUED: "queued",
    Rank.SENT: "sent",
    Rank.DELIVERED: "delivered",
    Rank.UNDELIVERED: "failed",
    Rank.UNCONFIRMED: "dlr_unconfirmed",
}


def receipt(progress: Progress) -> Receipt:
    bare = "failed" if progress.rank is Rank.UNDELIVERED else None
    return Receipt(
        progress.taken.carrier_id,
        _STATUSES[progress.rank],
        progress.rank,
        progress.taken.text.sender,
        progress.taken.text.recipient,
        progress.occurred_at,
        progress.code or bare,
        progress.detail or None,
        progress.taken.cost,
        progress.taken.segments,
    )


def taken(text: OutboundText, account: Credentials) -> Asked:
    subject = text.subject if text.media_urls else ""
    return Asked(
        replace(text, body=clean(text.body), subject=subject, webhook_url=""),
        kind="MMS" if text.media_urls else "SMS",
        webhook_urls=(text.webhook_url,) * 2 if text.webhook_url else (),
        refuse_unhealthy=account.settings.get("check_sender_health") == "true",
        use_profile_webhooks=False,
    )


def name(document: dict[str, Any]) -> str:
    return "delivery_status" if "status" in document else "inbound"


TALKS = Talks(
    accounts=st.builds(
        Credentials,
        base_url=st.just("https://carrier.test/"),
        key=st.just(""),
        secret=st.text(
            st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60
        ),
        settings=st.sampled_from(
            [{}, {"check_sender_health": "true"}, {"check_sender_health": ""}]
        ),
    ),
    texts=st.builds(
        InboundText,
        some.ids,
        some.phones,
        some.phones,
        some.bodies,
        st.none(),
        st.lists(some.files, max_size=3).map(tuple),
    ),
    progress=st.builds(
        Progress,
        st.builds(
            Taken,
            some.ids,
            st.builds(Asked, st.builds(OutboundText, some.phones, some.phones, some.bodies)),
            some.moments,
            st.sampled_from(["GSM-7", "UCS-2"]),
            st.integers(1, 10),
            cost=st.none() | st.builds(Cost, st.integers(0, 10**9), st.just("USD")),
        ),
        st.sampled_from(list(_STATUSES)),
        some.moments,
        st.sampled_from(["", "40001", "landline"]),
        st.sampled_from(["", "The phone is off.", "No such number."]),
    ),
    receipt=receipt,
    sending=st.builds(
        OutboundText,
        st.just("") | some.phones | st.sampled_from(["ACME", "72345"]),
        some.phones,
        some.bodies.filter(len),
        st.lists(some.urls, max_size=10).map(tuple),
        st.sampled_from(["", "Cat"]),
        st.sampled_from(["", "https://inbox.test/webhooks/1"]),
    ),
    taken=taken,
    announces={
        Happening.RECEIVED: "inbound",
        Happening.SENT: "delivery_status",
        Happening.UNCONFIRMED: "delivery_status",
        Happening.FAILED: "delivery_status",
        Happening.DELIVERED: "delivery_status",
    },
    silent=(),
    name=name,
    url="https://carrier.test/messages",
)

CASE = Case(DIALECT, READS, PROOF, SENDS, SERVES, TALKS)
