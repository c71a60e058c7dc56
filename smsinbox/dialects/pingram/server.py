"""We are Pingram: read what customers send, and answer as it would."""

import secrets
from datetime import datetime, timedelta

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.dialects.base import Asked, Change, Happening, OutboundText, SignedRequest, Taken
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.pingram import wire
from smsinbox.dialects.pingram.announcing import announce
from smsinbox.dialects.pingram.refusing import refuse
from smsinbox.dialects.pingram.showing import changed, show
from smsinbox.dialects.reading import asked_object, host_of, moment
from smsinbox.dialects.sides import Reply, Secrets

__all__ = [
    "EVENTS",
    "SEND_PATHS",
    "accept",
    "announce",
    "answer",
    "change",
    "changed",
    "key_of",
    "new_secrets",
    "refuse",
    "show",
]

SEND_PATHS = (wire.SEND_PATH,)
EVENTS = {
    Happening.RECEIVED: wire.INBOUND,
    Happening.FAILED: "SMS_FAILED",
    Happening.DELIVERED: "SMS_DELIVERED",
    Happening.OPTED_OUT: "SMS_UNSUBSCRIBE",
    Happening.OPTED_IN: "SMS_SUBSCRIBE",
}

# Ours: Pingram's newer pages name no limits. An older one said 800 ASCII characters.
MESSAGE_LIMIT = 1600
TYPE_LIMIT = 100
MEDIA_LIMIT = 10
LATEST = timedelta(days=366)


def key_of(request: SignedRequest) -> str | None:
    """The bearer key."""
    scheme, _, key = (request.header("Authorization") or "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def accept(_path: str, body: bytes) -> Asked:
    """The text a program asks for; raises Refusal.

    `to` and `from` must be E.164. Older clients also sent US numbers without their country code;
    Pingram's page calls that incorrect by now, and a guess might text a stranger.
    """
    document = asked_object(body)
    kind = _kind(document)
    recipient = _phone(document, "to", Reason.BAD_RECIPIENT)
    if not recipient:
        raise Refusal(Reason.BAD_RECIPIENT, "'to' is missing.", field="to")
    media_urls = _media(document)
    message = _message(_string(document, "message"), "message")
    if not message and not media_urls:
        raise Refusal(Reason.NO_CONTENT, "'message' is missing or empty.", field="message")
    sender = _phone(document, "from", Reason.BAD_SENDER)
    return Asked(
        OutboundText(sender, recipient, message, media_urls),
        kind=kind,
        send_at=_schedule(document),
        auto_reply=_auto_reply(document),
    )


def change(body: bytes) -> Change:
    """What is to be otherwise about a scheduled text; its words stand where /send has them, in
    `sms`, or at the top, where /sms has them."""
    document = asked_object(body)
    within = document.get("sms")
    words = document if within is None else within
    if not isinstance(words, dict):
        raise Refusal(Reason.BAD_VALUE, "'sms' must be an object.", field="sms")
    message = _message(_string(words, "message"), "message") or None
    at = _schedule(document)
    if message is None and at is None:
        raise Refusal(Reason.BAD_REQUEST, "Give another 'schedule', another message, or both.")
    return Change(at, message)


def _string(document: dict[str, object], name: str) -> str | None:
    """A field's text; None where it is missing or null."""
    value = document.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Refusal(Reason.BAD_VALUE, f"'{name}' must be a string.", field=name)
    return clean(value)


def _kind(document: dict[str, object]) -> str:
    kind = (_string(document, "type") or "").strip()
    if not 1 <= len(kind) <= TYPE_LIMIT:
        detail = f"'type' is required, with 1 to {TYPE_LIMIT} characters."
        raise Refusal(Reason.BAD_VALUE, detail, field="type")
    return kind


def _phone(document: dict[str, object], name: str, reason: Reason) -> str:
    """A phone number as it must be written, or "" where there is none."""
    number = _string(document, name)
    if number is None:
        return ""
    if not wire.is_phone(number):
        detail = f"'{name}' must be a phone number in E.164 format."
        raise Refusal(reason, detail, field=name)
    return number


def _message(message: str | None, name: str) -> str:
    if message and len(message) > MESSAGE_LIMIT:
        detail = f"'{name}' must have at most {MESSAGE_LIMIT} characters."
        raise Refusal(Reason.TOO_LONG, detail, field=name)
    return message or ""


def _media(document: dict[str, object]) -> tuple[str, ...]:
    urls = document.get("mediaUrls")
    if urls is None:
        return ()
    if not isinstance(urls, list) or len(urls) > MEDIA_LIMIT:
        detail = f"'mediaUrls' must be an array of at most {MEDIA_LIMIT} URLs."
        raise Refusal(Reason.BAD_MEDIA, detail, field="mediaUrls")
    if not all(isinstance(url, str) and _is_https(url) for url in urls):
        detail = "Everything in 'mediaUrls' must be an HTTPS URL."
        raise Refusal(Reason.BAD_MEDIA, detail, field="mediaUrls")
    return tuple(urls)


def _is_https(url: str) -> bool:
    """An https address, or plain http of this very machine, where no carrier but the sandbox is."""
    host = host_of(url)
    return bool(host) and (url.startswith("https://") or host in ("localhost", "127.0.0.1"))


def _schedule(document: dict[str, object]) -> datetime | None:
    value = _string(document, "schedule")
    if value is None:
        return None
    at = moment(value)
    if at is None:
        detail = "'schedule' must be a date and time in ISO 8601 format."
        raise Refusal(Reason.BAD_VALUE, detail, field="schedule")
    if at > clock.now() + LATEST:
        raise Refusal(Reason.BAD_VALUE, "'schedule' is more than a year ahead.", field="schedule")
    return at


def _auto_reply(document: dict[str, object]) -> str:
    reply = document.get("autoReply")
    if reply is None:
        return ""
    if not isinstance(reply, dict):
        raise Refusal(Reason.BAD_VALUE, "'autoReply' must be an object.", field="autoReply")
    name = "autoReply.message"
    message = _message(_string({name: reply.get("message")}, name), name)
    if not message:
        raise Refusal(Reason.BAD_VALUE, f"'{name}' is missing or empty.", field=name)
    return message


def answer(taken: Taken) -> Reply:
    """Taken. What Pingram writes into `messages` is not documented; these words are ours."""
    said = "SMS scheduled" if taken.asked.send_at else "SMS accepted"
    body: dict[str, object] = {"trackingId": taken.carrier_id, "messages": [said]}
    return Reply(200, body, "application/json", {})


def new_secrets() -> Secrets:
    """One secret on both sides."""
    secret = wire.SECRET_PREFIX + secrets.token_urlsafe(24)
    return Secrets(secret, secret)
