"""Fetching the files of an MMS from where a carrier or a program keeps them, and nowhere else.

The address stands in a webhook, and who sent the text may have had a say in it. So a file comes
by https from a host of that carrier's; its address is looked up once, must be public, and is the
one that we connect to. No key of ours goes along, no proxy is asked, nothing is decompressed, and
after a redirect everything is checked anew. An account that leads to this very machine, as the
sandbox's does, may name files there, on that one port. What a program wants to be sent may lie
anywhere on the public internet; all else holds for it, too.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Protocol

import httpcore
import httpx

from smsinbox.core import targets
from smsinbox.core.addresses import is_loopback, is_public
from smsinbox.dialects.http import DeadlineBackend, addresses_of, trusted

DEADLINE = 20.0  # seconds for everything
_REDIRECTS = 2
_CONNECT = 5.0
_HTTPS = 443


class MediaGone(Exception):
    """The carrier does not have it any more."""


class MediaRefused(Exception):
    """We will not fetch this, now or later; the message says why."""


class MediaLater(Exception):
    """It may work another time; the message says what was in the way."""


class Place(Protocol):
    """Where files may come from, and how it is called when it does not hand one out."""

    @property
    def name(self) -> str: ...

    @property
    def gone(self) -> str:
        """What to say of a file that it has no more."""

    def check(self, url: httpx.URL) -> None:
        """Raise MediaRefused for an address that we may not fetch from."""

    def lets_in(self, url: httpx.URL, address: str) -> bool:
        """Whether the IP address is one that this host name may have."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an account's files may come from: hosts of its carrier (".telnyx.com" stands for all
    below it), and the account's own address."""

    name: ClassVar[str] = "The carrier"
    gone: ClassVar[str] = "Expired at the carrier."

    hosts: tuple[str, ...]
    base_url: str

    def check(self, url: httpx.URL) -> None:
        """Raise MediaRefused for an address that we may not fetch from."""
        if url.userinfo or not url.host:
            raise MediaRefused("Its address is none that we would open.")
        if self._is_own_machine(url):
            return
        if url.scheme != "https" or (url.port or _HTTPS) != _HTTPS:
            raise MediaRefused("Its address is not https.")
        if not any(_matches(url.host, host) for host in (*self.hosts, *self._own_host)):
            raise MediaRefused(f"It lies at {url.host[:100]}, which is no host of this carrier.")

    @property
    def is_local(self) -> bool:
        """Whether the account's carrier is on this machine: the sandbox."""
        return _is_local(self._own[1])

    def _is_own_machine(self, url: httpx.URL) -> bool:
        """Whether it leads to the account's own port of this machine, by whichever name."""
        scheme, host, port = _origin(url)
        own_scheme, own_host, own_port = self._own
        here = _is_local(host) and _is_local(own_host)
        return here and (scheme, port) == (own_scheme, own_port)

    @property
    def _own(self) -> tuple[str, str, int]:
        return _origin(httpx.URL(self.base_url))

    @property
    def _own_host(self) -> tuple[str, ...]:
        return (self._own[1],)

    def lets_in(self, url: httpx.URL, address: str) -> bool:
        """Whether the IP address is one that this host name may have."""
        if self._is_own_machine(url):
            return is_loopback(address)
        return is_public(address)


@dataclass(frozen=True, slots=True)
class Anywhere:
    """What a program wants to be sent lies where it likes, but on the public internet; unless an
    admin lets programs name our own network, too."""

    name: ClassVar[str] = "Its host"
    gone: ClassVar[str] = "There is no such file at its address."

    to_private: bool = False

    def check(self, url: httpx.URL) -> None:
        """Raise MediaRefused for an address that we may not fetch from."""
        try:
            targets.check(str(url), self.to_private)
        except targets.BadTarget as error:
            raise MediaRefused(str(error)) from None

    def lets_in(self, url: httpx.URL, address: str) -> bool:
        """Whether the IP address is one that this host name may have."""
        return self.to_private or is_public(address)


@contextmanager
def opened(url: str, source: Place, deadline: float = DEADLINE) -> Iterator[Iterator[bytes]]:
    """The bytes of a file as they come.

    Raises MediaGone, MediaRefused or MediaLater, also while they are read.
    """
    end = time.monotonic() + deadline
    try:
        with _answer(_parsed(url), source, end) as response:
            assert isinstance(response.stream, httpx.SyncByteStream)
            yield iter(response.stream)
    except (httpx.HTTPError, httpcore.ConnectError, httpcore.TimeoutException) as error:
        raise MediaLater(f"{source.name} could not be reached.") from error


@contextmanager
def _answer(url: httpx.URL, source: Place, end: float) -> Iterator[httpx.Response]:
    """The answer at the end of at most two redirects."""
    for _ in range(_REDIRECTS + 1):
        source.check(url)
        with _client(url, source, end) as client, client.stream("GET", url) as response:
            if not response.has_redirect_location:
                _judge(response.status_code, source)
                yield response
                return
            url = _parsed(response.headers["Location"], url)
    raise MediaRefused("Its address leads from one place to another.")


def _judge(status: int, source: Place) -> None:
    if status in (404, 410):
        raise MediaGone
    if status != 200:
        raise MediaLater(f"{source.name} answered {status}.")


def _parsed(url: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        parsed = base.join(url) if base else httpx.URL(url)
        _ = parsed.host  # an international name is only read now
        return parsed
    except (httpx.InvalidURL, ValueError, TypeError):
        raise MediaRefused("Its address is none that we would open.") from None


def _client(url: httpx.URL, source: Place, end: float) -> httpx.Client:
    transport = httpx.HTTPTransport(verify=trusted(), trust_env=False)
    # httpx offers no other way to its sockets than a pool of our own making.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=trusted(),
        max_keepalive_connections=0,
        network_backend=DeadlineBackend(end - time.monotonic(), partial(_checked, url, source)),
    )
    return httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(DEADLINE, connect=_CONNECT),
        headers={"Accept-Encoding": "identity", "User-Agent": "smsinbox"},
        follow_redirects=False,
        trust_env=False,
    )


def _checked(url: httpx.URL, source: Place, host: str) -> list[str]:
    """The addresses that we then connect to: no second look-up can give another."""
    found = addresses_of(host)
    if not all(source.lets_in(url, address) for address in found):
        raise MediaRefused("Its address leads into a network that is not public.")
    return found


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (_HTTPS if url.scheme == "https" else 80)


def _is_local(host: str) -> bool:
    return host == "localhost" or is_loopback(host)


def _matches(host: str, allowed: str) -> bool:
    return host.endswith(allowed) if allowed.startswith(".") else host == allowed
