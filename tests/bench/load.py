"""Posts over kept-alive connections as fast as they are answered, in a process of its own.

`python -m tests.bench.load '<Load as JSON>'` prints what it saw as JSON. Every request is written
before the clock starts, and one `epoll` serves all connections, so that it costs a tenth of what it
measures: its own ceiling is what it reaches against the bare route.
"""

import hashlib
import hmac
import json
import re
import select
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from tests.bench.figures import percentile

MOST_PER_SECOND = 12_000
MOST_SENDS = 4_000
ROOM = 4096
_NOW = datetime.now(UTC).isoformat()
_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What to post, where, how long: texts to our webhook, signed with the secret, or texts that
    programs send in a dialect, with one key after another. Without either, the same small body."""

    port: int
    path: str
    seconds: float
    warm: float = 0.5
    connections: int = 16
    secret: str = ""
    number: str = ""
    first: int = 0  # the texts' ids and senders count up from here
    dialect: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen:
    """What came back within the time that counts."""

    per_second: float
    p50_ms: float
    p99_ms: float
    texts: int  # answered 2xx since the beginning, warming up included
    refused: int


def run(load: Load) -> Seen:
    """Let a fresh process do it, so that what we hold in memory does not slow it down."""
    command = [sys.executable, "-m", "tests.bench.load", json.dumps(asdict(load))]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return Seen(**json.loads(done.stdout))


def request(path: str, body: bytes, secret: str = "", more: str = "") -> bytes:
    """One POST as it goes over the wire, signed as Trunx signs, with more lines in its head."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}"
    if secret:
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        head += f"X-Trunx-Signature: {signature}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def text(name: str, sender: str, number: str, words: str) -> bytes:
    """The body of Trunx's `sms.received`."""
    data = {
        "id": name,
        "from": sender,
        "to": number,
        "message": words,
        "direction": "inbound",
        "created_at": _NOW,  # late texts are answered by no rule
    }
    return json.dumps({"event": "sms.received", "data": data}).encode()


def outbound(load: Load, index: int) -> bytes:
    """One text as a program sends it, with the next of its keys."""
    key = load.keys[index % len(load.keys)]
    bearer = "X-Profile-Secret: " if load.dialect == "telnyx_v1" else "Authorization: Bearer "
    words = {"telnyx": "text", "telnyx_v1": "body"}.get(load.dialect, "message")
    fields = {
        "from": load.number,
        "to": f"+1{2_000_000_000 + index}",
        words: f"Your order {index} is ready for pick-up.",
    }
    if load.dialect == "pingram":
        fields["type"] = "order_ready"
    return request(load.path, json.dumps(fields).encode(), more=f"{bearer}{key}\r\n")


def _requests(load: Load) -> list[bytes]:
    if load.dialect:
        count = int(MOST_SENDS * (load.seconds + load.warm))
        return [outbound(load, index) for index in range(load.first, load.first + count)]
    if not load.secret:
        return [request(load.path, b'{"hello":"you"}' * 16)]
    count = int(MOST_PER_SECOND * (load.seconds + load.warm))
    return [
        request(
            load.path,
            text(
                f"bench-{index}",
                f"+1{2_000_000_000 + index}",
                load.number,
                f"Is my order {index} ready for pick-up today?",
            ),
            load.secret,
        )
        for index in range(load.first, load.first + count)
    ]


class _Posting:
    """One run: each connection posts again as soon as it is answered."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._requests = _requests(load)
        self._next = 0
        self._poller = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._began: dict[int, float] = {}
        self._took: list[tuple[float, float]] = []  # when answered, after how many seconds
        self._refused = 0

    def run(self) -> Seen:
        for _ in range(self._load.connections):
            sock = socket.create_connection(("127.0.0.1", self._load.port))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets[sock.fileno()] = sock
            self._poller.register(sock, select.EPOLLIN)
        start = time.perf_counter() + self._load.warm
        end = start + self._load.seconds
        for handle in self._sockets:
            self._post(handle)
        while self._began:
            for handle, _ in self._poller.poll(10):
                self._answered(handle)
                if time.perf_counter() < end:
                    self._post(handle)
        return self._seen(start, end)

    def _post(self, handle: int) -> None:
        self._began[handle] = time.perf_counter()
        self._sockets[handle].sendall(self._requests[self._next % len(self._requests)])
        self._next += 1

    def _answered(self, handle: int) -> None:
        answer = self._sockets[handle].recv(ROOM)
        while not _is_whole(answer):
            more = self._sockets[handle].recv(ROOM)
            if not more:
                raise ConnectionError(answer)
            answer += more
        now = time.perf_counter()
        self._took.append((now, now - self._began.pop(handle)))
        self._refused += not answer.startswith(b"HTTP/1.1 2")

    def _seen(self, start: float, end: float) -> Seen:
        counted = sorted(took for at, took in self._took if start <= at < end)
        return Seen(
            per_second=len(counted) / (end - start),
            p50_ms=percentile(counted, 50) * 1000,
            p99_ms=percentile(counted, 99) * 1000,
            texts=len(self._took) - self._refused,
            refused=self._refused,
        )


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(found) and len(body) >= (int(length[1]) if length else 0)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_Posting(Load(**json.loads(sys.argv[1]))).run())))
