"""We are Trunx: read what customers send, answer as it would, sign the webhooks it would post."""

import re
import secrets

import orjson

from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Announcement,
    Asked,
    ConsentChange,
    Credentials,
    Happening,
    InboundText,
    OutboundText,
    Posting,
    Progress,
    Rank,
    RuleFired,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.reading import asked_object, stamp
from smsinbox.dialects.sides import Reply, Secrets
from smsinbox.dialects.trunx import wire

SEND_PATHS = (wire.SEND_PATH,)

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

# Statuses of the *-blocked problems are not documented; clients must branch on the type anyway.
_PROBLEMS: dict[Reason, tuple[int, str, str]] = {
    Reason.BAD_REQUEST: (400, "bad-request", "Bad Request"),
    Reason.BAD_RECIPIENT: (422, "validation-error", "Unprocessable Entity"),
    Reason.BAD_VALUE: (422, "validation-error", "Unprocessable Entity"),
    Reason.BAD_SENDER: (422, "validation-error", "Unprocessable Entity"),
    Reason.NO_CONTENT: (422, "validation-error", "Unprocessable Entity"),
    Reason.TOO_LONG: (422, "validation-error", "Unprocessable Entity"),
    Reason.TOO_MANY_PARTS: (422, "validation-error", "Unprocessable Entity"),
    Reason.BAD_MEDIA: (422, "validation-error", "Unprocessable Entity"),
    Reason.NO_MEDIA: (422, "validation-error", "Unprocessable Entity"),
    Reason.UNAUTHORIZED: (401, "unauthorized", "Unauthorized"),
    Reason.FORBIDDEN: (403, "forbidden", "Forbidden"),
    Reason.NOT_FOUND: (404, "not-found", "Not Found"),
    Reason.CONFLICT: (409, "conflict", "Conflict"),
    Reason.TOO_LATE: (409, "conflict", "Conflict"),
    Reason.OPTED_OUT: (422, "dnc-blocked", "Unprocessable Entity"),
    Reason.CONTENT: (422, "content-blocked", "Unprocessable Entity"),
    Reason.UNHEALTHY: (422, "validation-error", "Unprocessable Entity"),
    Reason.QUOTA: (429, "rate-limited", "Too Many Requests"),
    Reason.RATE: (429, "rate-limited", "Too Many Requests"),
    Reason.INTERNAL: (500, "internal-error", "Internal Server Error"),
    Reason.UNAVAILABLE: (503, "unavailable", "Service Unavailable"),
}
EVENTS = {
    Happening.RECEIVED: wire.RECEIVED,
    Happening.SENT: "sms.sent",
    Happening.FAILED: "sms.failed",
    Happening.DELIVERED: "sms.delivered",
}
_PROGRESS = {
    Rank.SENT: "sms.sent",
    Rank.DELIVERED: "sms.delivered",
    Rank.UNDELIVERED: "sms.failed",
}


def key_of(request: SignedRequest) -> str | None:
    """The bearer key."""
    scheme, _, key = (request.header("Authorization") or "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def accept(_path: str, body: bytes) -> Asked:
    """The text a program asks for: E.164 numbers, 1 to 1600 characters; raises Refusal."""
    document = asked_object(body)
    sender, recipient, message = (_field(document, name) for name in ("from", "to", "message"))
    for name, number in (("from", sender), ("to", recipient)):
        if not _E164.fullmatch(number):
            detail = f"'{name}' must be a phone number in E.164 format."
            raise Refusal(Reason.BAD_REQUEST, detail, field=name)
    if not 1 <= len(message) <= wire.MESSAGE_LIMIT:
        detail = f"'message' must have 1 to {wire.MESSAGE_LIMIT} characters."
        raise Refusal(Reason.TOO_LONG if message else Reason.NO_CONTENT, detail, field="message")
    return Asked(OutboundText(sender, recipient, message))


def _field(document: dict[str, object], name: str) -> str:
    value = document.get(name)
    if value is None:
        raise Refusal(Reason.BAD_VALUE, f"'{name}' is missing.", field=name)
    if not isinstance(value, str):
        raise Refusal(Reason.BAD_VALUE, f"'{name}' must be a string.", field=name)
    return clean(value)


def answer(taken: Taken) -> Reply:
    """Taken. Trunx's page does not state the status; 200 is our choice."""
    return Reply(200, {"id": taken.carrier_id, "status": "queued"}, "application/json", {})


def refuse(refusal: Refusal) -> Reply:
    """An RFC 7807 problem, with Retry-After where the refusal has one."""
    usual, code, title = _PROBLEMS[refusal.reason]
    status = refusal.status or usual
    body: dict[str, object] = {
        "type": wire.PROBLEM_TYPE + code,
        "title": title,
        "status": status,
        "detail": refusal.detail,
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = f"{refusal.retry_after:.0f}"
    return Reply(status, body, wire.PROBLEM, headers)


def new_secrets() -> Secrets:
    """One secret on both sides."""
    secret = "whsec_" + secrets.token_urlsafe(24)
    return Secrets(secret, secret)


def announce(
    event: Announcement, credentials: Credentials, posting: Posting
) -> SignedRequest | None:
    """The signed webhook for a text, or for one of ours that was sent, delivered or failed."""
    document = _document(event)
    if document is None:
        return None
    body = orjson.dumps(document)
    signing = wire.Signing.of(credentials)
    headers = {"Content-Type": "application/json"}
    timestamp = None
    if signing.timestamp_header:
        timestamp = str(int(posting.now.timestamp()))
        headers[signing.timestamp_header] = timestamp
    digest = signing.sign(credentials.secret, body, timestamp)
    headers[signing.header] = signing.prefix + digest
    return SignedRequest(headers, body)


def _document(event: Announcement) -> dict[str, object] | None:
    match event:
        case InboundText():
            data: dict[str, object] = {
                "id": event.carrier_id,
                "from": event.sender,
                "to": event.recipient,
                "message": clean(event.body),
                "direction": "inbound",
            }
            if event.occurred_at:
                data["created_at"] = stamp(event.occurred_at)
            return {"event": wire.RECEIVED, "data": data}
        case Progress():
            return _progress(event)
        case ConsentChange() | RuleFired():
            return None


def _progress(event: Progress) -> dict[str, object] | None:
    name = _PROGRESS.get(event.rank)
    if name is None:
        return None
    data: dict[str, object] = {
        "id": event.taken.carrier_id,
        "from": event.taken.text.sender,
        "to": event.taken.text.recipient,
        "status": name.removeprefix("sms."),
        "error_code": event.code,
        "reason": event.detail,
        "created_at": stamp(event.occurred_at),
    }
    return {"event": name, "data": {name: value for name, value in data.items() if value}}
