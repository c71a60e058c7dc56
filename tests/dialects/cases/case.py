"""What the contract has to know of a carrier to break its dialect on both sides."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis.strategies import SearchStrategy

from smsinbox.dialects.base import (
    Asked,
    Credentials,
    Happening,
    InboundText,
    OutboundText,
    Progress,
    Rank,
    Receipt,
    SignedRequest,
)
from smsinbox.dialects.errors import CarrierError, Reason, Refusal, Unreadable
from smsinbox.dialects.sides import Dialect, Reply

Kind = type[CarrierError]
Place = tuple[bytes, str]  # a document, and the dotted path of something in it
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
GONE = "gone"
BEARER: tuple[tuple[dict[str, str], str | None], ...] = (
    ({"authorization": "Bearer KEY1"}, "KEY1"),
    ({"Authorization": "bearer  KEY1 "}, "KEY1"),
    ({"Authorization": "Basic KEY1"}, None),
    ({"Authorization": "Bearer "}, None),
    ({"Authorization": "Bearer"}, None),
    ({"Authorization": ""}, None),
    ({}, None),
)


@dataclass(frozen=True)
class Reads:
    """Our client's reading: `text` is a whole webhook about one, with `words` for its body."""

    text: bytes
    words: bytes
    receipt: bytes
    ids: tuple[Place, ...]
    receipt_id: str
    numbers: tuple[str, ...]  # paths in `text`, without which it is unreadable
    strings: tuple[str, ...]  # also needed, but any string will do
    times: tuple[str, ...]
    hostile: tuple[bytes, ...]
    unfollowed: Mapping[bytes, str]
    posted: SearchStrategy[bytes]


@dataclass(frozen=True)
class Proof:
    """Our client's believing: `vector` was signed at `signed_at`, by the carrier or its samples.

    `sign` signs what it is given with a secret, at a time in seconds. `headers` are needed.
    """

    vector: SignedRequest
    account: Credentials
    signed_at: int
    sign: Callable[[bytes, str, str], SignedRequest]
    signature: str
    headers: tuple[str, ...]
    past: str = "in the past"
    future: str = "in the future"
    per_second: int = 1  # what the carrier's clock counts
    keyless: str = "no webhook secret"
    clockless: str = "not a number of seconds"
    other_secrets: tuple[str, ...] = ("of-another-account", "")


@dataclass(frozen=True)
class Sends:
    """Our client's sending: what the carrier may answer, and what we make of it."""

    accepted: Callable[[object], dict[str, Any]]  # a success that names this id
    strange: tuple[dict[str, Any], ...]  # successes without a sane id
    problems: Callable[[int, str], tuple[httpx.Response, ...]]
    codes: Mapping[str, Kind]
    judged: Mapping[str, Kind]  # the product's own table of codes
    conflict: tuple[Kind, str]  # a 409 without a code
    codeless: tuple[str, ...] = ()
    statuses: tuple[int, ...] = (400, 403, 422, 429, 500)
    explained: tuple[str, ...] = ()  # codes of receipts, and all that has words beside `codes`


@dataclass(frozen=True)
class Serves:
    """The carrier that we are: what it takes and refuses, in its own words."""

    fields: dict[str, Any]  # the smallest request
    sender: str
    words: str
    media: str  # the name of the field for files; empty: it takes none
    keys: tuple[tuple[Mapping[str, str], str | None], ...]
    refusals: Mapping[Reason, tuple[int, str]]
    code: Callable[[Reply], object]
    understood: Mapping[Reason, Kind]
    asked: SearchStrategy[tuple[str, bytes]]
    too_long: int = 1600
    bad_number: Reason = Reason.BAD_RECIPIENT
    no_document: frozenset[Reason] = frozenset({Reason.BAD_REQUEST})


@dataclass(frozen=True)
class Talks:
    """Both sides: what one says, and what the other must understand by it."""

    accounts: SearchStrategy[Credentials]
    texts: SearchStrategy[InboundText]
    progress: SearchStrategy[Progress]
    receipt: Callable[[Progress], Receipt]
    sending: SearchStrategy[OutboundText]
    taken: Callable[[OutboundText, Credentials], Asked]
    announces: Mapping[Happening, str]
    silent: tuple[Rank, ...]  # progress that the carrier has no event for
    name: Callable[[dict[str, Any]], str]  # what an announced document calls its event
    url: str
    signs: str = ""  # what signs for the accounts, where it is not their secret


@dataclass(frozen=True)
class Case:
    """One carrier's row."""

    dialect: Dialect
    reads: Reads
    proof: Proof
    sends: Sends
    serves: Serves
    talks: Talks

    def read(self, body: bytes, headers: Mapping[str, str] | None = None) -> Any:
        """The one event of a webhook."""
        [event] = self.dialect.client.read(SignedRequest(headers or {}, body))
        return event

    def can_read(self, body: bytes, headers: Mapping[str, str] | None = None) -> bool:
        """Whether it is not simply Unreadable; whatever else is raised is a fault."""
        try:
            return bool(self.read(body, headers))
        except Unreadable:
            return False

    def body(self, **changes: Any) -> bytes:
        """A program's request, with other fields or without those that are GONE."""
        fields = self.serves.fields | changes
        return json.dumps({name: value for name, value in fields.items() if value != GONE}).encode()

    def accept(self, body: bytes) -> Asked:
        return self.dialect.server.accept(self.dialect.server.SEND_PATHS[0], body)

    def refused(self, body: bytes) -> tuple[Reason, str]:
        """Why we refuse a program's request, and the field that it is about."""
        with pytest.raises(Refusal) as caught:
            self.accept(body)
        assert caught.value.detail
        return caught.value.reason, caught.value.field


def changed(document: bytes, path: str, value: object) -> bytes:
    """The document with something else at that place, or without it when that is GONE."""
    whole = json.loads(document)
    inner, *steps = whole, *path.split(".")
    for step in steps[:-1]:
        inner = inner[step]
    if value == GONE:
        del inner[steps[-1]]
    else:
        inner[steps[-1]] = value
    return json.dumps(whole).encode()


def mock(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(answer), trust_env=False)


def over_http(reply: Reply) -> httpx.Response:
    return httpx.Response(reply.status, json=reply.body, headers=reply.headers)
