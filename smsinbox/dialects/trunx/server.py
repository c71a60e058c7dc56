"""We are Trunx: read what customers send, answer as it would, sign the webhooks it would post."""

import re
from datetime import datetime

import orjson

from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Announcement,
    Credentials,
    InboundText,
    OutboundText,
    Receipt,
    Refusal,
    Reply,
    SignedRequest,
)
from smsinbox.dialects.trunx import wire

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

# Statuses of the *-blocked problems are not documented; clients must branch on the type anyway.
_PROBLEMS: dict[str, tuple[int, str]] = {
    "bad-request": (400, "Bad Request"),
    "tcpa-blocked": (400, "Bad Request"),
    "unauthorized": (401, "Unauthorized"),
    "forbidden": (403, "Forbidden"),
    "not-found": (404, "Not Found"),
    "conflict": (409, "Conflict"),
    "validation-error": (422, "Unprocessable Entity"),
    "content-blocked": (422, "Unprocessable Entity"),
    "dnc-blocked": (422, "Unprocessable Entity"),
    "rate-limited": (429, "Too Many Requests"),
    "internal-error": (500, "Internal Server Error"),
    "unavailable": (503, "Service Unavailable"),
}


def problem(code: str, detail: str, retry_after: float | None = None) -> Refusal:
    """A refusal in Trunx's words, by the last step of its `type`; `retry_after` in seconds."""
    status, title = _PROBLEMS[code]
    return Refusal(status, code, title, detail, retry_after)


def accept(body: bytes) -> OutboundText:
    """The text a program asks for: E.164 numbers, 1 to 1600 characters; raises Refusal."""
    document = _object(body)
    sender, recipient, message = (_field(document, name) for name in ("from", "to", "message"))
    for name, number in (("from", sender), ("to", recipient)):
        if not _E164.fullmatch(number):
            raise problem("bad-request", f"'{name}' must be a phone number in E.164 format.")
    if not 1 <= len(message) <= wire.MESSAGE_LIMIT:
        raise problem(
            "validation-error", f"'message' must have 1 to {wire.MESSAGE_LIMIT} characters."
        )
    return OutboundText(sender, recipient, message)


def _object(body: bytes) -> dict[str, object]:
    try:
        document = wire.parse(body)
    except ValueError:
        raise problem("bad-request", "The body is not JSON.") from None
    if not isinstance(document, dict):
        raise problem("bad-request", "The body is not a JSON object.")
    return document


def _field(document: dict[str, object], name: str) -> str:
    value = document.get(name)
    if value is None:
        raise problem("validation-error", f"'{name}' is missing.")
    if not isinstance(value, str):
        raise problem("validation-error", f"'{name}' must be a string.")
    return clean(value)


def answer(carrier_id: str) -> Reply:
    """Taken. Trunx's page does not state the status; 200 is our choice."""
    return Reply(200, {"id": carrier_id, "status": "queued"}, "application/json", {})


def refuse(refusal: Refusal) -> Reply:
    """An RFC 7807 problem, with Retry-After where the refusal has one."""
    body: dict[str, object] = {
        "type": wire.PROBLEM_TYPE + refusal.code,
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
    }
    headers: dict[str, str] = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = f"{refusal.retry_after:.0f}"
    return Reply(refusal.status, body, wire.PROBLEM, headers)


def announce(event: Announcement, credentials: Credentials, now: datetime) -> SignedRequest:
    """The signed webhook for an inbound text or a receipt (status sent, delivered or failed)."""
    body = orjson.dumps(_document(event, now))
    signing = wire.Signing.of(credentials)
    headers = {"Content-Type": "application/json"}
    timestamp = None
    if signing.timestamp_header:
        timestamp = str(int(now.timestamp()))
        headers[signing.timestamp_header] = timestamp
    digest = signing.sign(credentials.secret, body, timestamp)
    headers[signing.header] = signing.prefix + digest
    return SignedRequest(headers, body)


def _document(event: Announcement, now: datetime) -> dict[str, object]:
    data: dict[str, object] = {"id": event.carrier_id, "from": event.sender, "to": event.recipient}
    created_at = wire.stamp(event.occurred_at or now)
    match event:
        case InboundText():
            data |= {"message": clean(event.body), "direction": "inbound"}
            return {"event": wire.RECEIVED, "data": data | {"created_at": created_at}}
        case Receipt():
            data |= {"status": event.status, "error_code": event.code, "reason": event.detail}
            kept = {name: value for name, value in data.items() if value is not None}
            return {"event": f"sms.{event.status}", "data": kept | {"created_at": created_at}}
