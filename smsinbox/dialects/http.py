"""Talking to a carrier over HTTP so that we always know whether a text may have been taken.

One connection per send, because a stale kept-alive socket would turn a clean refusal into a doubt;
one deadline over everything, because a time-out per read lets a dripping server hold us for ever.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpcore
import httpx

from smsinbox.dialects.errors import CarrierError, Misconfigured, Unavailable, Uncertain

DEADLINE = 15.0
CONNECT_TIMEOUT = 6.0
ANSWER_LIMIT = 64 * 1024

# Raised before the first byte of a request can have left us.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NOT_SENDABLE = (
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    UnicodeError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a carrier said: the body as it came over the wire, cut at 64 KB."""

    status: int
    headers: httpx.Headers
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def addresses_of(host: str) -> list[str]:
    """Every IP address of a name, asked of the resolver once; raises httpcore.ConnectError."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def carrier_client(
    deadline: float = DEADLINE, lookup: Callable[[str], list[str]] = addresses_of
) -> httpx.Client:
    """A client for sends, to be shared by threads; each request has `deadline` seconds in all.

    Connections go to the very addresses that `lookup` gives for a name; what it raises, we raise.
    """
    return httpx.Client(
        transport=_CarrierTransport(deadline, lookup),
        timeout=httpx.Timeout(deadline, connect=min(CONNECT_TIMEOUT, deadline)),
        headers={"Accept-Encoding": "identity", "User-Agent": "smsinbox"},
        follow_redirects=False,
        trust_env=False,
    )


def post(http: httpx.Client, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
    """One POST; see `exchange`."""
    return exchange(http, "POST", url, headers=headers, body=body)


def exchange(
    http: httpx.Client, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
) -> Answer:
    """One request, never repeated and never redirected.

    Raises Unavailable when nothing of it left us, Misconfigured when nothing ever could, and
    Uncertain for every other silence.
    """
    try:
        with http.stream(method, url, headers=dict(headers), content=body) as response:
            return Answer(response.status_code, response.headers, _head(response))
    except _NOT_SENT as error:
        raise _not_sent(error) from error
    except _NOT_SENDABLE as error:
        raise Misconfigured("The address or the key cannot be sent.", code="address") from error
    except httpx.TimeoutException as error:
        raise Uncertain("The carrier did not answer in time.", code="no-answer") from error
    except httpx.HTTPError as error:
        raise Uncertain("The connection broke before an answer.", code="no-answer") from error


def _head(response: httpx.Response) -> bytes:
    """The start of the body; raw, so that a compressed answer cannot grow in memory."""
    assert isinstance(response.stream, httpx.SyncByteStream)
    parts = bytearray()
    for part in response.stream:
        parts += part
        if len(parts) >= ANSWER_LIMIT:
            break
    return bytes(parts[:ANSWER_LIMIT])


def _not_sent(error: httpx.TransportError) -> CarrierError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Misconfigured("The carrier's certificate cannot be trusted.", code="tls")
        cause = cause.__cause__ or cause.__context__
    return Unavailable("The carrier could not be reached.", code="unreachable")


@lru_cache(maxsize=1)
def trusted() -> ssl.SSLContext:
    """Whose certificates we believe; reading them all takes 20 ms, so once a process."""
    return httpx.create_ssl_context(trust_env=False)


class _CarrierTransport(httpx.HTTPTransport):
    def __init__(self, deadline: float, lookup: Callable[[str], list[str]]) -> None:
        super().__init__(verify=trusted(), trust_env=False)
        # httpx offers no other way to its sockets than a pool of our own making.
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted(),
            max_connections=100,
            max_keepalive_connections=0,
            network_backend=DeadlineBackend(deadline, lookup),
        )


class DeadlineBackend(httpcore.SyncBackend):
    """Opens connections that are over, whatever happens, `seconds` after they were begun."""

    def __init__(self, seconds: float, lookup: Callable[[str], list[str]]) -> None:
        self._seconds = seconds
        self._lookup = lookup

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        end = time.monotonic() + self._seconds
        options = list(socket_options or ())
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._lookup(host):
            # Per address: the standard library would grant each of them the whole time-out.
            patience = _remaining(end, timeout, httpcore.ConnectTimeout)
            try:
                stream = super().connect_tcp(address, port, patience, local_address, options)
                return _DeadlineStream(stream, end)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("no address")


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, end: float) -> None:
        self._stream = stream
        self._end = end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        patience = _remaining(self._end, timeout, httpcore.ReadTimeout)
        return self._stream.read(max_bytes, patience)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        patience = _remaining(self._end, timeout, httpcore.WriteTimeout)
        self._stream.write(buffer, patience)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        patience = _remaining(self._end, timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(
            self._stream.start_tls(ssl_context, server_hostname, patience), self._end
        )

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _remaining(
    end: float, timeout: float | None, too_late: type[httpcore.TimeoutException]
) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise too_late("deadline")
    return left if timeout is None else min(timeout, left)
