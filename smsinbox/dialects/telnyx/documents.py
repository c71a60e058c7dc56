"""Telnyx's documents as we write them: a message in answers and webhooks, and a webhook itself.

What we cannot know, such as the carrier of a phone, is null.
https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from smsinbox.core.segments import measure
from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Announcement,
    ConsentChange,
    Cost,
    Credentials,
    InboundText,
    Media,
    Posting,
    Progress,
    Rank,
    RuleFired,
    Stage,
    Taken,
)
from smsinbox.dialects.reading import stamp
from smsinbox.dialects.telnyx import wire
from smsinbox.dialects.telnyx.reasons import ERRORS, OF_FILES, TITLES

ERROR_PAGE = "https://developers.telnyx.com/docs/overview/errors/"
UNDELIVERABLE = "40008"

_STATUS = {
    Rank.NONE: "queued",
    Rank.QUEUED: "queued",
    Rank.SENT: "sent",
    Rank.UNCONFIRMED: "delivery_unconfirmed",
    Rank.UNDELIVERED: "delivery_failed",
    Rank.DELIVERED: "delivered",
}
_STAGES = {
    Stage.SCHEDULED: "queued",  # its time has come
    Stage.QUEUED: "queued",
    Stage.SENDING: "sending",
    Stage.CANCELED: "cancelled",
    Stage.FAILED: "sending_failed",
}
_EVENTS = {
    Rank.SENT: wire.SENT,
    Rank.UNCONFIRMED: wire.FINALIZED,
    Rank.UNDELIVERED: wire.FINALIZED,
    Rank.DELIVERED: wire.FINALIZED,
}
# A text that we took may yet be refused by the carrier behind us, for one of these reasons.
_TITLES = TITLES | {code: title for _, code, title in ERRORS.values()}
# Telnyx takes a text out of its queue after about an hour at the latest.
_VALIDITY = timedelta(hours=1)


def message_document(taken: Taken, progress: Progress | None = None) -> dict[str, object]:
    """A message of a program's as Telnyx describes it, as far as it has got."""
    asked, rank = taken.asked, progress.rank if progress else taken.rank
    urls = ((None,) if asked.has_failover_alone else ()) + (*asked.webhook_urls, None, None)
    document = {
        "record_type": "message",
        "direction": "outbound",
        "id": taken.carrier_id,
        "type": asked.kind or ("MMS" if taken.text.media_urls else "SMS"),
        "messaging_profile_id": asked.profile or None,
        "organization_id": None,
        "from": _person(taken.text.sender),
        "to": [_person(taken.text.recipient) | {"status": _status(taken, rank)}],
        "cc": [],
        "text": clean(taken.text.body) or None,
        "subject": clean(taken.text.subject) or None,
        "media": [_media(each) for each in taken.files],
        "webhook_url": urls[0],
        "webhook_failover_url": urls[1],
        "encoding": taken.encoding,
        "parts": taken.segments,
        "tags": list(asked.tags),
        "cost": _cost(taken.cost),
        "cost_breakdown": _breakdown(taken.cost),
        "tcr_campaign_id": None,
        "tcr_campaign_billable": None,
        "tcr_campaign_registered": None,
        "received_at": stamp(taken.at),
        "sent_at": None,
        "completed_at": None,
        "valid_until": None,
        "errors": [],
    }
    return document | _reached(taken, progress)


def event_document(
    event: Announcement, credentials: Credentials, posting: Posting
) -> dict[str, object] | None:
    """The webhook that tells of an event; None for what Telnyx posts nothing of."""
    match event:
        case InboundText():
            at = event.occurred_at or posting.now
            return _envelope(wire.RECEIVED, at, _inbound(event, credentials, posting), posting)
        case Progress() if event.rank in _EVENTS:
            payload = message_document(event.taken, event)
            return _envelope(_EVENTS[event.rank], event.occurred_at, payload, posting)
        case Progress() | ConsentChange() | RuleFired():
            return None


def error_document(code: str, title: str, detail: str, pointer: str = "") -> dict[str, object]:
    """One of the `errors` in an answer or in a message; `pointer` is the field's, "/to"."""
    document: dict[str, object] = {"code": code, "title": title, "detail": detail}
    if pointer:
        document["source"] = {"pointer": pointer}
    return document | {"meta": {"url": ERROR_PAGE + code}}


