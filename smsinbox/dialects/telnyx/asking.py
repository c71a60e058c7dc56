"""Reading what a program asks of us as Telnyx: every field, and what each of the paths demands.

https://developers.telnyx.com/api-reference/messages/send-a-message and its siblings. Telnyx does
not say which status and code each fault gets beyond the codes' own meanings; the choice is ours.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

from smsinbox.core import clock
from smsinbox.core.segments import forcing, measure
from smsinbox.core.text import clean
from smsinbox.dialects.base import Asked, OutboundText
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.reading import URL_LIMIT, asked_object, host_of, moment
from smsinbox.dialects.telnyx import wire

Document: TypeAlias = dict[str, object]

MOST_MEDIA = 10
MOST_PARTS = 10
UCS2_LIMIT = 670  # UTF-16 units, the ten parts of a text that must be UCS-2
MMS_TEXT_LIMIT = 5000  # ours: Telnyx names none
MOST_TAGS, TAG_LIMIT = 50, 100  # ours, too
SOONEST, LATEST = timedelta(minutes=5), timedelta(days=5)

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORT_CODE = re.compile(r"[0-9]{5,6}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_PROFILE = re.compile(r"[\x21-\x7e]{1,100}")

# What Telnyx replaces before it says that GSM-7 lacks a character; by what exactly is ours:
# https://developers.telnyx.com/docs/messaging/messages/smart-encoding
_REPLACEMENT = (
    str.maketrans(dict.fromkeys("‘’‚‛′`´", "'"))
    | str.maketrans(dict.fromkeys("“”„‟″", '"'))
    | str.maketrans(dict.fromkeys("‐‑‒–—―", "-"))
    | str.maketrans(dict.fromkeys("\t\u00a0\u2002\u2003\u2009", " "))
    | str.maketrans({"…": "...", "\u200b": "", "\ufeff": ""})
)


def read(path: str, body: bytes) -> Asked:
    """What a program asks for at one of Telnyx's paths; raises Refusal."""
    document = asked_object(body)
    media = _media(document)
    kind = _kind(document, media)
    encoding = _encoding(document)
    text = OutboundText(
        sender=_sender(path, document, media),
        recipient=_recipient(document),
        body=_content(document, kind, encoding, media),
        media_urls=media,
        subject=_string(document, "subject"),
    )
    return Asked(
        text,
        kind=kind,
        profile=_profile(document),
        send_at=_send_at(path, document),
        webhook_urls=_webhooks(document),
        has_failover_alone=_has_failover_alone(document),
        use_profile_webhooks=_flag(document, "use_profile_webhooks", True),
        refuse_many_parts=_flag(document, "auto_detect", False),
        encoding=encoding,
        tags=_tags(document),
    )


def _bad(field: str, words: str, reason: Reason = Reason.BAD_VALUE) -> Refusal:
    return Refusal(reason, f"The '{field}' {words}.", field=field)


def _string(document: Document, field: str) -> str:
    """A field that may be missing or null, which is the same."""
    value = document.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _bad(field, "must be a string")
    return clean(value)


def _flag(document: Document, field: str, default: bool) -> bool:
    value = document.get(field)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise _bad(field, "must be true or false")
    return value


def _choice(document: Document, field: str, choices: tuple[str, ...]) -> str:
    value = _string(document, field)
    if value and value not in choices:
        raise _bad(field, f"must be one of {', '.join(choices)}")
    return value


def _url(value: str, field: str, reason: Reason = Reason.BAD_VALUE) -> str:
    if not host_of(value):
        words = f"must be an http or https address of at most {URL_LIMIT} characters"
        raise _bad(field, words, reason)
    return value


def _recipient(document: Document) -> str:
    recipient = _string(document, "to")
    if not (_E164.fullmatch(recipient) or _SHORT_CODE.fullmatch(recipient)):
        words = "address must be one phone number in E.164 format, or a short code"
        raise _bad("to", words, Reason.BAD_RECIPIENT)
    return recipient


def _profile(document: Document) -> str:
    profile = _string(document, "messaging_profile_id")
    if profile and not _PROFILE.fullmatch(profile):
        raise _bad("messaging_profile_id", "is not the id of a profile")
    return profile


def _needs_profile(document: Document, why: str) -> None:
    if not _profile(document):
        raise _bad("messaging_profile_id", f"is missing, and {why}")


def _sender(path: str, document: Document, media: tuple[str, ...]) -> str:
    """The sender, by the rule of the path; an empty one stands for the number pool."""
    sender = _string(document, "from")
    rule = _SENDERS.get(path, _any_sender)
    if (words := rule(sender)) is not None:
        raise _bad("from", words, Reason.BAD_SENDER)
    if not sender:
        _needs_profile(document, "without a 'from' the number pool of a profile is needed")
    elif _is_name(sender):
        _needs_profile(document, "an alphanumeric 'from' needs one")
        if media:
            raise _bad("from", "is alphanumeric and cannot send MMS", Reason.BAD_SENDER)
    return sender


