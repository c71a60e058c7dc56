"""Both sides of the legacy API understand each other, and the programs that people wrote for it."""

import base64
import hmac
import json
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from smsinbox.core import clock
from smsinbox.dialects.base import (
    Asked,
    Credentials,
    InboundText,
    OutboundText,
    Posting,
    Progress,
    Rank,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.errors import Misconfigured, OptedOut, Reason, Refusal
from smsinbox.dialects.http import carrier_client
from smsinbox.dialects.sides import Reply
from smsinbox.dialects.telnyx_v1 import DIALECT

SECRET = "rq789onm321yxzkjihfEdcAm"
OPTED_OUT = "+13125550300"


def posting() -> Posting:
    return Posting("event-1", "https://inbox.test/webhooks", clock.now())


class _Carrier(BaseHTTPRequestHandler):
    """Nothing but the server side of the dialect, on a port."""

    def do_POST(self) -> None:
        request = SignedRequest(
            dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))
        )
        try:
            reply = self._reply(request)
        except Refusal as refusal:
            reply = DIALECT.server.refuse(refusal)
        body = json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in (reply.headers | {"Content-Type": reply.media_type}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _reply(self, request: SignedRequest) -> Reply:
        if DIALECT.server.key_of(request) != SECRET:
            raise Refusal(Reason.UNAUTHORIZED, "The profile secret is wrong.")
        asked = DIALECT.server.accept(self.path, request.body)
        if asked.text.recipient == OPTED_OUT:
            raise Refusal(Reason.OPTED_OUT, "They said STOP.", field="to")
        return DIALECT.server.answer(Taken("m1", asked, clock.now(), "GSM-7", 1))

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    carrier = ThreadingHTTPServer(("127.0.0.1", 0), _Carrier)
    thread = threading.Thread(target=carrier.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{carrier.server_address[1]}"
    carrier.shutdown()
    thread.join()
    carrier.server_close()


def sample_send(base_url: str) -> tuple[int, str]:
    """The request of the official sample server, as it was recorded."""
    request = urllib.request.Request(
        base_url + "/messages",
        b"from=%2B13125550100&to=%2B13125550199&body=Echo%3A+Hello%21",
        {"X-Profile-Secret": SECRET, "Content-Type": "application/x-www-form-urlencoded"},
    )
    with urllib.request.urlopen(request) as answer:
        return answer.status, answer.read().decode()


def sample_verify(secret: str, header: str, body: bytes) -> bool:
    """As the official sample server does it: it rebuilds the whole header and compares that."""
    timestamp = header.split(",")[0].split("=")[1]
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, "sha256").digest()
    return header == f"t={timestamp},h={base64.b64encode(digest).decode('ascii')}"


def test_the_request_of_the_official_sample_is_answered_with_the_200_it_wants(
    base_url: str,
) -> None:
    status, body = sample_send(base_url)
    assert (status, json.loads(body)["status"]) == (200, "queued")


@pytest.mark.parametrize(
    "event",
    [
        InboundText("m1", "+13125550199", "+13125550100", "Grüße 😀"),
        Progress(
            Taken("m1", Asked(OutboundText("+1", "+2", "Hi")), clock.EPOCH, "GSM-7", 1),
            Rank.SENT,
            clock.EPOCH,
        ),
    ],
    ids=["text", "progress"],
)
def test_the_official_sample_believes_our_webhooks(event: InboundText | Progress) -> None:
    request = DIALECT.server.announce(event, Credentials("", "", SECRET), posting())
    assert request is not None
    header = request.header("X-Telnyx-Signature") or ""
    assert sample_verify(SECRET, header, request.body)
    assert not sample_verify(SECRET, header, request.body + b" ")


def test_our_own_client_sends_over_a_real_connection(base_url: str) -> None:
    account = Credentials(base_url, "", SECRET)
    text = OutboundText("+13125550100", "+13125550199", "Hello")
    with carrier_client() as http:
        assert DIALECT.client.send(text, account, http).carrier_id == "m1"
        with pytest.raises(OptedOut) as opted_out:
            DIALECT.client.send(replace(text, recipient=OPTED_OUT), account, http)
        with pytest.raises(Misconfigured) as wrong:
            DIALECT.client.send(text, replace(account, secret="another"), http)
    assert (opted_out.value.code, opted_out.value.detail) == ("40300", "They said STOP.")
    assert wrong.value.code == "40311"
