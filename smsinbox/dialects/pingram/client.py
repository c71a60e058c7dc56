"""We are Pingram's customer: check its webhooks, read them, hand it our texts."""

import hashlib
import hmac
import re

import httpx
import orjson
from pydantic import ValidationError

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Accepted,
    ConsentChange,
    Credentials,
    Event,
    InboundText,
    Media,
    OutboundText,
    Receipt,
    SignedRequest,
    Unknown,
)
from smsinbox.dialects.errors import Forged, Unreadable
from smsinbox.dialects.http import post
from smsinbox.dialects.pingram import wire
from smsinbox.dialects.pingram.outcome import judge
from smsinbox.dialects.pingram.words import explain
from smsinbox.dialects.reading import moment, parse, places, short

__all__ = ["explain", "read", "send", "verify"]

_TIMESTAMP = re.compile(r"[0-9]{1,16}")
_SIGNATURE = re.compile(r"v1,[0-9a-f]{64}")


def verify(request: SignedRequest, credentials: Credentials) -> None:
    """Raise Forged unless the account's secret signed this body within these five minutes."""
    if not credentials.secret:  # one that everybody knows
        raise Forged("This account has no webhook secret.", code="secret")
    webhook_id = _header(request, wire.ID_HEADER)
    timestamp = _header(request, wire.TIMESTAMP_HEADER)
    signature = _header(request, wire.SIGNATURE_HEADER)
    if not wire.is_id(webhook_id):
        raise Forged(f"{wire.ID_HEADER} is not one word.", code="id")
    _require_fresh(timestamp)
    if not _SIGNATURE.fullmatch(signature):
        detail = f"{wire.SIGNATURE_HEADER} is not one signature: v1, and 64 small hex digits."
        raise Forged(detail, code="signature")
    expected = wire.sign(credentials.secret, webhook_id, timestamp, request.body)
    if not hmac.compare_digest(signature, expected):
        detail = "The signature does not hold: the secret is another one, or the body was altered."
        raise Forged(detail, code="signature")


def _header(request: SignedRequest, name: str) -> str:
    value = request.header(name)
    if not value:
        raise Forged(f"There is no {name} header.", code="header")
    return value


def _require_fresh(timestamp: str) -> None:
    if not _TIMESTAMP.fullmatch(timestamp):
        detail = f"{wire.TIMESTAMP_HEADER} is not a number of milliseconds."
        raise Forged(detail, code="timestamp")
    ahead = int(timestamp) - clock.now_micros() // 1000
    if abs(ahead) > wire.TOLERANCE_SECONDS * 1000:
        off = f"{abs(ahead) // 1000} s {'ahead of' if ahead > 0 else 'behind'} our clock"
        detail = f"The timestamp is {off}; {wire.TOLERANCE_SECONDS} s are allowed."
        raise Forged(detail, code="timestamp")


def read(request: SignedRequest) -> list[Event]:
    """The one event of a webhook; raises Unreadable and nothing else."""
    try:
        return [_event(parse(request.body), request)]
    except ValidationError as error:
        raise places(error) from None
    except ValueError as error:
        raise Unreadable("not JSON") from error


def _event(document: object, request: SignedRequest) -> Event:
    event = clean(wire.Envelope.model_validate(document).event)
    if event == wire.INBOUND:
        return _inbound(wire.Inbound.model_validate(document), request)
    if event in wire.RANKS:
        return _receipt(event, wire.Report.model_validate(document))
    if event in wire.OPTED_OUT:
        return _consent(event, wire.Consent.model_validate(document), request)
    return Unknown(event)


def _inbound(received: wire.Inbound, request: SignedRequest) -> InboundText:
    media = _media(received.media)
    if received.text is None and not media:
        raise Unreadable("cannot read: text")
    return InboundText(
        carrier_id=_id_of(received, request),
        sender=received.sender,
        recipient=received.recipient,
        body=clean(received.text or ""),
        occurred_at=moment(received.received_at),
        media=media,
    )


def _media(items: object) -> tuple[Media, ...]:
    """The files that have an address; a strange one is no reason to lose the text."""
    return tuple(
        Media(clean(url), short(item.get("contentType"), 100) or "")
        for item in (items if isinstance(items, list) else ())
        if isinstance(item, dict) and isinstance(url := item.get("url"), str) and url
    )


def _id_of(received: wire.Inbound, request: SignedRequest) -> str:
    """The text's own id, else that of the webhook, else a digest of its body.

    Never the id of the text that it answers: two answers to one text would become one.
    """
    for candidate in (received.tracking_id, request.header(wire.ID_HEADER)):
        if candidate and candidate != received.last_tracking_id and wire.is_id(candidate):
            return candidate
    return "smsinbox-" + hashlib.sha256(request.body).hexdigest()


def _receipt(event: str, report: wire.Report) -> Receipt:
    return Receipt(
        carrier_id=report.tracking_id,
        status=event.removeprefix("SMS_").lower(),
        rank=wire.RANKS[event],
        recipient=_phone(report.user_id),
        code=short(report.failure_code, 100),
    )


def _consent(event: str, consent: wire.Consent, request: SignedRequest) -> ConsentChange:
    sender = _phone(consent.user_id)
    if sender is None:
        raise Unreadable(f"{event} does not say whose number it is: userId is no phone number")
    event_id = request.header(wire.ID_HEADER) or ""
    return ConsentChange(sender, consent.recipient, wire.OPTED_OUT[event], event_id=event_id)


def _phone(user_id: object) -> str | None:
    """The user's number, if that is what they are known by."""
    return user_id if isinstance(user_id, str) and wire.is_phone(user_id) else None


def send(text: OutboundText, credentials: Credentials, http: httpx.Client) -> Accepted:
    """Hand one text to Pingram, once; raises a CarrierError that tells if it may have been taken.

    Without a sender Pingram takes the account's default number.
    """
    url = (credentials.base_url or wire.BASE_URL).rstrip("/") + wire.SEND_PATH
    headers = {
        "Authorization": f"Bearer {credentials.key}",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    document: dict[str, object] = {"type": wire.type_of(credentials), "to": text.recipient}
    if text.body or not text.media_urls:
        document["message"] = clean(text.body)
    if text.sender:
        document["from"] = text.sender
    if text.media_urls:
        document["mediaUrls"] = text.media_urls
    return judge(post(http, url, headers=headers, body=orjson.dumps(document)))
