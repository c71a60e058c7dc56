"""An inbox to post webhooks to: it believes only signed ones, and can be told to be unwell."""

import random
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from smsinbox.dialects.base import Credentials, Event, InboundText, Receipt, SignedRequest
from smsinbox.dialects.trunx import client

PATIENCE = 10.0


def free_port() -> int:
    """A loopback port below the range from which the system takes those of outgoing calls."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


class Inbox:
    def __init__(self, secret: str = "whsec_1") -> None:
        self.secret = secret
        self.events: list[Event] = []
        self.answers: list[int] = []  # used up first; then 204
        self.tries = 0
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/webhooks/trunx/token"
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", port), type("Handler", (_Handler,), {"inbox": self})
        )
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    @property
    def texts(self) -> list[InboundText]:
        return [event for event in list(self.events) if isinstance(event, InboundText)]

    @property
    def receipts(self) -> list[str]:
        return [event.status for event in list(self.events) if isinstance(event, Receipt)]

    def take(self, headers: dict[str, str], body: bytes) -> int:
        self.tries += 1
        if self.answers:
            return self.answers.pop(0)
        signed = SignedRequest(headers, body)
        client.verify(signed, Credentials("", "", self.secret, {}))
        self.events += client.read(signed)
        return 204

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    inbox: Inbox

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.inbox.take(dict(self.headers), body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def until(fact: Callable[[], bool]) -> None:
    """Wait for something that another thread brings about."""
    end = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
