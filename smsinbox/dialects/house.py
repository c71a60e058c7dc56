"""Our own words for programs that speak no carrier's language: the only ones that tell of rules.

Signed as https://www.standardwebhooks.com has it: `webhook-signature` is `v1,` and, in base64, the
HMAC-SHA256 of `<webhook-id>.<webhook-timestamp>.<body>`; the key is what stands, in base64, behind
`whsec_`.
"""

import base64
import hashlib
import hmac
import secrets

import orjson

from smsinbox.core.i18n import _l
from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Announcement,
    ConsentChange,
    Credentials,
    Happening,
    InboundText,
    Posting,
    Progress,
    Rank,
    RuleFired,
    SignedRequest,
)
from smsinbox.dialects.reading import stamp
from smsinbox.dialects.sides import Secrets

NAME = "smsinbox"
LABEL = _l("smsinbox (our own)")
EVENTS = {
    Happening.RECEIVED: "text.received",
    Happening.SENT: "text.sent",
    Happening.UNCONFIRMED: "text.unconfirmed",
    Happening.FAILED: "text.failed",
    Happening.DELIVERED: "text.delivered",
    Happening.OPTED_OUT: "contact.opted_out",
    Happening.OPTED_IN: "contact.opted_in",
    Happening.RULE: "rule.fired",
}
_PROGRESS = {
    Rank.SENT: Happening.SENT,
    Rank.UNCONFIRMED: Happening.UNCONFIRMED,
    Rank.UNDELIVERED: Happening.FAILED,
    Rank.DELIVERED: Happening.DELIVERED,
}
_PREFIX = "whsec_"


def new_secrets() -> Secrets:
    """One secret on both sides."""
    secret = _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    return Secrets(secret, secret)


def announce(
    event: Announcement, credentials: Credentials, posting: Posting
) -> SignedRequest | None:
    """The signed webhook; None for a text that has not come as far as anything of ours."""
    told = _told(event)
    if told is None:
        return None
    happening, data = told
    document = {"id": posting.event_id, "type": EVENTS[happening], "data": data}
    body, timestamp = orjson.dumps(document), str(int(posting.now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": posting.event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": sign(credentials.secret, posting.event_id, timestamp, body),
    }
    return SignedRequest(headers, body)


def sign(secret: str, webhook_id: str, timestamp: str, body: bytes) -> str:
    """What the header says."""
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _told(event: Announcement) -> tuple[Happening, dict[str, object]] | None:
    match event:
        case InboundText():
            return Happening.RECEIVED, _inbound(event)
        case Progress():
            happening = _PROGRESS.get(event.rank)
            return None if happening is None else (happening, _progress(event))
        case ConsentChange():
            happening = Happening.OPTED_OUT if event.opted_out else Happening.OPTED_IN
            return happening, {"contact": event.sender, "number": event.recipient}
        case RuleFired():
            return Happening.RULE, _rule(event)


def _inbound(text: InboundText) -> dict[str, object]:
    return {
        "text_id": text.carrier_id,
        "from": text.sender,
        "to": text.recipient,
        "body": clean(text.body),
        "received_at": stamp(text.occurred_at) if text.occurred_at else None,
        "files": [{"url": file.url, "content_type": file.content_type} for file in text.media],
    }


def _progress(progress: Progress) -> dict[str, object]:
    return {
        "text_id": progress.taken.carrier_id,
        "from": progress.taken.text.sender,
        "to": progress.taken.text.recipient,
        "error": {"code": progress.code, "detail": progress.detail} if progress.code else None,
        "at": stamp(progress.occurred_at),
    }


def _rule(fired: RuleFired) -> dict[str, object]:
    contact, number = fired.contact, fired.number
    return {
        "rule": {"id": fired.rule_id, "name": fired.rule_name},
        "conversation_id": fired.conversation_id,
        "text_id": fired.text_id,
        "contact": {"id": contact.id, "phone": contact.phone, "name": contact.name},
        "number": {"id": number.id, "phone": number.phone, "name": number.name},
        "at": stamp(fired.at),
    }
