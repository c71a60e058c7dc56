"""A program that hears callbacks: a real HTTP server that remembers what it was told."""

import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from smsinbox.dialects.base import SignedRequest


@dataclass
class Receiver:
    """`answers` are statuses for the first posts; after them it is 200."""

    answers: list[int] = field(default_factory=list)
    rung: int = 0  # posts that have begun; they are heard after the `delay`
    heard: list[tuple[str, SignedRequest]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    port: int = 0
    delay: float = 0.0
    scheme: str = "http"

    def url(self, path: str = "/hooks") -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def wait(self, count: int, seconds: float = 10.0) -> None:
        ends = time.monotonic() + seconds
        while len(self.heard) < count:
            assert time.monotonic() < ends, f"heard {len(self.heard)} of {count}"
            time.sleep(0.01)


@contextmanager
def receiver(answers: Sequence[int] = (), tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a port of its own."""
    ear, guard = Receiver(list(answers)), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with guard:
                ear.rung += 1
            time.sleep(ear.delay)
            with guard:
                ear.at.append(time.monotonic())
                ear.heard.append((self.path, SignedRequest(dict(self.headers), body)))
                status = ear.answers.pop(0) if ear.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", ear.url("/elsewhere"))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        ear.scheme = "https"
    ear.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield ear
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
