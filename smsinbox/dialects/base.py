"""The words every carrier's dialect shares: texts, receipts, and all the ways a send can go wrong.

    CarrierError
    ├── Unavailable    provably not taken: no connection, 429, 503+Retry-After   → queued again
    ├── Rejected       never will be: bad number, content, size                  → failed, with why
    │   └── OptedOut   the carrier says this person said STOP                    → failed, kept
    ├── Misconfigured  our key, balance or number is wrong                       → account paused
    ├── Uncertain      it may have been taken: time-out after sending, 500/502   → never resent
    └── Forged         a webhook signature that does not hold                    → 401, counted

`Unreadable` (genuine, but not something we can read) and `Refusal` (we are the carrier, and say no)
stand beside that tree, because neither tells anything about a carrier.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple, Protocol, TypeAlias

import httpx

RAW_LIMIT = 4096
DETAIL_LIMIT = 500


class Rank(IntEnum):
    """How far a text got on its way to the phone; over all its receipts, the highest wins."""

    NONE = 0
    QUEUED = 10
    SENT = 20
    UNCONFIRMED = 40
    UNDELIVERED = 50
    DELIVERED = 60


@dataclass(frozen=True, slots=True)
class Credentials:
    """What it takes of an Account to speak with its carrier.

    `settings` may hold `signature_header`, `signature_prefix`, `signature_encoding` ("hex" or
    "base64") and `timestamp_header` ("" for none); a dialect has a default for each.
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
class InboundText:
    carrier_id: str
    sender: str
    recipient: str
    body: str = field(repr=False)
    occurred_at: datetime | None = None


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


@dataclass(frozen=True, slots=True)
class ConsentChange:
    sender: str
    recipient: str
    opted_out: bool
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Genuine and well-formed, but about something that we do not follow; kept as ignored."""

    event: str


Event: TypeAlias = InboundText | Receipt | ConsentChange | Unknown
Announcement: TypeAlias = InboundText | Receipt


@dataclass(frozen=True, slots=True)
class OutboundText:
    sender: str
    recipient: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    carrier_id: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A carrier's code in words for an agent; whether pressing Resend unchanged can help at all."""

    words: str
    fix: str
    retry_makes_sense: bool


class CarrierError(Exception):
    """A carrier did not simply take our text.

    `detail` and `raw` (at most 4 KB) may quote the text; `str()` shows neither and is safe to log.
    """

    def __init__(
        self, detail: str = "", *, code: str | None = None, status: int | None = None, raw: str = ""
    ) -> None:
        super().__init__(code or type(self).__name__, status)
        self.code = code
        self.detail = detail[:DETAIL_LIMIT]
        self.status = status
        self.raw = raw.encode("utf-8", "replace")[:RAW_LIMIT].decode("utf-8", "ignore")

    def __str__(self) -> str:
        return f"{self.code or type(self).__name__} ({self.status or 'no answer'})"


class Unavailable(CarrierError):
    """Provably not taken; try again after `retry_after` seconds, if the carrier named a time."""

    def __init__(
        self,
        detail: str = "",
        *,
        code: str | None = None,
        status: int | None = None,
        raw: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail, code=code, status=status, raw=raw)
        self.retry_after = retry_after


class Rejected(CarrierError):
    """Not taken, and the same text never will be."""


class OptedOut(Rejected):
    """Not taken: the carrier knows that this person does not want texts."""


class Misconfigured(CarrierError):
    """Not taken, and no other text of this account will be, until an admin repairs something."""


class Uncertain(CarrierError):
    """Nobody can tell whether the carrier took it."""


class Forged(CarrierError):
    """A webhook that the carrier did not sign."""


class Unreadable(Exception):
    """A genuine webhook that says nothing we can read; the caller keeps it in quarantine."""


class Refusal(Exception):
    """Our no, as a carrier: a status, a short code, its title, a sentence for the programmer."""

    def __init__(
        self, status: int, code: str, title: str, detail: str, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{code} ({status})")
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.retry_after = retry_after


class Reply(NamedTuple):
    """What a make-believe or real server of ours answers a program with."""

    status: int
    body: dict[str, object]
    media_type: str
    headers: dict[str, str]


class Client(Protocol):
    """We are the carrier's customer."""

    def verify(self, request: SignedRequest, credentials: Credentials) -> None:
        """Raise Forged unless the carrier signed exactly this."""

    def read(self, body: bytes) -> list[Event]:
        """What a verified webhook says, never an empty list; raises Unreadable and nothing else."""

    def send(self, text: OutboundText, credentials: Credentials, http: httpx.Client) -> Accepted:
        """Hand one text over, once; `http` comes from `carrier_client()`. Raises CarrierError."""

    def explain(self, code: str | None) -> Explanation:
        """The carrier's code, or one of ours, in words for an agent."""


class Server(Protocol):
    """We are the carrier."""

    def accept(self, body: bytes) -> OutboundText:
        """The text a program asks us to send; raises Refusal."""

    def answer(self, carrier_id: str) -> Reply:
        """We took it."""

    def refuse(self, refusal: Refusal) -> Reply:
        """We did not."""

    def announce(
        self, event: Announcement, credentials: Credentials, now: datetime
    ) -> SignedRequest:
        """The signed webhook that tells a customer about an event."""


@dataclass(frozen=True, slots=True)
class Dialect:
    name: str
    label: str
    client: Client
    server: Server
