"""As Pingram, we take what its documentation allows and refuse the rest in its own words."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from smsinbox.dialects.base import Asked, OutboundText, Taken
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.pingram import DIALECT, server

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def body(**changes: Any) -> bytes:
    fields = {"type": "support_reply", "to": "+13125550199", "message": "Hello"} | changes
    return json.dumps({name: value for name, value in fields.items() if value != "gone"}).encode()


def accept(request: bytes) -> Asked:
    return server.accept("/sms", request)


def test_the_official_clients_request_is_taken_whole() -> None:
    request = (
        '{"type":"support_reply","to":"+13125550199","message":"Hi “there” €",'
        '"schedule":"2026-02-15T14:30:00.000Z","from":"+13125550100",'
        '"autoReply":{"message":"We got it"}}'
    )
    assert accept(request.encode()) == Asked(
        OutboundText("+13125550100", "+13125550199", "Hi “there” €"),
        kind="support_reply",
        send_at=datetime(2026, 2, 15, 14, 30, tzinfo=UTC),
        auto_reply="We got it",
    )


@pytest.mark.parametrize("nothing", ["gone", None])
def test_all_but_type_and_recipient_and_something_to_say_may_be_left_out(nothing: Any) -> None:
    names = ("from", "schedule", "autoReply", "mediaUrls")
    request = body(**dict.fromkeys(names, nothing))
    assert accept(request) == Asked(OutboundText("", "+13125550199", "Hello"), kind="support_reply")


@pytest.mark.parametrize("message", ["gone", None, "", "Look"])
def test_a_picture_needs_no_message(message: str | None) -> None:
    url = "https://m.test/a.jpg?x=1"
    asked = accept(body(message=message, mediaUrls=[url]))
    assert asked.text.media_urls == (url,)
    assert asked.text.body == ("Look" if message == "Look" else "")


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000"])
def test_a_picture_on_this_very_machine_needs_no_tls(host: str) -> None:
    url = f"http://{host}/media/out/token/picture.png"
    assert accept(body(mediaUrls=[url])).text.media_urls == (url,)


@pytest.mark.parametrize("host", ["m.test", "localhost.m.test", "10.0.0.1", "localhost@m.test"])
def test_a_picture_elsewhere_needs_it(host: str) -> None:
    with pytest.raises(Refusal):
        accept(body(mediaUrls=[f"http://{host}/a.png"]))


@pytest.mark.parametrize("message", ["x" * 1600, "😀" * 1600])
def test_a_message_of_1600_characters_is_taken(message: str) -> None:
    assert accept(body(message=message)).text.body == message


@pytest.mark.parametrize(
    ("request_body", "reason", "field"),
    [
        (body(type="gone"), Reason.BAD_VALUE, "type"),
        (body(type=5), Reason.BAD_VALUE, "type"),
        (body(type=" "), Reason.BAD_VALUE, "type"),
        (body(type="x" * 101), Reason.BAD_VALUE, "type"),
        (body(to="gone"), Reason.BAD_RECIPIENT, "to"),
        (body(to={"number": "+13125550199"}), Reason.BAD_VALUE, "to"),
        (body(to=""), Reason.BAD_RECIPIENT, "to"),
        (body(**{"from": ""}), Reason.BAD_SENDER, "from"),
        (body(**{"from": "ACME"}), Reason.BAD_SENDER, "from"),
        (body(message="", mediaUrls=[]), Reason.NO_CONTENT, "message"),
        (body(schedule="tomorrow"), Reason.BAD_VALUE, "schedule"),
        (body(schedule=""), Reason.BAD_VALUE, "schedule"),
        (body(schedule=1767225600), Reason.BAD_VALUE, "schedule"),
        (body(schedule="\ud83d"), Reason.BAD_VALUE, "schedule"),
        (body(autoReply="We got it"), Reason.BAD_VALUE, "autoReply"),
        (body(autoReply={}), Reason.BAD_VALUE, "autoReply.message"),
        (body(autoReply={"message": ""}), Reason.BAD_VALUE, "autoReply.message"),
        (body(autoReply={"message": 5}), Reason.BAD_VALUE, "autoReply.message"),
        (body(autoReply={"message": "x" * 1601}), Reason.TOO_LONG, "autoReply.message"),
        (body(mediaUrls="https://m.test/1"), Reason.BAD_MEDIA, "mediaUrls"),
        (body(mediaUrls=["http://m.test/1"]), Reason.BAD_MEDIA, "mediaUrls"),
    ],
    ids=range(21),
)
def test_anything_else_is_refused_and_the_field_named(
    request_body: bytes, reason: Reason, field: str
) -> None:
    with pytest.raises(Refusal) as caught:
        accept(request_body)
    assert (caught.value.reason, caught.value.field) == (reason, field)
    assert field in caught.value.detail


@pytest.mark.parametrize(
    ("send_at", "said"), [(None, "SMS accepted"), (NOON, "SMS scheduled")], ids=["now", "later"]
)
def test_an_answer_names_the_text(send_at: datetime | None, said: str) -> None:
    asked = Asked(OutboundText("", "+13125550199", "Hi"), kind="x", send_at=send_at)
    reply = server.answer(Taken("m1", asked, NOON, "gsm7", 1))
    assert (reply.status, reply.body) == (200, {"trackingId": "m1", "messages": [said]})


def test_each_refusal_has_an_id_of_its_own() -> None:
    first, second = (server.refuse(Refusal(Reason.RATE, "x")).body["trackingId"] for _ in "ab")
    assert uuid.UUID(str(first)) != uuid.UUID(str(second))


def test_only_a_persons_stop_names_a_provider_and_that_is_us() -> None:
    error: Any = server.refuse(Refusal(Reason.OPTED_OUT, "STOP.")).body["error"]
    assert (error["provider"], error["providerCode"]) == ("smsinbox", "40300")
    other: Any = server.refuse(Refusal(Reason.CONTENT, "Spam.")).body["error"]
    assert not {"provider", "providerCode"} & other.keys()


def test_new_secrets_look_like_pingrams_and_are_never_the_same() -> None:
    one, other = server.new_secrets(), server.new_secrets()
    assert one.signs == one.proves != other.signs
    assert one.signs.startswith("pingram_whsecret_")


def test_an_account_of_it_needs_a_key_a_secret_and_a_notification_type() -> None:
    needed = [each.name for each in DIALECT.fields if each.required]
    assert needed == ["key", "secret", "notification_type"]
    for region in ("https://api.pingram.io", "https://api.eu.pingram.io", "api.ca.pingram.io"):
        assert region in DIALECT.fields[0].help


def test_every_refusal_has_a_fix() -> None:
    for reason in Reason:
        error: Any = server.refuse(Refusal(reason, "Because.")).body["error"]
        assert error["message"] == "Because."
        assert error["fix"].endswith(".")
