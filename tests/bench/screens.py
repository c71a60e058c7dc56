"""Screens for the benchmark: raw websockets of signed-in admins, all on one epoll."""

import os
import select
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from smsinbox.core.database import atomic
from smsinbox.live.tail import MOST_OF_ONE
from smsinbox.models.user import Role
from smsinbox.services import sign_ins
from tests import build
from tests.bench.house import House

_MASK = b"\0\0\0\0"  # a client must mask; with zeros it costs nothing
_BIG = 1 << 16


def cookies(house: House, screens: int) -> list[str]:
    """A session cookie for each so many screens as one user may have, of an admin of its own."""
    with house.inside():
        serializer = house.app.session_interface.get_signing_serializer(house.app)  # type: ignore[attr-defined]
        tokens = _sign_in(-(-screens // MOST_OF_ONE))
        return [f"smsinbox={serializer.dumps({sign_ins.SESSION_KEY: one})}" for one in tokens]


@atomic
def _sign_in(admins: int) -> list[str]:
    names = [f"bench-{os.urandom(4).hex()}" for _ in range(admins)]
    return [build.a_sign_in(build.a_user(name, Role.ADMIN.value)) for name in names]


class Screens:
    """Open sockets that show the same topics; `wait` tells when each has heard something."""

    def __init__(self, port: int, cookies: list[str], count: int, topics: dict[str, str]) -> None:
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        for at in range(count):
            made = _connect(port, cookies[at // MOST_OF_ONE], orjson.dumps({"show": topics}))
            self._sockets[made.fileno()] = made
            self._poll.register(made, select.EPOLLIN)

    def drain(self, seconds: float) -> None:
        """Read whatever comes for so long, and forget it."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            for number, _ in self._poll.poll(left, 4096):
                self._sockets[number].recv(_BIG)

    def wait(self, word: bytes, patience: float = 5.0) -> list[float]:
        """When each screen got a frame with this word in it, ascending; raises when one did not."""
        waiting, seen = set(self._sockets), []
        ends = time.perf_counter() + patience
        while waiting:
            events = self._poll.poll(max(0.0, ends - time.perf_counter()), 4096)
            if not events:
                raise TimeoutError(f"{len(waiting)} of {len(self._sockets)} screens heard nothing")
            for number, _ in events:
                if word in self._sockets[number].recv(_BIG) and number in waiting:
                    waiting.discard(number)
                    seen.append(time.perf_counter())
        return seen

    def close(self) -> None:
        for made in self._sockets.values():
            made.close()
        self._poll.close()


@contextmanager
def screens(house: House, count: int, topics: dict[str, str], port: int = 0) -> Iterator[Screens]:
    """So many open screens of the inbox, or of what else listens on `port`; closed at the end."""
    made = Screens(port or house.port, cookies(house, count), count, topics)
    try:
        made.drain(0.3)
        yield made
    finally:
        made.close()


def _connect(port: int, cookie: str, said: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=20)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    host = f"127.0.0.1:{port}"
    made.sendall(
        f"GET /live HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        f"Sec-WebSocket-Version: 13\r\nCookie: {cookie}\r\n\r\n".encode()
    )
    answer = made.recv(4096)
    if b" 101 " not in answer:
        raise ConnectionError(answer[:200])
    made.sendall(struct.pack("!BB", 0x81, 0x80 | len(said)) + _MASK + said)
    return made
