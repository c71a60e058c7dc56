"""We are Trunx's customer: check its webhooks, read them, hand it our texts."""

import hmac
import re

import httpx
import orjson
from pydantic import ValidationError

from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Accepted,
    Credentials,
    Event,
    InboundText,
    OutboundText,
    Receipt,
    SignedRequest,
    Unknown,
)
from smsinbox.dialects.errors import Forged, Unreadable
from smsinbox.dialects.http import post
from smsinbox.dialects.reading import moment, parse, places, short
from smsinbox.dialects.signatures import require_recent
from smsinbox.dialects.trunx import wire
from smsinbox.dialects.trunx.outcome import judge
from smsinbox.dialects.trunx.words import explain

__all__ = ["explain", "read", "send", "verify"]


def verify(request: SignedRequest, credentials: Credentials) -> None:
    """Raise Forged unless the body was signed with the account's secret, lately if it is timed."""
    if not credentials.secret:  # one that everybody knows
        raise Forged("This account has no webhook secret.", code="secret")
    signing = wire.Signing.of(credentials)
    timestamp = None
    if signing.timestamp_header:
        timestamp = _header(request, signing.timestamp_header)
        if not re.fullmatch(r"[0-9]{1,12}", timestamp):
            raise Forged("The timestamp is not a number of seconds.", code="timestamp")
    given = signing.bare(_header(request, signing.header))
    expected = signing.sign(credentials.secret, request.body, timestamp)
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        detail = "The signature does not hold: the secret is another one, or the body was altered."
        raise Forged(detail, code="signature")
    if timestamp:
        require_recent(int(timestamp))


def _header(request: SignedRequest, name: str) -> str:
    value = request.header(name)
    if not value:
        raise Forged(f"There is no {name} header.", code="header")
    return value


def read(request: SignedRequest) -> list[Event]:
    """The one event of a webhook; raises Unreadable and nothing else."""
    try:
        return [_event(wire.Envelope.model_validate(parse(request.body)))]
    except ValidationError as error:
        raise places(error) from None
    except ValueError as error:
        raise Unreadable("not JSON") from error


def _event(envelope: wire.Envelope) -> Event:
    event = clean(envelope.event)
    if event == wire.RECEIVED:
        received = wire.ReceivedData.model_validate(envelope.data)
        return InboundText(
            carrier_id=received.id,
            sender=received.sender,
            recipient=received.recipient,
            body=clean(received.message),
            occurred_at=moment(received.created_at),
        )
    if event in wire.RANKS:
        return _receipt(event, wire.ReceiptData.model_validate(envelope.data))
    return Unknown(event)


def _receipt(event: str, data: wire.ReceiptData) -> Receipt:
    code, reason = data.code, data.reason
    if isinstance(reason, dict):
        code = code or reason.get("code")
        reason = reason.get("message") or reason.get("detail")
    return Receipt(
        carrier_id=data.id,
        # The event decides: a status that contradicts it is only a word beside it.
        status=event.removeprefix("sms."),
        rank=wire.RANKS[event],
        sender=data.sender,
        recipient=data.recipient,
        occurred_at=moment(data.created_at),
        code=short(code, 100),
        detail=short(reason, 500),
    )


def send(text: OutboundText, credentials: Credentials, http: httpx.Client) -> Accepted:
    """Hand one text to Trunx, once; raises a CarrierError that tells if it may have been taken."""
    url = (credentials.base_url or wire.BASE_URL).rstrip("/") + wire.SEND_PATH
    headers = {
        "Authorization": f"Bearer {credentials.key}",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    document = {"from": text.sender, "to": text.recipient, "message": clean(text.body)}
    return judge(post(http, url, headers=headers, body=orjson.dumps(document)))
