"""Pingram's own Python client, as published, takes our server and our webhooks for Pingram's."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pingram import Pingram
from pingram.exceptions import (
    ApiException,
    BadRequestException,
    ServiceException,
    UnauthorizedException,
)
from pingram.models.send_sms_request import SendSmsRequest
from pingram.webhooks import WebhookSignatureError, WebhookTimestampError

from smsinbox.core import clock
from smsinbox.dialects.base import (
    Announcement,
    Asked,
    ConsentChange,
    Credentials,
    InboundText,
    OutboundText,
    Posting,
    Progress,
    Rank,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.pingram import server

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
KEY = "pingram_sk_test"
ACCOUNT = Credentials("", "", "pingram_whsecret_1", {})
SENDING = Taken(
    "m1", Asked(OutboundText("+13125550100", "+13125550199", "Hi")), NOON, "gsm7", segments=1
)


@dataclass
class Carrier:
    """What a local server was asked, and how it refuses, if it should."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    refusal: Refusal | None = None

    def reply(self, path: str, request: SignedRequest) -> Any:
        try:
            if server.key_of(request) != KEY:
                raise Refusal(Reason.UNAUTHORIZED, "Unknown key.")
            if self.refusal:
                raise self.refusal
            self.asked.append(server.accept(path, request.body))
        except Refusal as refusal:
            return server.refuse(refusal)
        return server.answer(Taken("m1", self.asked[-1], NOON, "gsm7", 1))


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    it = Carrier()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = it.reply(self.path, SignedRequest(dict(self.headers), body))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", reply.media_type)
            self.end_headers()
            self.wfile.write(json.dumps(reply.body).encode())

        def log_message(self, *_: object) -> None:
            """Nothing: a test's output is for failures."""

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        it.url = f"http://127.0.0.1:{listening.server_port}"
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield it
        listening.shutdown()
        thread.join()


def send(carrier: Carrier, key: str = KEY, **changes: Any) -> Any:
    fields = {"type": "support_reply", "to": "+13125550199", "message": "Hi “there” €"} | changes

    async def talk() -> Any:
        async with Pingram(api_key=key, base_url=carrier.url) as client:
            request = SendSmsRequest.model_validate(fields)
            return await client.sms.sms_send(send_sms_request=request)

    return asyncio.run(talk())


def test_the_official_client_sends_through_us(carrier: Carrier) -> None:
    answer = send(
        carrier,
        **{"from": "+13125550100"},
        schedule="2026-02-15T14:30:00.000Z",
        autoReply={"message": "We got it"},
    )
    assert answer.to_dict() == {"trackingId": "m1", "messages": ["SMS scheduled"]}
    assert carrier.asked == [
        Asked(
            OutboundText("+13125550100", "+13125550199", "Hi “there” €"),
            kind="support_reply",
            send_at=datetime(2026, 2, 15, 14, 30, tzinfo=UTC),
            auto_reply="We got it",
        )
    ]


def test_the_official_client_is_told_what_is_wrong_with_a_text(carrier: Carrier) -> None:
    with pytest.raises(BadRequestException) as caught:
        send(carrier, to="3125550199")
    error = caught.value.data.to_dict()["error"]  # type: ignore[union-attr]
    assert error["code"] == "INVALID_PHONE_NUMBER"
    assert error["fix"] == "Use E.164, for example +13125550199."


def test_the_official_client_is_told_that_its_key_is_wrong(carrier: Carrier) -> None:
    with pytest.raises(UnauthorizedException):
        send(carrier, key="pingram_sk_other")


@pytest.mark.parametrize(
    ("reason", "kind", "status", "code"),
    [
        (Reason.CONTENT, BadRequestException, 400, "SPAM_CONTENT"),
        (Reason.QUOTA, ApiException, 402, "USAGE_LIMIT"),
        (Reason.OPTED_OUT, ServiceException, 502, "40300"),
    ],
)
def test_the_official_client_reads_our_refusals(
    carrier: Carrier, reason: Reason, kind: type[ApiException], status: int, code: str
) -> None:
    carrier.refusal = Refusal(reason, "Because.")
    with pytest.raises(kind) as caught:
        send(carrier)
    assert (type(caught.value), caught.value.status) == (kind, status)
    document = caught.value.data.to_dict()  # type: ignore[union-attr]
    assert document["trackingId"]
    assert (document["error"]["code"], document["error"]["message"]) == (code, "Because.")


@pytest.mark.parametrize("reason", [Reason.RATE, Reason.INTERNAL, Reason.UNAVAILABLE])
def test_the_official_client_survives_what_pingram_does_not_document(
    carrier: Carrier, reason: Reason
) -> None:
    carrier.refusal = Refusal(reason, "Because.", retry_after=7)
    with pytest.raises(ApiException, match=r"Because\."):
        send(carrier)


EVENTS: dict[str, Announcement] = {
    "SMS_INBOUND": InboundText("in-1", "+13125550199", "+13125550100", "Yes €", NOON),
    "SMS_DELIVERED": Progress(SENDING, Rank.DELIVERED, NOON),
    "SMS_FAILED": Progress(SENDING, Rank.UNDELIVERED, NOON, "40001"),
    "SMS_UNSUBSCRIBE": ConsentChange("+13125550199", "+13125550100", opted_out=True),
    "SMS_SUBSCRIBE": ConsentChange("+13125550199", None, opted_out=False),
}


def construct(event: Announcement, *, body: bytes = b"", age: float = 0, secret: str = "") -> Any:
    """What the official client makes of our webhook, or of its signature over another body."""
    posting = Posting("evt-1", "https://program.test/", clock.now() - timedelta(seconds=age))
    webhook = server.announce(event, ACCOUNT, posting)
    assert webhook is not None
    return Pingram.webhook_verification.construct_event(
        payload=body or webhook.body,
        message_id=webhook.header("X-Pingram-Id") or "",
        signature=webhook.header("X-Pingram-Signature") or "",
        timestamp=webhook.header("X-Pingram-Timestamp") or "",
        secret=secret or ACCOUNT.secret,
    )


@pytest.mark.parametrize("name", EVENTS)
def test_the_official_client_believes_our_webhooks(name: str) -> None:
    event = construct(EVENTS[name])
    assert (event.event_type, event.channel, event.user_id) == (name, "SMS", "+13125550199")
    assert event.notification_id == "support_reply"
    assert event.failure_code == ("40001" if name == "SMS_FAILED" else None)


@pytest.mark.parametrize("name", EVENTS)
def test_the_official_client_refuses_them_altered_or_signed_by_another(name: str) -> None:
    with pytest.raises(WebhookSignatureError):
        construct(EVENTS[name], body=b'{"eventType":"SMS_INBOUND"}')
    with pytest.raises(WebhookSignatureError):
        construct(EVENTS[name], secret="pingram_whsecret_2")


@pytest.mark.parametrize("age", [302, -302])
def test_the_official_client_refuses_them_of_another_time(age: float) -> None:
    with pytest.raises(WebhookTimestampError):
        construct(EVENTS["SMS_INBOUND"], age=age)
