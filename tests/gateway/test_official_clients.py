"""The carriers' own clients, as published and unchanged, send through us over real HTTP."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import telnyx
from pingram import Pingram
from pingram.exceptions import (
    ApiException,
    BadRequestException,
    ConflictException,
    NotFoundException,
    ServiceException,
    UnauthorizedException,
)
from pingram.models.send_sms_request import SendSmsRequest
from pingram.models.sender_post_body import SenderPostBody

from smsinbox.dialects.base import Accepted
from smsinbox.models import ApiKey, ContentRule, Message
from smsinbox.services import api_keys, content_rules, delivery, outcomes
from tests import build

ENDS = {"from_": build.OURS, "to": build.THEIRS}


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """One database is enough: the other tests of the gateway run on both."""
    return str(request.param)


@pytest.fixture
def client(url: str, plain: str) -> Iterator[telnyx.Telnyx]:
    with telnyx.Telnyx(api_key=plain, base_url=f"{url}/v2", max_retries=0) as made:
        yield made


def code_of(error: Any) -> str:
    return error.body["errors"][0]["code"]


def in_an_hour() -> datetime:
    return (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0)


def test_telnyx_sends_and_reads_its_text_again(client: Any, number):
    data = client.messages.send(text="Hi “there” €", **ENDS).data
    (message,) = build.every(Message)
    assert (data.id, data.to[0].status, data.encoding) == (str(message.id), "queued", "UCS-2")
    assert message.body == "Hi “there” €"
    claim = delivery.claim()
    assert claim is not None
    outcomes.accept(message.id, claim.fence, Accepted("c1"))
    build.changed(build.again(message), delivery=60)
    again = client.messages.retrieve(data.id).data
    assert (again.id, again.to[0].status) == (data.id, "delivered")
    assert data.received_at <= again.sent_at <= again.completed_at


def test_telnyx_sends_files_and_reads_what_became_of_them(client: Any, app):
    build.a_number(account=build.an_account(dialect="telnyx_v1"))
    url = "https://files.example.com/a.png"
    data = client.messages.send(subject="From Telnyx!", media_urls=[url], type="MMS", **ENDS).data
    (message,) = build.every(Message)
    assert (data.type, data.subject, data.media[0].url) == ("MMS", "From Telnyx!", url)
    assert (message.next_at, [file.source_url for file in message.attachments]) == (None, [url])
    build.changed(message.attachments[0], state="stored", content_type="image/png", size=67)
    media = client.messages.retrieve(data.id).data.media[0]
    assert (media.url, media.content_type, media.size) == (url, "image/png", 67)


def test_telnyx_sends_by_each_of_its_ways(client: Any, number):
    build.a_number("12345", account=number.account)
    build.a_number("Shop", account=number.account)
    to = {"to": build.THEIRS, "text": "Hello"}
    client.messages.send_number_pool(messaging_profile_id="p1", **to)
    client.messages.send_long_code(from_=build.OURS, **to)
    client.messages.send_short_code(from_="12345", **to)
    client.messages.send_with_alphanumeric_sender(from_="Shop", messaging_profile_id="p1", **to)
    senders = [message.conversation.number.phone for message in build.every(Message)]
    assert senders == [build.OURS, build.OURS, "12345", "Shop"]


def test_telnyx_schedules_and_cancels(client: Any, number):
    data = client.messages.schedule(text="Later", send_at=in_an_hour(), **ENDS).data
    assert data.to[0].status == "scheduled"
    assert client.messages.retrieve(data.id).data.to[0].status == "scheduled"
    canceled = client.messages.cancel_scheduled(data.id)
    assert (canceled.id, canceled.to[0].status) == (data.id, "cancelled")
    assert client.messages.retrieve(data.id).data.to[0].status == "cancelled"
    assert build.every(Message)[0].state == "canceled"


def test_telnyx_raises_what_programs_wait_for(client: Any, url: str, number):
    contact = build.a_contact("+13125550111")
    build.an_opt_out(build.a_conversation(number, contact))
    content_rules.create("vodka")
    _, reader = api_keys.create("Reader", "read")
    wrong = client.with_options(api_key="sk_wrong")
    reading = client.with_options(api_key=reader)
    ours, text = {"from_": build.OURS}, {"text": "Hello"}
    cases: list[tuple[Any, type[Exception], str]] = [
        (lambda: wrong.messages.send(**ENDS, **text), telnyx.AuthenticationError, "10009"),
        (lambda: reading.messages.send(**ENDS, **text), telnyx.PermissionDeniedError, "10010"),
        (lambda: client.messages.send(to="x", **ours, **text), telnyx.BadRequestError, "40310"),
        (
            lambda: client.messages.send(to=contact.phone, **ours, **text),
            telnyx.PermissionDeniedError,
            "40300",
        ),
        (
            lambda: client.messages.send(from_="+14155550143", to=build.THEIRS, **text),
            telnyx.BadRequestError,
            "40305",
        ),
        (
            lambda: client.messages.send(**ENDS, text="Vodka!"),
            telnyx.BadRequestError,
            "40322",
        ),
        (
            lambda: client.messages.send(**ENDS, text="x" * 1000, auto_detect=True),
            telnyx.BadRequestError,
            "40328",
        ),
        (lambda: client.messages.send(**ENDS, text=""), telnyx.BadRequestError, "40316"),
        (
            lambda: client.messages.send(**ENDS, **text, webhook_url="x"),
            telnyx.UnprocessableEntityError,
            "10027",
        ),
        (lambda: client.messages.retrieve("4711"), telnyx.NotFoundError, "10005"),
        (lambda: client.messages.cancel_scheduled("x"), telnyx.NotFoundError, "10005"),
    ]
    for act, error, code in cases:
        with pytest.raises(error) as caught:
            act()
        assert code_of(caught.value) == code
    assert build.every(Message) == []


def test_telnyx_waits_when_a_limit_is_reached(client: Any, key: tuple[ApiKey, str], number):
    build.changed(key[0], daily_limit=1)
    client.messages.send(**ENDS, text="Hello")
    with pytest.raises(telnyx.RateLimitError) as caught:
        client.messages.send(**ENDS, text="Hello")
    assert code_of(caught.value) == "40333"


class _Unlucky(httpx.BaseTransport):
    """Carries requests, and loses the first answers."""

    def __init__(self, losing: int) -> None:
        self._real, self._left = httpx.HTTPTransport(), losing
        self.carried = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._real.handle_request(request)
        answer.read()
        self.carried += 1
        if self._left:
            self._left -= 1
            raise httpx.ReadTimeout("lost", request=request)
        return answer

    def close(self) -> None:
        self._real.close()


def test_telnyx_default_retries_with_an_idempotency_key_make_no_second_text(
    url: str, plain: str, number, monkeypatch
):
    monkeypatch.setattr("telnyx._base_client.INITIAL_RETRY_DELAY", 0.01)
    line = _Unlucky(2)
    with (
        httpx.Client(transport=line) as http,
        telnyx.Telnyx(api_key=plain, base_url=f"{url}/v2", http_client=http) as client,
    ):
        sent = client.messages.send(text="Once", idempotency_key="order-1", **ENDS)  # type: ignore[arg-type]
    (message,) = build.every(Message)
    assert line.carried == 3
    assert sent.data is not None
    assert sent.data.id == str(message.id)


def pingram(url: str, plain: str, *acts: Any) -> list[Any]:
    """Do these with Pingram's client, one after the other; what was answered or raised."""

    async def run() -> list[Any]:
        async with Pingram(api_key=plain, base_url=url) as client:
            return [await _outcome(act(client)) for act in acts]

    return asyncio.run(run())


