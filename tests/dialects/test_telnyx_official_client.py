"""Telnyx's own Python client, as published, takes us for Telnyx."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import telnyx
import time_machine

from smsinbox.dialects.base import (
    Asked,
    Credentials,
    InboundText,
    Media,
    OutboundText,
    Posting,
    Progress,
    Rank,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.telnyx import server

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
SECRETS = server.new_secrets()
CARRIER = Credentials("", "", SECRETS.signs)
POSTING = Posting("e1", "https://inbox.test/hooks", NOON)
TEXT = OutboundText("+13125550100", "+13125550199", "Hi “there” €")
TAKEN = Taken("m1", Asked(TEXT, kind="SMS"), NOON, "UCS-2", 1)
INBOUND = InboundText("m2", "+13125550199", "+13125550100", "Where is my order?", NOON)


class Carrier(ThreadingHTTPServer):
    """A Telnyx made of our server side; it remembers, and may be told to refuse."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.socket.settimeout(1)  # a connection that is gone again holds nobody up
        self.asked: list[Asked] = []
        self.headers: list[dict[str, str]] = []
        self.refusal: Refusal | None = None


class _Handler(BaseHTTPRequestHandler):
    server: Carrier

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        reply = self._reply(body)
        written = json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.media_type)
        self.send_header("Content-Length", str(len(written)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(written)

    def _reply(self, body: bytes) -> Any:
        try:
            if server.key_of(SignedRequest(dict(self.headers), body)) != "KEY_TEST":
                raise Refusal(Reason.UNAUTHORIZED, "No such key.")
            if self.server.refusal:
                raise self.server.refusal
            asked = server.accept(self.path, body)
        except Refusal as refusal:
            return server.refuse(refusal)
        self.server.asked.append(asked)
        return server.answer(Taken("m1", asked, NOON, "UCS-2", 1))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    with Carrier() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def client(carrier: Carrier) -> Iterator[telnyx.Telnyx]:
    base = f"http://127.0.0.1:{carrier.server_port}/v2"
    with telnyx.Telnyx(api_key="KEY_TEST", base_url=base, max_retries=0) as made:
        yield made


@pytest.fixture
def reader() -> Iterator[telnyx.Telnyx]:
    """A client that only checks and reads webhooks."""
    with telnyx.Telnyx(api_key="KEY_TEST", public_key=SECRETS.proves) as made:
        yield made


def test_a_text_is_sent_and_its_answer_understood(carrier: Carrier, client: Any) -> None:
    data = client.messages.send(
        from_="+13125550100",
        to="+13125550199",
        text="Hi “there” €",
        type="SMS",
        auto_detect=True,
        encoding="auto",
        use_profile_webhooks=False,
        webhook_url="https://example.test/h",
        webhook_failover_url="https://example.test/f",
        idempotency_key="idem-1",
    ).data
    assert carrier.headers[0]["idempotency-key"] == "idem-1"
    assert carrier.asked == [
        Asked(
            TEXT,
            kind="SMS",
            webhook_urls=("https://example.test/h", "https://example.test/f"),
            use_profile_webhooks=False,
            refuse_many_parts=True,
        )
    ]
    assert (data.id, data.text, data.parts, data.encoding) == ("m1", TEXT.body, 1, "UCS-2")
    assert (data.to[0].status, data.from_.phone_number) == ("queued", "+13125550100")
    assert data.received_at == NOON


def test_each_way_of_sending_has_its_path(carrier: Carrier, client: Any) -> None:
    to = {"to": "+13125550199", "text": "Hello"}
    at = datetime.now(UTC) + timedelta(hours=1)
    client.messages.send_number_pool(messaging_profile_id="p1", **to)
    client.messages.send_long_code(from_="+13125550100", **to)
    client.messages.send_short_code(from_="12345", **to)
    client.messages.send_with_alphanumeric_sender(from_="Shop", messaging_profile_id="p1", **to)
    client.messages.schedule(from_="+13125550100", send_at=at, **to)
    senders = [asked.text.sender for asked in carrier.asked]
    assert senders == ["", "+13125550100", "12345", "Shop", "+13125550100"]
    assert carrier.asked[-1].send_at == at


@pytest.mark.parametrize(
    ("reason", "error", "code"),
    [
        (Reason.BAD_RECIPIENT, telnyx.BadRequestError, "40310"),
        (Reason.UNAUTHORIZED, telnyx.AuthenticationError, "10009"),
        (Reason.OPTED_OUT, telnyx.PermissionDeniedError, "40300"),
        (Reason.NOT_FOUND, telnyx.NotFoundError, "10005"),
        (Reason.BAD_VALUE, telnyx.UnprocessableEntityError, "10027"),
        (Reason.RATE, telnyx.RateLimitError, "10011"),
        (Reason.QUOTA, telnyx.RateLimitError, "40333"),
        (Reason.INTERNAL, telnyx.InternalServerError, "10007"),
        (Reason.UNAVAILABLE, telnyx.InternalServerError, "10037"),
    ],
)
def test_a_refusal_is_the_exception_that_programs_wait_for(
    carrier: Carrier, client: Any, reason: Reason, error: type[Exception], code: str
) -> None:
    carrier.refusal = Refusal(reason, "Because.", field="to")
    with pytest.raises(error) as caught:
        client.messages.send(from_="+13125550100", to="+13125550199", text="Hello")
    body: Any = caught.value.body  # type: ignore[attr-defined]
    assert body["errors"][0]["code"] == code


def test_a_number_that_is_none_is_a_bad_request(client: Any) -> None:
    with pytest.raises(telnyx.BadRequestError, match="40310"):
        client.messages.send(from_="+13125550100", to="nobody", text="Hello")


def test_the_client_tries_again_when_we_are_too_busy(carrier: Carrier, client: Any) -> None:
    carrier.refusal = Refusal(Reason.RATE, "Too fast.", retry_after=0.01)
    with pytest.raises(telnyx.RateLimitError):
        client.with_options(max_retries=1).messages.send(
            from_="+13125550100", to="+13125550199", text="Hello"
        )
    assert [each["x-stainless-retry-count"] for each in carrier.headers] == ["0", "1"]


def announced(event: InboundText | Progress) -> SignedRequest:
    webhook = server.announce(event, CARRIER, POSTING)
    assert webhook is not None
    return webhook


def unwrap(reader: Any, webhook: SignedRequest, at: datetime = NOON) -> Any:
    with time_machine.travel(at, tick=False):
        return reader.webhooks.unwrap(webhook.body.decode(), headers=webhook.headers).data


def test_a_text_is_announced_as_the_client_expects(reader: Any) -> None:
    file = Media("https://media.test/1", "image/png", 5, "ab" * 32)
    webhook = announced(replace(INBOUND, media=(file,), answered="STOP"))
    data = unwrap(reader, webhook)
    assert (data.event_type, data.id, data.occurred_at) == ("message.received", "e1", NOON)
    message = data.payload
    assert (message.id, message.text, message.type) == ("m2", "Where is my order?", "MMS")
    assert (message.from_.phone_number, message.to[0].phone_number) == (
        "+13125550199",
        "+13125550100",
    )
    assert (message.media[0].url, message.media[0].hash_sha256) == (file.url, file.sha256)
    assert message.autoresponse_type == "STOP"


@pytest.mark.parametrize(
    ("rank", "event", "status"),
    [
        (Rank.SENT, "message.sent", "sent"),
        (Rank.DELIVERED, "message.finalized", "delivered"),
        (Rank.UNDELIVERED, "message.finalized", "delivery_failed"),
        (Rank.UNCONFIRMED, "message.finalized", "delivery_unconfirmed"),
    ],
)
def test_progress_is_announced_as_the_client_expects(
    reader: Any, rank: Rank, event: str, status: str
) -> None:
    data = unwrap(reader, announced(Progress(TAKEN, rank, NOON, "40001", "Landline.")))
    assert (data.event_type, data.payload.id) == (event, "m1")
    assert data.payload.to[0].status == status
    codes = [error.code for error in data.payload.errors]
    assert codes == (["40001"] if rank in (Rank.UNDELIVERED, Rank.UNCONFIRMED) else [])


def test_the_client_refuses_what_was_altered(reader: Any) -> None:
    webhook = announced(INBOUND)
    altered = SignedRequest(webhook.headers, webhook.body.replace(b"order", b"money"))
    with pytest.raises(ValueError, match="does not match"):
        unwrap(reader, altered)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_the_client_refuses_what_was_signed_at_another_time(reader: Any, seconds: int) -> None:
    with pytest.raises(ValueError, match="too old or too new"):
        unwrap(reader, announced(INBOUND), NOON + timedelta(seconds=seconds))
