"""What Trunx's JSON looks like, for both sides of a conversation with it.

Documented at https://trunx.ai/docs/api/sms and /docs/api/errors. The bodies of receipts, the
signature's header and recipe are not public: those defaults are ours, and an account can change
the recipe in its settings.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from pydantic import AliasChoices, Field

from smsinbox.dialects.base import Credentials, Rank
from smsinbox.dialects.reading import Address, CarrierId, Wire

BASE_URL = "https://api.trunx.io"
SEND_PATH = "/api/sms"
PROBLEM = "application/problem+json"
PROBLEM_TYPE = "https://api.trunx.io/errors/"
SIGNATURE_HEADER = "X-Trunx-Signature"
MESSAGE_LIMIT = 1600

RECEIVED = "sms.received"
RANKS = {
    "sms.sent": Rank.SENT,
    "sms.delivered": Rank.DELIVERED,
    "sms.failed": Rank.UNDELIVERED,
}


class Envelope(Wire):
    event: str = Field(
        validation_alias=AliasChoices("event", "eventType"), min_length=1, max_length=100
    )
    data: Any = Field(default=None, validation_alias=AliasChoices("data", "payload"))


class ReceivedData(Wire):
    id: CarrierId
    sender: Address = Field(validation_alias="from")
    recipient: Address = Field(validation_alias="to")
    message: str
    created_at: Any = Field(default=None, validation_alias=AliasChoices("created_at", "createdAt"))


class ReceiptData(Wire):
    """How a failure tells its reason is not documented, so the likely names are all tried."""

    id: CarrierId
    sender: Address | None = Field(default=None, validation_alias="from")
    recipient: Address | None = Field(default=None, validation_alias="to")
    status: str | None = Field(default=None, max_length=100)
    created_at: Any = Field(default=None, validation_alias=AliasChoices("created_at", "createdAt"))
    code: Any = Field(
        default=None, validation_alias=AliasChoices("error_code", "errorCode", "code")
    )
    reason: Any = Field(default=None, validation_alias=AliasChoices("reason", "error", "detail"))


class SentAnswer(Wire):
    id: CarrierId


class Problem(Wire):
    type: str = ""
    title: str = ""
    detail: str = ""

    @property
    def code(self) -> str:
        """The last step of the type's address, which is all that tells problems apart."""
        return self.type.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Signing:
    """How an account's webhooks are signed."""

    header: str
    prefix: str
    encoding: str
    timestamp_header: str

    @classmethod
    def of(cls, credentials: Credentials) -> "Signing":
        settings = credentials.settings
        return cls(
            header=settings.get("signature_header") or SIGNATURE_HEADER,
            prefix=settings.get("signature_prefix") or "",
            encoding=settings.get("signature_encoding") or "hex",
            timestamp_header=settings.get("timestamp_header") or "",
        )

    def sign(self, secret: str, body: bytes, timestamp: str | None) -> str:
        """HMAC-SHA256 over the raw body, or over `<timestamp>.<body>`; without the prefix."""
        signed = body if timestamp is None else timestamp.encode() + b"." + body
        digest = hmac.digest(secret.encode(), signed, hashlib.sha256)
        if self.encoding == "base64":
            return base64.b64encode(digest).decode()
        return digest.hex()

    def bare(self, value: str) -> str:
        """The digest of a header's value, without the prefix that it may have."""
        if self.prefix and value.startswith(self.prefix):
            return value.removeprefix(self.prefix)
        return value.removeprefix("sha256=")
