"""What programs ask of us in the legacy API's words: JSON or a form, an SMS or an MMS.

https://developers.telnyx.com/docs/v1/messaging/quickstarts/sending-sms-and-mms and
https://support.telnyx.com/en/articles/3102823-mms-sending-and-receiving
"""

import re

from smsinbox.core.text import clean
from smsinbox.dialects.base import Asked, OutboundText
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.reading import host_of
from smsinbox.dialects.telnyx_v1 import wire

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORT_CODE = r"[0-9]{3,8}"
_ALPHANUMERIC = r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}"
_SENDER = re.compile(rf"{_E164.pattern}|{_SHORT_CODE}|{_ALPHANUMERIC}")
_MEDIA_LIMIT = 10  # error 40317
_TRUTHS = {"true": True, "false": False, "": False}


def accept(_path: str, body: bytes) -> Asked:
    """The text that a program asks for; without a `from` we choose one; raises Refusal.

    Only an MMS may go without words. Delivery reports go nowhere but to the addresses given here,
    because this API knows none of a profile.
    """
    fields = _fields(body)
    media_urls = _media_urls(fields.get("media_urls"))
    text = OutboundText(
        sender=_sender(fields),
        recipient=_recipient(fields),
        body=_string(fields, "body"),
        media_urls=media_urls,
        subject=_string(fields, "subject"),
    )
    if not text.body and not media_urls:
        raise Refusal(Reason.NO_CONTENT, "'body' must not be empty.", field="body")
    return Asked(
        text,
        kind="MMS" if media_urls else "SMS",
        webhook_urls=_webhook_urls(fields),
        use_profile_webhooks=False,
        refuse_unhealthy=_truth(fields, "check_sender_health"),
    )


def _fields(body: bytes) -> dict[str, object]:
    """All at one level: an MMS has its text, subject and files in an object named `body`."""
    try:
        document = wire.document(body)
    except ValueError:
        raise Refusal(Reason.BAD_REQUEST, "The body is neither JSON nor a form.") from None
    nested = document.get("body")
    if isinstance(nested, dict):
        return nested | document | {"body": nested.get("text")}
    return document


def _string(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refusal(Reason.BAD_VALUE, f"'{name}' must be a string.", field=name)
    return clean(value)


def _sender(fields: dict[str, object]) -> str:
    sender = _string(fields, "from")
    if sender and not _SENDER.fullmatch(sender):
        detail = "'from' must be a phone number in +E.164 format, a short code or a name."
        raise Refusal(Reason.BAD_SENDER, detail, field="from")
    return sender


def _recipient(fields: dict[str, object]) -> str:
    recipient = _string(fields, "to")
    if not recipient:
        raise Refusal(Reason.BAD_VALUE, "'to' is missing.", field="to")
    if not _E164.fullmatch(recipient):
        detail = "'to' must be a phone number in +E.164 format."
        raise Refusal(Reason.BAD_RECIPIENT, detail, field="to")
    return recipient


def _webhook_urls(fields: dict[str, object]) -> tuple[str, ...]:
    """The primary one first; an empty one is none."""
    names = ("delivery_status_webhook_url", "delivery_status_failover_url")
    found = {name: url for name in names if (url := _string(fields, name))}
    for name, url in found.items():
        if not host_of(url):
            raise Refusal(Reason.BAD_VALUE, f"'{name}' must match ^(https?://).", field=name)
    return tuple(found.values())


def _truth(fields: dict[str, object], name: str) -> bool:
    """Forms have no booleans, so the words for them do."""
    value = fields.get(name)
    if isinstance(value, bool):
        return value
    truth = _TRUTHS.get(_string(fields, name).lower())
    if truth is None:
        raise Refusal(Reason.BAD_VALUE, f"'{name}' must be true or false.", field=name)
    return truth


def _media_urls(value: object) -> tuple[str, ...]:
    """Addresses, bare or each in an object under its kind, as in `{"img": "https://..."}`."""
    if not value:
        return ()
    urls = []
    for each in value if isinstance(value, list) else [value]:
        url = next(iter(each.values()), None) if isinstance(each, dict) else each
        if not isinstance(url, str) or not host_of(url):
            detail = "'media_urls' must be a list of addresses that begin with http[s]://."
            raise Refusal(Reason.BAD_MEDIA, detail, field="media_urls")
        urls.append(url)
    if len(urls) > _MEDIA_LIMIT:
        detail = f"'media_urls' may have {_MEDIA_LIMIT} addresses."
        raise Refusal(Reason.BAD_MEDIA, detail, field="media_urls")
    return tuple(urls)
