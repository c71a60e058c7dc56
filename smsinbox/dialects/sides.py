"""The two sides of a carrier's dialect: client (we are its customer) and server (we are it)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

import httpx

from smsinbox.core.i18n import _, _l
from smsinbox.dialects.base import (
    Accepted,
    Announcement,
    Asked,
    Credentials,
    Event,
    Happening,
    OutboundText,
    Posting,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.errors import Refusal


class Who(StrEnum):
    """Who can mend what went wrong."""

    AGENT = "you"
    ADMIN = "an admin"
    CARRIER = "the carrier"
    CONTACT = "the contact"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A carrier's code in words for an agent: what happened, what helps, who can do that, and
    whether pressing Resend unchanged can help at all."""

    words: str
    fix: str
    who: Who
    retry_makes_sense: bool


class Reply(NamedTuple):
    """What a make-believe or real server of ours answers a program with."""

    status: int
    body: dict[str, object]
    media_type: str
    headers: dict[str, str]


class Secrets(NamedTuple):
    """A new pair for webhooks: what signs them, and what proves that; often the same."""

    signs: str
    proves: str


class Client(Protocol):
    """We are the carrier's customer."""

    def verify(self, request: SignedRequest, credentials: Credentials) -> None:
        """Raise Forged unless the carrier signed exactly this."""

    def read(self, request: SignedRequest) -> list[Event]:
        """What a verified webhook says, never an empty list; raises Unreadable and nothing else.

        When a webhook is replayed, only its body is known."""

    def send(self, text: OutboundText, credentials: Credentials, http: httpx.Client) -> Accepted:
        """Hand one text over, once; `http` comes from `carrier_client()`. Raises CarrierError."""

    def explain(self, code: str | None) -> Explanation:
        """The carrier's code, or one of ours, in words for an agent."""


class Announcer(Protocol):
    """What happens here is told to programs."""

    @property
    def EVENTS(self) -> Mapping[Happening, str]:
        """What the things are called that it announces; it is silent about all others."""

    def new_secrets(self) -> Secrets:
        """Fresh ones for somebody's webhooks."""

    def announce(
        self, event: Announcement, credentials: Credentials, posting: Posting
    ) -> SignedRequest | None:
        """The signed webhook that tells a customer; None where nothing is said of it."""


class Server(Announcer, Protocol):
    """We are the carrier."""

    @property
    def SEND_PATHS(self) -> tuple[str, ...]:
        """Where programs post texts, below our root."""

    def key_of(self, request: SignedRequest) -> str | None:
        """The key that a program came with."""

    def accept(self, path: str, body: bytes) -> Asked:
        """What a program asks for at one of the paths; raises Refusal."""

    def answer(self, taken: Taken) -> Reply:
        """We took it."""

    def refuse(self, refusal: Refusal) -> Reply:
        """We did not."""


class Voice(NamedTuple):
    """A language in which programs may hear of what happens here."""

    label: str
    announcer: Announcer


class LoggedPost(NamedTuple):
    """One webhook as the carrier remembers posting it; `at` as it writes times."""

    event: str
    status: str
    attempts: int
    code: int | None
    at: str


class Registrar(Protocol):
    """Carriers that can be told by their API where our webhooks go."""

    def register(self, url: str, credentials: Credentials, http: httpx.Client) -> str:
        """Have webhooks posted there; the secret that signs them. Raises CarrierError."""

    def logs(self, url: str, credentials: Credentials, http: httpx.Client) -> list[LoggedPost]:
        """What became of the newest posts there. Raises CarrierError."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something that an account needs beside its name: `name` is key, secret or a setting.

    A value must be one of the `choices`, and match the whole `pattern`, where there are any.
    What only few need to change is `advanced`.
    """

    name: str
    label: str
    help: str = ""
    default: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()
    pattern: str = ""
    advanced: bool = False

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The choices as values with words, none of them where nothing is required."""
        nothing = () if self.required else (("", _("No")),)
        return nothing + tuple((choice, choice.capitalize()) for choice in self.choices)


MEDIA_HOSTS = Field(
    "media_hosts",
    _l("More hosts of files"),
    _l(
        "Pictures and other files are fetched from the carrier's own hosts; should it use others, "
        "name them here with commas between them."
    ),
    required=False,
    pattern=r"[a-z0-9-]+(\.[a-z0-9-]+)+(,[a-z0-9-]+(\.[a-z0-9-]+)+)*",
    advanced=True,
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One carrier's language; `base_url` is where the carrier itself listens.

    `has_media` is whether files can go with a text. Those that come do so from the `media_hosts`
    (".example.com" stands for every host below it) and those that the account's settings add.
    `takes_encoding` is whether it can be told to send words as UCS-2 that GSM-7 could say;
    `texts_short_codes`, whether a text may go to one.
    """

    name: str
    label: str
    base_url: str
    client: Client
    server: Server
    fields: tuple[Field, ...]
    registrar: Registrar | None = None
    has_media: bool = True
    media_hosts: tuple[str, ...] = ()
    media_field: str = "media_urls"  # where programs name their files
    takes_encoding: bool = False
    texts_short_codes: bool = False

    def field(self, name: str) -> Field | None:
        """The field with this name, if an account of this carrier has it."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def settings(self) -> tuple[Field, ...]:
        """What an account needs beside its key and its secret."""
        return tuple(field for field in self.fields if field.name not in ("key", "secret"))