def _is_name(sender: str) -> bool:
    return _NAME.fullmatch(sender) is not None


def _any_sender(sender: str) -> str | None:
    if not sender or _is_name(sender) or _SHORT_CODE.fullmatch(sender) or _E164.fullmatch(sender):
        return None
    return "must be a phone number in E.164 format, a short code or an alphanumeric sender ID"


def _no_sender(sender: str) -> str | None:
    return "is chosen from the number pool and must not be given" if sender else None


def _long_code(sender: str) -> str | None:
    return None if _E164.fullmatch(sender) else "must be a phone number in E.164 format"


def _short_code(sender: str) -> str | None:
    return None if _SHORT_CODE.fullmatch(sender) else "must be a short code of 5 or 6 digits"


def _name(sender: str) -> str | None:
    if _is_name(sender):
        return None
    return "must be 1 to 11 letters, digits or spaces, with at least one letter"


_SENDERS: dict[str, Callable[[str], str | None]] = {
    wire.NUMBER_POOL: _no_sender,
    wire.LONG_CODE: _long_code,
    wire.SHORT_CODE: _short_code,
    wire.ALPHANUMERIC: _name,
}


def _media(document: Document) -> tuple[str, ...]:
    urls = document.get("media_urls")
    if urls is None:
        return ()
    if not isinstance(urls, list) or len(urls) > MOST_MEDIA:
        words = f"must be a list of at most {MOST_MEDIA} addresses"
        raise _bad("media_urls", words, Reason.BAD_MEDIA)
    texts = (each if isinstance(each, str) else "" for each in urls)
    return tuple(_url(each, "media_urls", Reason.BAD_MEDIA) for each in texts)


def _kind(document: Document, media: tuple[str, ...]) -> str:
    kind = _choice(document, "type", ("SMS", "MMS"))
    if kind == "SMS" and media:
        raise _bad("type", "cannot be SMS when there are media_urls")
    if kind == "MMS" and not media:
        raise _bad("media_urls", "are missing, and MMS needs them", Reason.NO_CONTENT)
    return kind or ("MMS" if media else "SMS")


def _encoding(document: Document) -> str:
    encoding = _choice(document, "encoding", ("auto", "gsm7", "ucs2"))
    return "" if encoding == "auto" else encoding


def _content(document: Document, kind: str, encoding: str, media: tuple[str, ...]) -> str:
    text = _string(document, "text")
    if not text and not media:
        raise _bad("text", "is empty, and there are no media_urls", Reason.NO_CONTENT)
    # It leaves as it is replaced, so that a carrier that is not told the encoding chooses the same.
    on_air = text.translate(_REPLACEMENT) if encoding == "gsm7" else text
    if encoding == "gsm7" and forcing(on_air) is not None:
        raise _bad("text", "has characters that GSM-7 does not have", Reason.BAD_REQUEST)
    if _is_too_long(on_air, kind, encoding):
        words = f"has more than {MOST_PARTS} parts, or {MMS_TEXT_LIMIT} characters in an MMS"
        raise _bad("text", words, Reason.TOO_LONG)
    return on_air


def _is_too_long(text: str, kind: str, encoding: str) -> bool:
    if kind == "MMS":
        return len(text) > MMS_TEXT_LIMIT
    if encoding == "ucs2":
        return len(text.encode("utf-16-le")) > 2 * UCS2_LIMIT
    return measure(text).parts > MOST_PARTS


def _webhooks(document: Document) -> tuple[str, ...]:
    """In the order in which they are tried."""
    fields = ("webhook_url", "webhook_failover_url")
    return tuple(_url(url, field) for field in fields if (url := _string(document, field)))


def _has_failover_alone(document: Document) -> bool:
    first, second = (_string(document, f"webhook_{word}") for word in ("url", "failover_url"))
    return bool(second) and not first


def _tags(document: Document) -> tuple[str, ...]:
    """Telnyx shows tags of a message and documents no way to give them; ours is the same name."""
    tags = document.get("tags")
    if tags is None:
        return ()
    if not isinstance(tags, list) or len(tags) > MOST_TAGS:
        raise _bad("tags", f"must be a list of at most {MOST_TAGS} strings")
    return tuple(_tag(each) for each in tags)


def _tag(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= TAG_LIMIT:
        raise _bad("tags", f"must be strings of 1 to {TAG_LIMIT} characters")
    return clean(value)


def _send_at(path: str, document: Document) -> datetime | None:
    """Accurate to a minute: https://developers.telnyx.com/docs/messaging/messages/schedule-message"""
    written = _string(document, "send_at")
    if not written:
        if path == wire.SCHEDULE:
            raise _bad("send_at", "is missing")
        return None
    at = moment(written)
    if at is None:
        raise _bad("send_at", "must be a time in ISO 8601 format")
    if not SOONEST <= at - clock.now() <= LATEST:
        raise _bad("send_at", "must be 5 minutes to 5 days ahead")
    return at
