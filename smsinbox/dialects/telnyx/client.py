"""We are Telnyx's customer: check its webhooks, read them, hand it our texts."""

from datetime import datetime

import httpx
import orjson
from pydantic import ValidationError

from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Accepted,
    Credentials,
    Event,
    InboundText,
    Media,
    OutboundText,
    Receipt,
    SignedRequest,
    Unknown,
)
from smsinbox.dialects.errors import Unreadable
from smsinbox.dialects.http import post
from smsinbox.dialects.reading import moment, parse, places, short
from smsinbox.dialects.telnyx import signing, wire
from smsinbox.dialects.telnyx.outcome import judge
from smsinbox.dialects.telnyx.words import explain

__all__ = ["explain", "read", "send", "verify"]

# What comes over these is no text message, and no text message can answer it.
_OTHER_CHANNELS = ("RCS", "WHATSAPP")


def verify(request: SignedRequest, credentials: Credentials) -> None:
    """Raise Forged unless Telnyx signed exactly this, at most five minutes ago or ahead."""
    signing.check(
        credentials.secret,
        request.header(signing.TIMESTAMP_HEADER),
        request.header(signing.SIGNATURE_HEADER),
        request.body,
    )


def read(request: SignedRequest) -> list[Event]:
    """The one event of a webhook; raises Unreadable and nothing else."""
    try:
        return [_event(wire.Envelope.model_validate(parse(request.body)).data)]
    except ValidationError as error:
        raise places(error) from None
    except ValueError as error:
        raise Unreadable("not JSON") from error


def _event(data: wire.EventData) -> Event:
    """A report about an inbound message is none about a text of ours, so it is not followed."""
    event = clean(data.event_type)
    if event != wire.RECEIVED and event not in wire.REPORTS:
        return Unknown(event)
    channel = wire.Channel.model_validate(data.payload)
    if event == wire.RECEIVED:
        if channel.direction == "outbound" or channel.type in _OTHER_CHANNELS:
            return Unknown(event, is_known=True)
        return _text(data, wire.ReceivedMessage.model_validate(data.payload))
    if channel.direction == "inbound":
        return Unknown(event, is_known=True)
    return _receipt(data, wire.Report.model_validate(data.payload))


def _text(data: wire.EventData, message: wire.ReceivedMessage) -> InboundText:
    return InboundText(
        carrier_id=message.id,
        sender=message.sender,
        recipient=message.recipient,
        # An MMS may have no text; its subject is then all that the person wrote.
        body=clean(message.text or message.subject or ""),
        occurred_at=_first_moment(data.occurred_at, message.received_at),
        media=_media(message.media),
        answered=(short(message.autoresponse_type, 40) or "").strip().upper(),
    )


def _media(files: list[object]) -> tuple[Media, ...]:
    """A file without an address is left out; the text is worth having without it."""
    found = []
    for each in files:
        try:
            file = wire.MediaFile.model_validate(each)
        except ValidationError:
            continue
        sha256 = (file.sha256 or file.hash_sha256 or "").lower()
        content_type = clean(file.content_type or "")[:100]
        found.append(Media(clean(file.url), content_type, file.size, sha256))
    return tuple(found)


def _receipt(data: wire.EventData, report: wire.Report) -> Receipt:
    # Without an addressee, the event's own name is the only status there is.
    status = clean(report.status or data.event_type.removeprefix("message."))
    problem = next(iter(wire.problems(report.errors)), wire.Problem())
    return Receipt(
        carrier_id=report.id,
        status=status,
        rank=wire.RANKS.get(status),
        sender=report.sender,
        recipient=report.recipient,
        occurred_at=_first_moment(data.occurred_at, report.completed_at, report.sent_at),
        code=problem.number or None,
        detail=short(problem.said, 500),
        cost=report.cost,
        segments=report.parts,
    )


def _first_moment(*values: object) -> datetime | None:
    return next(filter(None, map(moment, values)), None)


def send(text: OutboundText, credentials: Credentials, http: httpx.Client) -> Accepted:
    """Hand one text to Telnyx, once; raises a CarrierError that tells if it may have been taken.

    Without a sender, a number of the messaging profile's pool is chosen by Telnyx.
    """
    path = wire.MESSAGES if text.sender else wire.NUMBER_POOL
    headers = {
        "Authorization": f"Bearer {credentials.key}",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    if text.reference:
        headers["Idempotency-Key"] = text.reference
    body = orjson.dumps(_document(text, credentials))
    return judge(post(http, _root(credentials.base_url) + path, headers=headers, body=body))


def _root(base_url: str) -> str:
    """Telnyx's own clients want the /v2 in their base address, so people bring it along."""
    return (base_url or wire.BASE_URL).rstrip("/").removesuffix("/v2")


def _document(text: OutboundText, credentials: Credentials) -> dict[str, object]:
    """`use_profile_webhooks` stays as it is: should our address fail, the profile's is tried, and
    a receipt that comes by both changes nothing."""
    document = {
        "from": text.sender,
        "to": text.recipient,
        "text": clean(text.body),
        "subject": clean(text.subject),
        "media_urls": text.media_urls,
        "type": "MMS" if text.media_urls else "",
        "messaging_profile_id": credentials.settings.get("messaging_profile_id"),
        "webhook_url": text.webhook_url,
        "encoding": "" if text.media_urls else text.encoding,
    }
    return {name: value for name, value in document.items() if value}
