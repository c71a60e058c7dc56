"""Against real sockets that misbehave, a send ends in time and is sorted rightly."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from smsinbox.dialects.base import Accepted, Credentials, OutboundText
from smsinbox.dialects.errors import Misconfigured, Unavailable, Uncertain
from smsinbox.dialects.http import ANSWER_LIMIT, carrier_client, post
from smsinbox.dialects.trunx import client

TEXT = OutboundText("+13125550100", "+13125550199", "Hello")
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"id":"m1"}'
DEADLINE = 0.6


class Carrier:
    """A socket whose every connection is handled by one function; counts what it was sent."""

    def __init__(self, handle: Callable[[socket.socket], None]) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._handle = handle
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            self.requests.append(connection.recv(65536))
            try:
                self._handle(connection)
            except OSError:
                return

    def close(self) -> None:
        """Wake whoever still accepts first: else they might accept for the next server that gets
        the same file number."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._serving.join()
        self._listener.close()


@contextmanager
def carrier(handle: Callable[[socket.socket], None]) -> Iterator[Carrier]:
    one = Carrier(handle)
    try:
        yield one
    finally:
        one.close()


def send(url: str, http: httpx.Client | None = None) -> Accepted:
    account = Credentials(url, "tk_test_1", "whsec_1", {})
    if http is not None:
        return client.send(TEXT, account, http)
    with carrier_client(DEADLINE) as fresh:
        return client.send(TEXT, account, fresh)


def drip(connection: socket.socket) -> None:
    for byte in OK:
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def test_a_plain_answer_is_accepted_over_a_connection_of_its_own() -> None:
    with carrier(lambda connection: connection.sendall(OK)) as it, carrier_client() as http:
        assert send(it.url, http) == send(it.url, http) == Accepted("m1")
        assert it.connections == 2
    assert b"accept-encoding: identity" in it.requests[0].lower()


@pytest.mark.parametrize(
    "handle",
    [lambda connection: time.sleep(3), drip, lambda connection: None, reset],
    ids=["silence", "a byte now and then", "closed", "reset"],
)
def test_no_answer_within_the_deadline_is_uncertain_and_sent_once(
    handle: Callable[[socket.socket], None],
) -> None:
    with carrier(handle) as it:
        began = time.monotonic()
        with pytest.raises(Uncertain):
            send(it.url)
        assert time.monotonic() - began < DEADLINE + 0.5
        assert len(it.requests) == 1


def test_a_closed_port_and_an_unknown_host_are_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", "http://carrier.invalid"):
        with pytest.raises(Unavailable):
            send(url)


def test_a_redirect_is_not_followed() -> None:
    with carrier(lambda connection: None) as elsewhere:
        answer = f"HTTP/1.1 307 Go\r\nLocation: {elsewhere.url}/\r\nContent-Length: 0\r\n\r\n"
        with carrier(lambda c: c.sendall(answer.encode())) as it, pytest.raises(Misconfigured):
            send(it.url)
        assert elsewhere.connections == 0


def test_a_compressed_bomb_and_an_endless_answer_are_cut() -> None:
    bomb = gzip.compress(b"x" * 50_000_000)
    head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n"

    def explode(connection: socket.socket) -> None:
        connection.sendall(head.format(len(bomb)).encode() + bomb)

    def babble(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with carrier(explode) as it, pytest.raises(Uncertain):
        send(it.url)
    with carrier(babble) as it, carrier_client() as http:
        assert len(post(http, it.url, headers={}, body=b"{}").body) == ANSWER_LIMIT


def test_environment_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with carrier(lambda connection: connection.sendall(OK)) as it:
        assert send(it.url) == Accepted("m1")


def test_a_certificate_nobody_vouches_for_is_misconfigured(self_signed: ssl.SSLContext) -> None:
    def shake(connection: socket.socket) -> None:
        with self_signed.wrap_socket(connection, server_side=True):
            pass

    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        try:
            shake(connection)
        except OSError:
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    with listener, pytest.raises(Misconfigured) as caught:
        send(f"https://127.0.0.1:{listener.getsockname()[1]}")
    assert caught.value.code == "tls"
