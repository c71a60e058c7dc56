"""What Telnyx's JSON looks like, for both sides of a conversation with it.

Documented at https://developers.telnyx.com/api-reference/messages/send-a-message and
https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks. Only what a text or a
receipt cannot be without is required: a strange cost or file is no reason to lose either.
"""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from smsinbox.dialects.base import Cost, Rank
from smsinbox.dialects.reading import Address, CarrierId, Wire, short

BASE_URL = "https://api.telnyx.com"
MESSAGES = "/v2/messages"
NUMBER_POOL = "/v2/messages/number_pool"
LONG_CODE = "/v2/messages/long_code"
SHORT_CODE = "/v2/messages/short_code"
ALPHANUMERIC = "/v2/messages/alphanumeric_sender_id"
SCHEDULE = "/v2/messages/schedule"

RECEIVED = "message.received"
SENT = "message.sent"
FINALIZED = "message.finalized"
# The last two are named by some pages only; they come with RCS and the like.
REPORTS = (SENT, FINALIZED, "message.delivered", "message.read")

BREAKDOWN = ("carrier_fee", "rate")
_MOST_MONEY = 10**9

# Webhooks, detail records and the search of those have three sets of words for the same; all are
# understood: https://developers.telnyx.com/docs/messaging/messages/message-detail-records
RANKS: dict[str, Rank] = {
    "scheduled": Rank.QUEUED,
    "queued": Rank.QUEUED,
    "sending": Rank.QUEUED,
    "sent": Rank.SENT,
    "delivery_unconfirmed": Rank.UNCONFIRMED,
    "dlr_unconfirmed": Rank.UNCONFIRMED,
    "dlr_timeout": Rank.UNCONFIRMED,
    "delivery_failed": Rank.UNDELIVERED,
    "sending_failed": Rank.UNDELIVERED,
    "failed": Rank.UNDELIVERED,
    "gw_reject": Rank.UNDELIVERED,
    "gw_timeout": Rank.UNDELIVERED,
    "expired": Rank.UNDELIVERED,
    "cancelled": Rank.UNDELIVERED,
    "delivered": Rank.DELIVERED,
    "read": Rank.DELIVERED,
}


def _or_none(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    try:
        return validate(value)
    except ValidationError:
        return None


def _first(value: object) -> object:
    """Addressees come as a list of one, and from other channels without a list."""
    return value[0] if isinstance(value, list) and value else value


def _phone(value: object) -> object:
    """Older examples have a bare string where the newer ones have an object."""
    value = _first(value)
    return value.get("phone_number") if isinstance(value, dict) else value


def _status(value: object) -> object:
    value = _first(value)
    return value.get("status") if isinstance(value, dict) else None


def _list(value: object) -> object:
    return value if isinstance(value, list) else []


def _money(value: object) -> Cost | None:
    try:
        price = Price.model_validate(value)
        amount = Decimal(str(price.amount))
    except (ValidationError, InvalidOperation):
        return None
    if not amount.is_finite() or not 0 <= amount <= _MOST_MONEY:
        return None
    return Cost(round(amount * 1_000_000), price.currency.upper())


class Price(Wire):
    """`amount` is a number on some pages and a string on others."""

    amount: int | float | Annotated[str, Field(max_length=40)]
    currency: str = Field(pattern=r"\A[A-Za-z]{3}\z")


Person = Annotated[Address, BeforeValidator(_phone)]
LoosePerson = Annotated[Person | None, WrapValidator(_or_none)]
LooseStatus = Annotated[
    Annotated[str, Field(min_length=1, max_length=100)] | None,
    WrapValidator(_or_none),
    BeforeValidator(_status),
]
LooseText = Annotated[str | None, WrapValidator(_or_none)]
Parts = Annotated[Annotated[int, Field(ge=1, le=1000)] | None, WrapValidator(_or_none)]
Size = Annotated[Annotated[int, Field(ge=0, lt=2**53)] | None, WrapValidator(_or_none)]
Hash = Annotated[
    Annotated[str, Field(pattern=r"\A[0-9a-fA-F]{64}\z")] | None,
    WrapValidator(_or_none),
]
Money = Annotated[Any, BeforeValidator(_money)]
Loose = Annotated[list[Any], BeforeValidator(_list)]


class EventData(Wire):
    event_type: str = Field(min_length=1, max_length=100)
    occurred_at: Any = None
    payload: Any = None


class Envelope(Wire):
    data: EventData


class Channel(Wire):
    """Of any message: which way it went, and over what."""

    direction: Any = None
    type: Any = None


class ReceivedMessage(Wire):
    id: CarrierId
    sender: Person = Field(validation_alias="from")
    recipient: Person = Field(validation_alias="to")
    text: str | None = None
    subject: LooseText = None
    media: Loose = Field(default_factory=list)
    received_at: Any = None
    autoresponse_type: Any = None


class MediaFile(Wire):
    """The hash has two names: one in the guides, one in the official clients."""

    url: str = Field(min_length=1, max_length=4000)
    content_type: LooseText = None
    size: Size = None
    sha256: Hash = None
    hash_sha256: Hash = None


class Problem(Wire):
    """What went wrong, at sending or later; the pages of Telnyx disagree about some codes, so its
    title counts too."""

    code: Any = None
    title: LooseText = None
    detail: LooseText = None

    @property
    def number(self) -> str:
        return short(self.code, 100) or ""

    @property
    def said(self) -> str:
        """Title and detail in one sentence."""
        return ": ".join(dict.fromkeys(filter(None, (self.title, self.detail))))


class Report(Wire):
    """What is told about a message of ours, in answers and in webhooks."""

    id: CarrierId
    sender: LoosePerson = Field(default=None, validation_alias="from")
    recipient: LoosePerson = Field(default=None, validation_alias="to")
    status: LooseStatus = Field(default=None, validation_alias="to")
    sent_at: Any = None
    completed_at: Any = None
    price: Money = Field(default=None, validation_alias="cost")
    cost_breakdown: Any = None
    parts: Parts = None
    errors: Loose = Field(default_factory=list)

    @property
    def cost(self) -> Cost | None:
        """With its parts, those of them that can be read."""
        price: Cost | None = self.price
        if price is None or not isinstance(self.cost_breakdown, dict):
            return price
        read = {name: _money(self.cost_breakdown.get(name)) for name in BREAKDOWN}
        return replace(price, breakdown={name: one for name, one in read.items() if one})


class SentAnswer(Wire):
    data: Report


class Problems(Wire):
    errors: Loose = Field(default_factory=list)


def problems(errors: list[Any]) -> list[Problem]:
    """Those of a list of errors that can be read."""
    return [Problem.model_validate(each) for each in errors if isinstance(each, dict)]
