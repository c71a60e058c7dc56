"""The words every carrier's dialect shares: what texts, receipts and webhooks are.

The ways in which a send can go wrong are in errors.py, the two sides of a dialect in sides.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TypeAlias


class Rank(IntEnum):
    """How far a text got on its way to the phone; over all its receipts, the highest wins."""

    NONE = 0
    QUEUED = 10
    SENT = 20
    UNCONFIRMED = 40
    UNDELIVERED = 50
    DELIVERED = 60


class Stage(StrEnum):
    """Where a text that we took is, before any receipt tells more."""

    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENDING = "sending"
    CANCELED = "canceled"
    FAILED = "failed"  # it never left


class Happening(StrEnum):
    """What programs may hear of, in all dialects; each has names of its own for some of them."""

    RECEIVED = "received"
    SENT = "sent"  # the carrier has it
    UNCONFIRMED = "unconfirmed"  # nobody can tell whether it arrived
    FAILED = "failed"
    DELIVERED = "delivered"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    RULE = "rule"  # one of ours asks that programs know of a text


@dataclass(frozen=True, slots=True)
class Credentials:
    """What it takes of an Account to speak with its carrier.

    `settings` holds what else the dialect asks for (its `FIELDS`); what is missing has a default.
    """

    base_url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A webhook as it came in, before anybody believed it."""

    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def __post_init__(self) -> None:
        lowered = {name.lower(): value for name, value in self.headers.items()}
        object.__setattr__(self, "headers", lowered)

    def header(self, name: str) -> str | None:
        """One header, in whatever case it was sent."""
        return self.headers.get(name.lower())


@dataclass(frozen=True, slots=True)
class Media:
    """A file of an MMS, where the carrier keeps it; `size` in bytes, `sha256` in hex."""

    url: str
    content_type: str = ""
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """Money as a whole number of millionths, with what it is made of by the carrier's names."""

    micros: int
    currency: str
    breakdown: Mapping[str, "Cost"] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class InboundText:
    """`answered` is the consent word that the carrier has answered already, such as "STOP"."""

    carrier_id: str
    sender: str
    recipient: str
    body: str = field(repr=False)
    occurred_at: datetime | None = None
    media: tuple[Media, ...] = ()
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A carrier's report about a text; `rank` is None when its status is a word we do not know."""

    carrier_id: str
    status: str
    rank: Rank | None
    sender: str | None = None
    recipient: str | None = None
    occurred_at: datetime | None = None
    code: str | None = None
    detail: str | None = None
    cost: Cost | None = None
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """The carrier says that a person wants no texts, or wants them again.

    Without a `recipient` it holds for every number of the account. `event_id` is what a repeated
    webhook has in common with the first; a later change of mind has another.
    """

    sender: str
    recipient: str | None
    opted_out: bool
    occurred_at: datetime | None = None
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Genuine and well-formed, but about something that we do not follow; kept as ignored.
    `is_known` is what comes all the time, and means nothing to us on purpose."""

    event: str
    is_known: bool = False


Event: TypeAlias = InboundText | Receipt | ConsentChange | Unknown


@dataclass(frozen=True, slots=True)
class OutboundText:
    """A text to hand over. `webhook_url` is where its receipts should go, if it can be said for
    each text; `reference` is the same whenever this very text is handed over."""

    sender: str
    recipient: str
    body: str = field(repr=False)
    media_urls: tuple[str, ...] = ()
    subject: str = ""
    webhook_url: str = ""
    reference: str = ""
    encoding: str = ""  # "gsm7" or "ucs2" where a program insists on it


@dataclass(frozen=True, slots=True)
class Accepted:
    """The carrier has it, under this id of its own; the rest if its answer says so."""

    carrier_id: str
    cost: Cost | None = None
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asks of us, as a carrier: a text, and everything that it may say about it.

    Without a `sender` we choose one of the pool (`profile`). `webhook_urls` come in the order in
    which they are tried; `has_failover_alone` when the only one was named as the second. `kind` is
    the carrier's own: "SMS", "MMS" or a notification type.
    """

    text: OutboundText
    kind: str = ""
    profile: str = ""
    send_at: datetime | None = None
    webhook_urls: tuple[str, ...] = ()
    has_failover_alone: bool = False
    use_profile_webhooks: bool = True
    refuse_many_parts: bool = False
    refuse_unhealthy: bool = False
    encoding: str = ""  # "", "gsm7" or "ucs2"
    auto_reply: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A text that we, as a carrier, took: what answers and webhooks tell about it.

    Without a `stage` it waits for its time if it was asked to, and is on its way if not. `sent_at`
    is when it left us.
    """

    carrier_id: str
    asked: Asked
    at: datetime
    encoding: str
    segments: int
    rank: Rank = Rank.QUEUED
    cost: Cost | None = None
    stage: Stage | None = None
    media: tuple[Media, ...] = ()
    sent_at: datetime | None = None

    @property
    def files(self) -> tuple[Media, ...]:
        """What goes with it: all that is known of the files, or else where the program has them."""
        return self.media or tuple(Media(url) for url in self.text.media_urls)

    @property
    def waits(self) -> bool:
        """Whether it is scheduled and its time has not come."""
        stage = self.stage or (Stage.SCHEDULED if self.asked.send_at else Stage.QUEUED)
        return stage is Stage.SCHEDULED and self.rank <= Rank.QUEUED

    @property
    def text(self) -> OutboundText:
        return self.asked.text


@dataclass(frozen=True, slots=True)
class Change:
    """What a program wants to be otherwise about a text that waits; None leaves it as it is."""

    send_at: datetime | None = None
    body: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a text that we took has got: a receipt as we write it."""

    taken: Taken
    rank: Rank
    occurred_at: datetime
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a conversation, as our API knows it."""

    id: int
    phone: str
    name: str


@dataclass(frozen=True, slots=True)
class RuleFired:
    """A rule of ours asks that programs know of a text; no carrier has a word for it."""

    rule_id: int
    rule_name: str
    conversation_id: int
    text_id: int
    contact: End
    number: End
    at: datetime


Announcement: TypeAlias = InboundText | Progress | ConsentChange | RuleFired


@dataclass(frozen=True, slots=True)
class Posting:
    """One try to post a webhook: the event's own id, where to, the how manieth try, and when."""

    event_id: str
    url: str
    now: datetime
    attempt: int = 1