async def _outcome(awaited: Any) -> Any:
    try:
        return await awaited
    except ApiException as error:
        return error


def sending(**fields: Any) -> Any:
    asked = {"type": "t", "to": build.THEIRS, "message": "Hello", "from": build.OURS} | fields
    request = SendSmsRequest.from_dict(asked)
    assert request is not None
    return lambda client: client.sms.sms_send(send_sms_request=request)


def test_pingram_sends_and_reads_how_far_its_text_is(url: str, plain: str, number):
    (sent,) = pingram(url, plain, sending(message="Hi “there” €"))
    (message,) = build.every(Message)
    answer = sent.to_dict()
    assert (answer["trackingId"], answer["messages"]) == (str(message.id), ["SMS accepted"])
    bearer = {"Authorization": f"Bearer {plain}"}
    statuses = httpx.get(f"{url}/logs/status/{message.id},999,x", headers=bearer).json()
    (status,) = statuses["statuses"]
    assert (status["trackingId"], status["status"]) == (str(message.id), "PROCESSING")


def test_pingram_schedules_changes_and_cancels(url: str, plain: str, number):
    pingram(url, plain, sending(schedule=in_an_hour().isoformat()))
    (message,) = build.every(Message)
    assert message.state == "scheduled"
    tracking, at = str(message.id), in_an_hour() + timedelta(hours=1)
    later = SenderPostBody.from_dict({"schedule": at.isoformat(), "sms": {"message": "New"}})
    assert later is not None
    changed, canceled, late = pingram(
        url,
        plain,
        lambda client: client.sender.sender_update_schedule(tracking, later),
        lambda client: client.sender.sender_delete_schedule(tracking),
        lambda client: client.sender.sender_update_schedule(tracking, later),
    )
    assert changed.message
    assert canceled.message
    assert isinstance(late, ConflictException)
    message = build.again(message)
    assert (message.state, message.body, message.next_at) == ("canceled", "New", at)


def test_pingram_raises_what_programs_wait_for(url: str, key: tuple[ApiKey, str], number):
    contact = build.a_contact("+13125550111")
    build.an_opt_out(build.a_conversation(number, contact))
    content_rules.create("vodka")
    cases: list[tuple[Any, type[Exception], int, str]] = [
        (sending(to="nobody"), BadRequestException, 400, "INVALID_PHONE_NUMBER"),
        (sending(**{"from": "+14155550143"}), BadRequestException, 400, "INVALID_SENDER"),
        (sending(message="Vodka"), BadRequestException, 400, "SPAM_CONTENT"),
        (sending(to=contact.phone), ServiceException, 502, "40300"),
    ]
    errors = pingram(url, key[1], *(case[0] for case in cases))
    for error, (_, kind, status, code) in zip(errors, cases, strict=True):
        assert isinstance(error, kind)
        assert isinstance(error, ApiException)
        assert error.status == status
        assert error.data is not None
        assert error.data.to_dict()["error"]["code"] == code
    build.changed(key[0], hourly_limit=0)
    (spent,) = pingram(url, key[1], sending())
    assert (spent.status, spent.data.to_dict()["error"]["code"]) == (402, "USAGE_LIMIT")
    (wrong,) = pingram(url, "sk_wrong", sending())
    assert isinstance(wrong, UnauthorizedException)
    (missing,) = pingram(url, key[1], lambda client: client.sender.sender_delete_schedule("4711"))
    assert isinstance(missing, NotFoundException)
    assert build.every(Message) == []
    assert len(build.every(ContentRule)) == 1
