"""What Telnyx's legacy messaging API looks like, for both sides of a conversation with it.

Documented in part: https://developers.telnyx.com/docs/v1/messaging/quickstarts/sending-sms-and-mms
and https://developers.telnyx.com/development/migration/messaging-migration-guide. Failures are only
known from the programs that read them, so nothing in them is required.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from pydantic import AliasChoices, AliasPath, Field

from smsinbox.core import clock
from smsinbox.dialects.base import Cost, Rank
from smsinbox.dialects.reading import Address, CarrierId, Wire, parse, short

BASE_URL = "https://sms.telnyx.com"
SEND_PATH = "/messages"
SECRET_HEADER = "X-Profile-Secret"
SIGNATURE_HEADER = "X-Telnyx-Signature"
# Telnyx documents none, and its sample server checks none; ours.

INBOUND, OUTBOUND = "inbound", "outbound"
# https://developers.telnyx.com/docs/messaging/messages/message-detail-records
RANKS = {
    "queued": Rank.QUEUED,
    "sending": Rank.QUEUED,
    "sent": Rank.SENT,
    "dlr_timeout": Rank.UNCONFIRMED,
    "dlr_unconfirmed": Rank.UNCONFIRMED,
    "failed": Rank.UNDELIVERED,
    "gw_reject": Rank.UNDELIVERED,
    "gw_timeout": Rank.UNDELIVERED,
    "delivered": Rank.DELIVERED,
}

_FORM_FIELDS_LIMIT = 100
_LISTED = "media_urls"
_MICROS_LIMIT = 2**53


class InboundPost(Wire):
    """A text to one of our numbers; of an MMS, `body` is the subject and all text parts."""

    sms_id: CarrierId
    sender: Address = Field(validation_alias="from")
    recipient: Address = Field(validation_alias="to")
    body: str | None = None
    media: Any = None


class MediaFile(Wire):
    url: str = Field(pattern=r"\Ahttps?://[\x21-\x7e]{1,2000}\z")
    content_type: Any = None
    hash_sha256: Any = None
    size: Any = None


_PARTS = AliasChoices(AliasPath("body", "parts"), "parts")


class Mdr(Wire):
    """A message detail record; the oldest kind keeps numbers in `msg` and `parts` at the top."""

    sms_id: CarrierId = Field(validation_alias=AliasChoices("sms_id", "gw_sms_id"))
    status: str = Field(min_length=1, max_length=100)
    sender: Any = Field(
        default=None, validation_alias=AliasChoices("from", AliasPath("msg", "src"))
    )
    recipient: Any = Field(
        default=None, validation_alias=AliasChoices("to", AliasPath("msg", "dst"))
    )
    updated: Any = None
    date_updated: Any = None
    cost: Any = None
    currency: Any = None
    errors: Any = None
    parts: Any = Field(default=None, validation_alias=_PARTS)


class SentAnswer(Wire):
    """The first record of the text, of which only the id is needed."""

    sms_id: CarrierId
    parts: Any = Field(default=None, validation_alias=_PARTS)


class Failure(Wire):
    message: Any = None
    errors: Any = None


def sign(secret: str, seconds: str, body: bytes) -> str:
    """HMAC-SHA256 over `<seconds>.<raw body>` in base64."""
    signed = seconds.encode() + b"." + body
    return base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()


def document(body: bytes) -> dict[str, object]:
    """The fields of JSON or of a form, told apart by the body; raises ValueError.

    Of a form's repeated field the last counts, but `media_urls` is a list of all.
    """
    if body.lstrip().startswith(b"{"):
        found = parse(body)
        return found if isinstance(found, dict) else {}
    pairs = parse_qsl(
        body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FORM_FIELDS_LIMIT
    )
    form: dict[str, object] = dict(pairs)
    if _LISTED in form:
        form[_LISTED] = [value for name, value in pairs if name == _LISTED]
    return form


def first_error(errors: object) -> tuple[str, str]:
    """Code and words of the first of a list of errors, which are objects or bare codes."""
    first = errors[0] if isinstance(errors, list) and errors else None
    if isinstance(first, dict):
        words = short(first.get("detail"), 500) or short(first.get("title"), 500)
        return short(first.get("code"), 100) or "", words or ""
    word = short(first, 500) or ""
    return (word, "") if word.isdecimal() else ("", word)


def money(amount: object, currency: object) -> Cost | None:
    """None for what is no price; whether `amount` is a number or a string is not documented."""
    if isinstance(amount, bool) or not isinstance(amount, str | int | float):
        return None
    if not isinstance(currency, str) or not re.fullmatch(r"[A-Za-z]{3}", currency):
        return None
    try:
        micros = Decimal(str(amount)) * 1_000_000
    except ArithmeticError:
        return None
    if not micros.is_finite() or not 0 <= micros < _MICROS_LIMIT:
        return None
    return Cost(round(micros), currency.upper())


def instant(millis: object) -> datetime | None:
    """Milliseconds since 1970 as aware UTC; None for what is no such number."""
    if isinstance(millis, bool) or not isinstance(millis, int | float):
        return None
    try:
        return clock.EPOCH + timedelta(milliseconds=millis)
    except (OverflowError, ValueError):
        return None


def whole(value: object) -> int | None:
    """A number of bytes or parts; None for what cannot be one."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < 2**31 else None


def digest(value: object) -> str:
    """A SHA-256 in lower-case hex, or nothing."""
    word = short(value, 65) or ""
    return word.lower() if re.fullmatch(r"[0-9a-fA-F]{64}", word) else ""
