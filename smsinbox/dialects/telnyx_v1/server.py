"""We are Telnyx's legacy API: answer and refuse as it would, sign the webhooks it would post."""

import secrets

import orjson

from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Announcement,
    ConsentChange,
    Credentials,
    Happening,
    InboundText,
    Media,
    Posting,
    Progress,
    RuleFired,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.sides import Reply, Secrets
from smsinbox.dialects.telnyx_v1 import wire
from smsinbox.dialects.telnyx_v1.asked import accept
from smsinbox.dialects.telnyx_v1.records import mdr

__all__ = [
    "EVENTS",
    "SEND_PATHS",
    "accept",
    "announce",
    "answer",
    "key_of",
    "mdr",
    "new_secrets",
    "refuse",
    "show",
]

SEND_PATHS = (wire.SEND_PATH,)

# These webhooks have no names; ours. A record is posted whenever the text's status changes.
_INBOUND, _RECORD = "inbound", "delivery_status"
EVENTS = {
    Happening.RECEIVED: _INBOUND,
    Happening.SENT: _RECORD,
    Happening.UNCONFIRMED: _RECORD,
    Happening.FAILED: _RECORD,
    Happening.DELIVERED: _RECORD,
}

# Codes and titles: https://developers.telnyx.com/development/api-fundamentals/api-errors. The
# statuses are ours: what Telnyx says of the same codes today, and 400 where it says nothing.
_PROBLEMS: dict[Reason, tuple[int, str, str]] = {
    Reason.BAD_REQUEST: (400, "10015", "Bad Request"),
    Reason.BAD_VALUE: (422, "10027", "Unprocessable entity"),
    Reason.BAD_SENDER: (400, "40305", "Invalid 'from' address"),
    Reason.BAD_RECIPIENT: (400, "40310", "Invalid 'to' address"),
    Reason.NO_CONTENT: (400, "40316", "No content provided for message"),
    Reason.TOO_LONG: (400, "40302", "Message too large"),
    Reason.TOO_MANY_PARTS: (400, "40302", "Message too large"),
    Reason.BAD_MEDIA: (400, "40317", "Invalid MMS content"),
    Reason.NO_MEDIA: (400, "40308", "The 'from' address does not support MMS"),
    Reason.UNAUTHORIZED: (401, "40311", "Invalid messaging profile secret"),
    Reason.FORBIDDEN: (403, "10010", "Authorization failed"),
    Reason.NOT_FOUND: (404, "40303", "Message not found"),
    Reason.CONFLICT: (409, "10012", "Duplicate resource"),
    Reason.TOO_LATE: (422, "10027", "Unprocessable entity"),
    Reason.OPTED_OUT: (400, "40300", "Blocked due to STOP message"),
    Reason.CONTENT: (400, "40322", "Blocked due to content"),
    Reason.UNHEALTHY: (400, "40315", "Unhealthy 'from' address"),
    Reason.QUOTA: (429, "40333", "Spend limit reached"),
    Reason.RATE: (429, "10011", "Too many requests"),
    Reason.INTERNAL: (500, "10007", "Unexpected error"),
    Reason.UNAVAILABLE: (503, "40318", "Messaging queue is full"),
}


def key_of(request: SignedRequest) -> str | None:
    """The profile's secret."""
    return (request.header(wire.SECRET_HEADER) or "").strip() or None


def answer(taken: Taken) -> Reply:
    """Taken: what the known programs read of the record that Telnyx answers with."""
    body: dict[str, object] = {
        "sms_id": taken.carrier_id,
        "status": "queued",
        "parts": taken.segments,
    }
    return Reply(200, body, "application/json", {})


def show(progress: Progress) -> Reply:
    """The record of a text, for a program that asks."""
    at, code, detail = progress.occurred_at, progress.code, progress.detail
    return Reply(200, mdr(progress.taken, progress.rank, at, code, detail), "application/json", {})


def refuse(refusal: Refusal) -> Reply:
    """`success`, `status` and `message` are what the known programs read; `errors` is ours, in the
    shape of Telnyx's later API."""
    usual, code, title = _PROBLEMS[refusal.reason]
    status = refusal.status or usual
    error: dict[str, object] = {"code": code, "title": title, "detail": refusal.detail}
    if refusal.field:
        error["source"] = {"pointer": f"/{refusal.field}"}
    body: dict[str, object] = {
        "success": False,
        "status": "failed",
        "message": refusal.detail or title,
        "errors": [error],
    }
    headers: dict[str, str] = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = f"{refusal.retry_after:.0f}"
    return Reply(refusal.status or status, body, "application/json", headers)


def new_secrets() -> Secrets:
    """One secret on both sides; it is what programs send with, too."""
    secret = secrets.token_urlsafe(24)
    return Secrets(secret, secret)


def announce(
    event: Announcement, credentials: Credentials, posting: Posting
) -> SignedRequest | None:
    """A text to one of our numbers, or the record of one of ours; nothing tells about consent.

    Telnyx's sample server compares the whole header, so `t` comes first and nothing follows `h`.
    """
    document = _document(event)
    if document is None:
        return None
    body = orjson.dumps(document)
    seconds = str(int(posting.now.timestamp()))
    signature = f"t={seconds},h={wire.sign(credentials.secret, seconds, body)}"
    headers = {"Content-Type": "application/json", wire.SIGNATURE_HEADER: signature}
    return SignedRequest(headers, body)


def _document(event: Announcement) -> dict[str, object] | None:
    match event:
        case InboundText():
            return _inbound(event)
        case Progress():
            return mdr(event.taken, event.rank, event.occurred_at, event.code, event.detail)
        case ConsentChange() | RuleFired():
            return None


def _inbound(text: InboundText) -> dict[str, object]:
    document: dict[str, object] = {
        "sms_id": text.carrier_id,
        "direction": wire.INBOUND,
        "from": text.sender,
        "to": text.recipient,
        "body": clean(text.body),
    }
    if text.media:
        document["media"] = [_file(each) for each in text.media]
    return document


def _file(media: Media) -> dict[str, object]:
    return {
        "url": media.url,
        "content_type": media.content_type,
        "hash_sha256": media.sha256,
        "size": media.size,
    }
