"""What Pingram's JSON looks like, for both sides of a conversation with it.

Sending: https://www.pingram.io/docs/reference and the official clients, PyPI pingram-python and npm
pingram. Webhooks: https://github.com/pingram-io/skills, its pages pingram-webhooks, pingram-inbound
and pingram-sms; their signature is only in the clients.
"""

import hashlib
import hmac
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from smsinbox.dialects.base import Credentials, Rank
from smsinbox.dialects.reading import Address, CarrierId, Wire, short

BASE_URL = "https://api.pingram.io"
SEND_PATH = "/sms"
SECRET_PREFIX = "pingram_whsecret_"
TYPE_SETTING = "notification_type"
DEFAULT_TYPE = "support_reply"
CHANNEL = "SMS"

ID_HEADER = "X-Pingram-Id"
TIMESTAMP_HEADER = "X-Pingram-Timestamp"
SIGNATURE_HEADER = "X-Pingram-Signature"
TOLERANCE_SECONDS = 300

INBOUND = "SMS_INBOUND"
# There is no event for a text that is merely sent.
RANKS = {"SMS_DELIVERED": Rank.DELIVERED, "SMS_FAILED": Rank.UNDELIVERED}
OPTED_OUT = {"SMS_UNSUBSCRIBE": True, "SMS_SUBSCRIBE": False}

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_ID = re.compile(r"[\x21-\x7e]{1,200}")


class Envelope(Wire):
    event: str = Field(validation_alias="eventType", min_length=1, max_length=100)


class Inbound(Wire):
    """`trackingId` is the text's own id. Older bodies have `lastTrackingId` in its place, which is
    the id of the last text that went the other way."""

    sender: Address = Field(validation_alias="from")
    recipient: Address = Field(validation_alias="to")
    text: str | None = None
    tracking_id: CarrierId | None = Field(default=None, validation_alias="trackingId")
    last_tracking_id: Any = Field(default=None, validation_alias="lastTrackingId")
    received_at: Any = Field(default=None, validation_alias="receivedAt")
    media: Any = None


class Report(Wire):
    tracking_id: CarrierId = Field(validation_alias="trackingId")
    user_id: Any = Field(default=None, validation_alias="userId")
    failure_code: Any = Field(default=None, validation_alias="failureCode")


class Consent(Wire):
    user_id: Any = Field(default=None, validation_alias="userId")
    recipient: Address | None = Field(default=None, validation_alias="to")


class SentAnswer(Wire):
    """A success; with an error beside the id it is none, whatever its status."""

    id: CarrierId = Field(validation_alias="trackingId")
    error: None = None


def _words(value: object) -> str:
    return short(value, 400) or ""


Words = Annotated[str, BeforeValidator(_words)]


class Problem(Wire):
    code: Words = ""
    message: Words = ""
    fix: Words = ""
    provider: Words = ""
    provider_code: Words = Field(default="", validation_alias="providerCode")

    @property
    def detail(self) -> str:
        """What Pingram says about it, its fix, and whose codes these are."""
        behind = f"{self.provider} {self.provider_code}".strip()
        codes = ", ".join(filter(None, (self.code, behind)))
        return " ".join(filter(None, (self.message, self.fix, codes and f"({codes})")))


class ErrorAnswer(Wire):
    error: Problem


def is_phone(value: str) -> bool:
    return _E164.fullmatch(value) is not None


def is_id(value: str) -> bool:
    return _ID.fullmatch(value) is not None


def type_of(credentials: Credentials) -> str:
    """The notification type that the account's texts go under."""
    return credentials.settings.get(TYPE_SETTING) or DEFAULT_TYPE


def sign(secret: str, webhook_id: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `<id>.<timestamp>.<body>` with the whole secret, as the header has it."""
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + hmac.digest(secret.encode(), signed, hashlib.sha256).hex()