def _envelope(
    name: str, at: datetime, payload: dict[str, object], posting: Posting
) -> dict[str, object]:
    data = {
        "event_type": name,
        "id": posting.event_id,
        "occurred_at": stamp(at),
        "record_type": "event",
        "payload": payload,
    }
    return {"data": data, "meta": {"attempt": posting.attempt, "delivered_to": posting.url}}


def _status(taken: Taken, rank: Rank) -> str:
    never_left = rank is Rank.UNDELIVERED and taken.stage in (Stage.FAILED, Stage.CANCELED)
    if rank > Rank.QUEUED and not never_left:
        return _STATUS[rank]
    if taken.waits:
        return "scheduled"
    return _STAGES[taken.stage] if taken.stage else _STATUS[rank]


def _reached(taken: Taken, progress: Progress | None) -> dict[str, object]:
    """The fields that say when, and why not."""
    if progress is None:
        return {}
    at = progress.occurred_at
    valid_until = stamp((taken.asked.send_at or taken.at) + _VALIDITY)
    if progress.rank in (Rank.QUEUED, Rank.SENT):
        return {"sent_at": stamp(taken.sent_at or at), "valid_until": valid_until}
    return {
        "sent_at": stamp(taken.sent_at) if taken.sent_at else None,
        "completed_at": stamp(at),
        "valid_until": valid_until,
        "errors": _errors(progress),
    }


def _errors(progress: Progress) -> list[dict[str, object]]:
    """Another carrier's code would mean nothing to a program that knows Telnyx's numbers."""
    is_failure = progress.rank is Rank.UNDELIVERED
    if not (is_failure or progress.code or progress.detail) or progress.rank is Rank.DELIVERED:
        return []
    known = OF_FILES.get(progress.code, progress.code)
    code = known if re.fullmatch(r"[0-9]{5}", known) else UNDELIVERABLE
    title = _TITLES.get(code, TITLES[UNDELIVERABLE])
    return [error_document(code, title, clean(progress.detail) or title)]


def _inbound(text: InboundText, credentials: Credentials, posting: Posting) -> dict[str, object]:
    size = measure(text.body)
    document: dict[str, object] = {
        "record_type": "message",
        "direction": "inbound",
        "id": text.carrier_id,
        "type": "MMS" if text.media else "SMS",
        "messaging_profile_id": credentials.settings.get("messaging_profile_id") or None,
        "organization_id": None,
        "from": _person(text.sender) | {"status": "received"},
        "to": [_person(text.recipient) | {"status": "webhook_delivered"}],
        "cc": [],
        "text": None if text.media and not text.body else clean(text.body),
        "subject": None,
        "media": [_media(each) for each in text.media],
        "webhook_url": posting.url,
        "webhook_failover_url": None,
        "encoding": size.encoding.value,
        "parts": max(size.parts, 1),
        "tags": [],
        "cost": None,
        "received_at": stamp(text.occurred_at or posting.now),
        "sent_at": None,
        "completed_at": None,
        "valid_until": None,
        "errors": [],
    }
    return document | ({"autoresponse_type": text.answered} if text.answered else {})


def _person(number: str) -> dict[str, object]:
    return {"phone_number": number or None, "carrier": None, "line_type": None}


def _media(media: Media) -> dict[str, object]:
    """The hash under both of its names: guides have the one, official clients the other."""
    return {
        "url": media.url,
        "content_type": media.content_type or None,
        "sha256": media.sha256 or None,
        "hash_sha256": media.sha256 or None,
        "size": media.size,
    }


def _breakdown(cost: Cost | None) -> dict[str, object] | None:
    """Null unless the carrier behind us told what its price is made of."""
    if cost is None or not cost.breakdown:
        return None
    return {name: _cost(cost.breakdown.get(name)) for name in wire.BREAKDOWN}


def _cost(cost: Cost | None) -> dict[str, object] | None:
    if cost is None:
        return None
    amount = f"{Decimal(cost.micros).scaleb(-6):.6f}"
    return {"amount": amount.removesuffix("00"), "currency": cost.currency}
