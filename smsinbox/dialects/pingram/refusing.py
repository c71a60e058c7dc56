"""How we, as Pingram, say no: a status, a code, and what the program should do about it.

Pingram documents 400, 401, 402, 500 and 502, and no list of codes; ours are those of its log where
one fits. Of a wrong address and of being too fast or too busy it says nothing. There we keep to
HTTP, 404, 409, 429 and 503 with Retry-After: a 402 would tell a program that money is missing, and
a 500 or 502 would leave it in doubt about a text that was surely not taken.
"""

import uuid
from typing import NamedTuple

from smsinbox.core.text import clean
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.sides import Reply
from smsinbox.dialects.words import NO_FILE, NO_MEDIA


class _No(NamedTuple):
    status: int
    code: str
    fix: str
    provider_code: str = ""


_KEY = "Send a key of this inbox that may send texts, as Authorization: Bearer <key>."
_LATER = "Nothing was kept: send the same again later."
_SHORTER = "Shorten the message, or send it as several."

_NOS: dict[Reason, _No] = {
    Reason.BAD_REQUEST: _No(400, "BAD_REQUEST", "Send one JSON object with type, to and message."),
    Reason.BAD_VALUE: _No(400, "INVALID_FIELD", "Correct this field and send it again."),
    Reason.BAD_SENDER: _No(
        400, "INVALID_SENDER", "Use a number of this inbox in E.164, or leave 'from' out."
    ),
    Reason.BAD_RECIPIENT: _No(400, "INVALID_PHONE_NUMBER", "Use E.164, for example +13125550199."),
    Reason.NO_CONTENT: _No(400, "MISSING_SMS_MESSAGE", "Write a message, or give mediaUrls."),
    Reason.TOO_LONG: _No(400, "MESSAGE_TOO_LONG", _SHORTER),
    Reason.TOO_MANY_PARTS: _No(400, "MESSAGE_TOO_LONG", _SHORTER),
    Reason.BAD_MEDIA: _No(400, "INVALID_MEDIA", "Give at most 10 public HTTPS URLs."),
    Reason.NO_MEDIA: _No(
        400, "MEDIA_NOT_SUPPORTED", "Leave mediaUrls out, or send from another number."
    ),
    Reason.UNAUTHORIZED: _No(401, "UNAUTHORIZED", _KEY),
    Reason.FORBIDDEN: _No(401, "FORBIDDEN", _KEY),
    Reason.NOT_FOUND: _No(404, "NOT_FOUND", "Post texts to /sms."),
    Reason.TOO_LATE: _No(409, "ALREADY_SENT", "It has left or ended; send another text instead."),
    Reason.CONFLICT: _No(409, "CONFLICT", "Look at what was sent before, and send it anew."),
    # A person's STOP is what a Pingram program knows as the carrier's refusal behind a 502.
    Reason.OPTED_OUT: _No(
        502, "40300", "Do not text this person until they text START.", provider_code="40300"
    ),
    Reason.CONTENT: _No(400, "SPAM_CONTENT", "Rewrite the message."),
    Reason.UNHEALTHY: _No(400, "UNHEALTHY_SENDER", "Send from another number of this inbox."),
    Reason.QUOTA: _No(402, "USAGE_LIMIT", "Wait until tomorrow, or have the key's limit raised."),
    Reason.RATE: _No(429, "RATE_LIMIT", "Send more slowly; Retry-After says when to go on."),
    Reason.INTERNAL: _No(500, "INTERNAL_ERROR", "Look whether it was sent before you repeat it."),
    Reason.UNAVAILABLE: _No(503, "UNAVAILABLE", _LATER),
}
# Our own codes for what became of a text's files: what a program is told of them.
OF_FILES = {NO_FILE: _NOS[Reason.BAD_MEDIA].code, NO_MEDIA: _NOS[Reason.NO_MEDIA].code}


def refuse(refusal: Refusal) -> Reply:
    """Pingram's error body, with Retry-After where the refusal has one."""
    no = _NOS[refusal.reason]
    error: dict[str, object] = {
        "code": no.code,
        "message": clean(refusal.detail) or "This text was not accepted.",
        "fix": no.fix,
    }
    if no.provider_code:
        error |= {"provider": "smsinbox", "providerCode": no.provider_code}
    status = refusal.status or no.status
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = f"{refusal.retry_after:.0f}"
    body: dict[str, object] = {"trackingId": str(uuid.uuid4()), "error": error}
    return Reply(status, body, "application/json", headers)
