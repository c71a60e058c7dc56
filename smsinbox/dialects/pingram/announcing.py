"""The webhooks that we post as Pingram.

Every body has `channel`, `notificationId`, `trackingId` and `userId`, also where Pingram's own page
shows none of them: its Python client, checking a signature, refuses a body that lacks one.
`X-Pingram-Id` is always the `trackingId`, as programs in the wild expect. Pingram's advice is to
recognise repetitions by `eventType` and `trackingId`, which holds for ours; the event's own id is
in the body as `eventId`, which Pingram does not have, and is the same on every try.
"""

import orjson

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Announcement,
    ConsentChange,
    Credentials,
    InboundText,
    Posting,
    Progress,
    Rank,
    RuleFired,
    SignedRequest,
)
from smsinbox.dialects.pingram import wire
from smsinbox.dialects.pingram.refusing import OF_FILES
from smsinbox.dialects.reading import stamp

_PROGRESS = {rank: event for event, rank in wire.RANKS.items()}
_CONSENT = {opted_out: event for event, opted_out in wire.OPTED_OUT.items()}


def announce(
    event: Announcement, credentials: Credentials, posting: Posting
) -> SignedRequest | None:
    """The signed webhook for a text, for one of ours that was delivered or failed, or for consent;
    None for what Pingram has no event for."""
    document = _document(event, posting)
    if document is None:
        return None
    common: dict[str, object] = {
        "notificationId": wire.type_of(credentials),
        "channel": wire.CHANNEL,
        "eventId": posting.event_id,
    }
    return _signed(common | document, credentials, posting)


def _document(event: Announcement, posting: Posting) -> dict[str, object] | None:
    match event:
        case InboundText():
            return _inbound(event)
        case Progress():
            return _progress(event) if event.rank in _PROGRESS else None
        case ConsentChange():
            return _consent(event, posting.event_id)
        case RuleFired():
            return None


def _inbound(text: InboundText) -> dict[str, object]:
    document: dict[str, object] = {
        "eventType": wire.INBOUND,
        "from": text.sender,
        "to": text.recipient,
        "text": clean(text.body),
        "userId": text.sender,
        "trackingId": text.carrier_id,
    }
    if text.occurred_at:
        document["receivedAt"] = stamp(text.occurred_at)
    if text.media:
        document["media"] = [
            {"url": each.url, "contentType": each.content_type} for each in text.media
        ]
    return document


def _progress(progress: Progress) -> dict[str, object]:
    document: dict[str, object] = {
        "eventType": _PROGRESS[progress.rank],
        "trackingId": progress.taken.carrier_id,
        "userId": progress.taken.text.recipient,
    }
    if progress.taken.asked.kind:
        document["notificationId"] = clean(progress.taken.asked.kind)
    if progress.rank is Rank.UNDELIVERED:
        document["failureCode"] = OF_FILES.get(progress.code, clean(progress.code)) or "Unknown"
    return document


def _consent(change: ConsentChange, event_id: str) -> dict[str, object]:
    document: dict[str, object] = {
        "eventType": _CONSENT[change.opted_out],
        "userId": change.sender,
        "trackingId": event_id,
    }
    if change.recipient:
        document["to"] = change.recipient
    return document


def _signed(
    document: dict[str, object], credentials: Credentials, posting: Posting
) -> SignedRequest:
    body = orjson.dumps(document)
    webhook_id = str(document["trackingId"])
    timestamp = str(clock.micros(posting.now) // 1000)
    headers = {
        "Content-Type": "application/json",
        wire.ID_HEADER: webhook_id,
        wire.TIMESTAMP_HEADER: timestamp,
        wire.SIGNATURE_HEADER: wire.sign(credentials.secret, webhook_id, timestamp, body),
    }
    return SignedRequest(headers, body)
