"""We are a customer of Telnyx's legacy API: check its webhooks, read them, hand it our texts."""

import mimetypes
import re
from hmac import compare_digest

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
    Rank,
    Receipt,
    SignedRequest,
    Unknown,
)
from smsinbox.dialects.errors import Forged, Unreadable
from smsinbox.dialects.http import post
from smsinbox.dialects.reading import moment, places, short
from smsinbox.dialects.signatures import require_recent
from smsinbox.dialects.telnyx_v1 import wire
from smsinbox.dialects.telnyx_v1.outcome import judge
from smsinbox.dialects.telnyx_v1.words import explain

__all__ = ["explain", "read", "send", "verify"]

_SIGNATURE = re.compile(r"t=([0-9]{1,12}),h=(.+)")


def verify(request: SignedRequest, credentials: Credentials) -> None:
    """Raise Forged unless the profile's secret signed this, within five minutes of now.

    The signature is looked at first: then a time that is off means that a clock is.
    """
    if not credentials.secret:
        raise Forged("This account has no profile secret.", code="secret")
    header = request.header(wire.SIGNATURE_HEADER)
    if not header:
        raise Forged(f"There is no {wire.SIGNATURE_HEADER} header.", code="signature")
    found = _SIGNATURE.fullmatch(header.strip())
    if not found:
        detail = f"The {wire.SIGNATURE_HEADER} header is not t=<seconds>,h=<base64>."
        raise Forged(detail, code="signature")
    seconds, given = found.groups()
    expected = wire.sign(credentials.secret, seconds, request.body)
    if not compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        detail = "The signature does not hold: the secret is another, or the body was altered."
        raise Forged(detail, code="signature")
    require_recent(int(seconds))


def read(request: SignedRequest) -> list[Event]:
    """The one text or receipt of a webhook, JSON or form; raises Unreadable and nothing else."""
    try:
        return [_event(wire.document(request.body))]
    except ValidationError as error:
        raise places(error) from None
    except ValueError as error:
        raise Unreadable("neither JSON nor a form") from error


def _event(document: dict[str, object]) -> Event:
    """No name tells the kinds apart: a text's `body` is a string, a detail record's an object."""
    direction, body = document.get("direction"), document.get("body")
    is_text = isinstance(body, str) or (body is None and bool(document.get("media")))
    if direction != wire.OUTBOUND and (is_text or "status" not in document):
        return _text(wire.InboundPost.model_validate(document))
    mdr = wire.Mdr.model_validate(document)
    if direction == wire.INBOUND:  # the text itself comes in a post of its own
        return Unknown("mdr inbound", is_known=True)
    return _receipt(mdr)


def _text(inbound: wire.InboundPost) -> InboundText:
    media = _media(inbound.media)
    if inbound.body is None and not media:
        raise Unreadable("cannot read: body")
    return InboundText(
        carrier_id=inbound.sms_id,
        sender=inbound.sender,
        recipient=inbound.recipient,
        body=clean(inbound.body or ""),
        media=media,
    )


def _media(files: object) -> tuple[Media, ...]:
    """A file without a sane address is left out: the text is worth having without it."""
    found = []
    for each in files if isinstance(files, list) else ():
        try:
            file = wire.MediaFile.model_validate(each)
        except ValidationError:
            continue
        kind = short(file.content_type, 100) or ""
        found.append(Media(file.url, kind, wire.whole(file.size), wire.digest(file.hash_sha256)))
    return tuple(found)


def _receipt(mdr: wire.Mdr) -> Receipt:
    status = clean(mdr.status)
    rank = wire.RANKS.get(status)
    code, detail = wire.first_error(mdr.errors)
    if not code and rank is Rank.UNDELIVERED:
        code = status  # gw_reject and gw_timeout say more than nothing
    return Receipt(
        carrier_id=mdr.sms_id,
        status=status,
        rank=rank,
        sender=short(mdr.sender, 64),
        recipient=short(mdr.recipient, 64),
        occurred_at=wire.instant(mdr.updated) or moment(mdr.date_updated),
        code=code or None,
        detail=detail or None,
        cost=wire.money(mdr.cost, mdr.currency),
        segments=wire.whole(mdr.parts),
    )


def send(text: OutboundText, credentials: Credentials, http: httpx.Client) -> Accepted:
    """Hand one text over, once; raises a CarrierError that tells if it may have been taken.

    Without a sender, Telnyx chooses one of the profile's number pool.
    """
    url = (credentials.base_url or wire.BASE_URL).rstrip("/") + wire.SEND_PATH
    headers = {
        wire.SECRET_HEADER: credentials.secret,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    document: dict[str, object] = {"to": text.recipient, "body": _body(text)}
    if text.sender:
        document["from"] = text.sender
    if text.webhook_url:
        # The failover is posted to after one failure; how often the first is tried nobody says.
        document["delivery_status_webhook_url"] = text.webhook_url
        document["delivery_status_failover_url"] = text.webhook_url
    if credentials.settings.get("check_sender_health") == "true":
        document["check_sender_health"] = True
    return judge(post(http, url, headers=headers, body=orjson.dumps(document)))


def _body(text: OutboundText) -> str | dict[str, object]:
    """The text, or an object with the files of an MMS.

    The reference of this API has no MMS; Telnyx's help centre has this shape:
    https://support.telnyx.com/en/articles/3102823-mms-sending-and-receiving
    """
    if not text.media_urls:
        return clean(text.body)
    body: dict[str, object] = {"media_urls": [{_tag(url): url} for url in text.media_urls]}
    if text.body:
        body["text"] = clean(text.body)
    if text.subject:
        body["subject"] = clean(text.subject)
    return body


def _tag(url: str) -> str:
    """What SMIL, the language of an MMS, calls a file: by its ending, and else a picture."""
    kind = (mimetypes.guess_type(url)[0] or "").partition("/")[0]
    return kind if kind in ("audio", "video", "text") else "img"
