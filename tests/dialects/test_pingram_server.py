"""As Pingram, we take what its documentation allows and refuse the rest in its own words."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.dialects.base import Asked, OutboundText, SignedRequest, Taken
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


@pytest.mark.parametrize("message", ["H", "x" * 1600, " ", "😀" * 1600])
def test_a_message_of_1_to_1600_characters_is_taken(message: str) -> None:
    assert accept(body(message=message)).text.body == message


@pytest.mark.parametrize(
    ("request_body", "reason", "field"),
    [
        (b"", Reason.BAD_REQUEST, ""),
        (b"{", Reason.BAD_REQUEST, ""),
        (b"[]", Reason.BAD_REQUEST, ""),
        (b"null", Reason.BAD_REQUEST, ""),
        (b'{"type":"\xff"}', Reason.BAD_REQUEST, ""),
        (b"[" * 100_000, Reason.BAD_REQUEST, ""),
        (body(type="gone"), Reason.BAD_VALUE, "type"),
        (body(type=5), Reason.BAD_VALUE, "type"),
        (body(type=" "), Reason.BAD_VALUE, "type"),
        (body(type="x" * 101), Reason.BAD_VALUE, "type"),
        (body(to="gone"), Reason.BAD_RECIPIENT, "to"),
        (body(to={"number": "+13125550199"}), Reason.BAD_VALUE, "to"),
        (body(to=""), Reason.BAD_RECIPIENT, "to"),
        (body(to="3125550199"), Reason.BAD_RECIPIENT, "to"),
        (body(to="13125550199"), Reason.BAD_RECIPIENT, "to"),
        (body(to="(312) 555-0199"), Reason.BAD_RECIPIENT, "to"),
        (body(to="+03125550199"), Reason.BAD_RECIPIENT, "to"),
        (body(to="+13125550199\n"), Reason.BAD_RECIPIENT, "to"),
        (body(to="+١٣١٢٥٥٥٠١٩٩"), Reason.BAD_RECIPIENT, "to"),
        (body(**{"from": ""}), Reason.BAD_SENDER, "from"),
        (body(**{"from": "ACME"}), Reason.BAD_SENDER, "from"),
        (body(**{"from": 5}), Reason.BAD_VALUE, "from"),
        (body(message="gone"), Reason.NO_CONTENT, "message"),
        (body(message=""), Reason.NO_CONTENT, "message"),
        (body(message="", mediaUrls=[]), Reason.NO_CONTENT, "message"),
        (body(message=5), Reason.BAD_VALUE, "message"),
        (body(message="x" * 1601), Reason.TOO_LONG, "message"),
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
        (body(mediaUrls=["https://m.test/1", 5]), Reason.BAD_MEDIA, "mediaUrls"),
        (body(mediaUrls=["https://"]), Reason.BAD_MEDIA, "mediaUrls"),
        (body(mediaUrls=["https:///1"]), Reason.BAD_MEDIA, "mediaUrls"),
        (body(mediaUrls=["https://[1"]), Reason.BAD_MEDIA, "mediaUrls"),
        (body(mediaUrls=["https://m.test/a b"]), Reason.BAD_MEDIA, "mediaUrls"),
        (body(mediaUrls=["https://m.test/" + "x" * 2000]), Reason.BAD_MEDIA, "mediaUrls"),
        (body(mediaUrls=["https://m.test/1"] * 11), Reason.BAD_MEDIA, "mediaUrls"),
    ],
    ids=range(45),
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


@pytest.mark.parametrize(
    ("reason", "status", "code"),
    [
        (Reason.BAD_REQUEST, 400, "BAD_REQUEST"),
        (Reason.BAD_VALUE, 400, "INVALID_FIELD"),
        (Reason.BAD_SENDER, 400, "INVALID_SENDER"),
        (Reason.BAD_RECIPIENT, 400, "INVALID_PHONE_NUMBER"),
        (Reason.NO_CONTENT, 400, "MISSING_SMS_MESSAGE"),
        (Reason.TOO_LONG, 400, "MESSAGE_TOO_LONG"),
        (Reason.TOO_MANY_PARTS, 400, "MESSAGE_TOO_LONG"),
        (Reason.BAD_MEDIA, 400, "INVALID_MEDIA"),
        (Reason.UNAUTHORIZED, 401, "UNAUTHORIZED"),
        (Reason.FORBIDDEN, 401, "FORBIDDEN"),
        (Reason.NOT_FOUND, 404, "NOT_FOUND"),
        (Reason.CONFLICT, 409, "CONFLICT"),
        (Reason.TOO_LATE, 409, "ALREADY_SENT"),
        (Reason.OPTED_OUT, 502, "40300"),
        (Reason.CONTENT, 400, "SPAM_CONTENT"),
        (Reason.UNHEALTHY, 400, "UNHEALTHY_SENDER"),
        (Reason.QUOTA, 402, "USAGE_LIMIT"),
        (Reason.RATE, 429, "RATE_LIMIT"),
        (Reason.INTERNAL, 500, "INTERNAL_ERROR"),
        (Reason.UNAVAILABLE, 503, "UNAVAILABLE"),
    ],
)
def test_every_refusal_has_a_status_a_code_and_a_fix(
    reason: Reason, status: int, code: str
) -> None:
    reply = server.refuse(Refusal(reason, "Because.", retry_after=7))
    error: Any = reply.body["error"]
    expected = {"Retry-After": "7"} | ({"WWW-Authenticate": "Bearer"} if status == 401 else {})
    assert (reply.status, reply.headers) == (status, expected)
    assert (error["code"], error["message"]) == (code, "Because.")
    assert error["fix"].endswith(".")


def test_no_reason_is_forgotten() -> None:
    for reason in Reason:
        error: Any = server.refuse(Refusal(reason, "")).body["error"]
        assert error["message"]


def test_each_refusal_has_an_id_of_its_own() -> None:
    first, second = (server.refuse(Refusal(Reason.RATE, "x")).body["trackingId"] for _ in "ab")
    assert uuid.UUID(str(first)) != uuid.UUID(str(second))


def test_only_a_persons_stop_names_a_provider_and_that_is_us() -> None:
    error: Any = server.refuse(Refusal(Reason.OPTED_OUT, "STOP.")).body["error"]
    assert (error["provider"], error["providerCode"]) == ("smsinbox", "40300")
    other: Any = server.refuse(Refusal(Reason.CONTENT, "Spam.")).body["error"]
    assert not {"provider", "providerCode"} & other.keys()


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Bearer pingram_sk_1", "pingram_sk_1"),
        ("bearer  pingram_sk_1 ", "pingram_sk_1"),
        ("Bearer", None),
        ("Bearer ", None),
        ("Basic cGluZ3JhbQ==", None),
        ("", None),
    ],
)
def test_the_key_is_the_bearer(header: str, key: str | None) -> None:
    assert server.key_of(SignedRequest({"authorization": header}, b"")) == key


def test_new_secrets_look_like_pingrams_and_are_never_the_same() -> None:
    one, other = server.new_secrets(), server.new_secrets()
    assert one.signs == one.proves != other.signs
    assert one.signs.startswith("pingram_whsecret_")


def test_an_account_of_it_needs_a_key_a_secret_and_a_notification_type() -> None:
    needed = [each.name for each in DIALECT.fields if each.required]
    assert needed == ["key", "secret", "notification_type"]
    for region in ("https://api.pingram.io", "https://api.eu.pingram.io", "api.ca.pingram.io"):
        assert region in DIALECT.fields[0].help


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
names = "type to message schedule from autoReply mediaUrls".split()
documents = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(names, json_values | st.just("+13125550199"))
)


@given(st.binary() | documents.map(lambda document: json.dumps(document).encode()))
def test_whatever_is_sent_is_taken_or_refused(request_body: bytes) -> None:
    try:
        asked = accept(request_body)
    except Refusal as refusal:
        server.refuse(refusal)
        return
    assert asked.text.recipient == "+13125550199"
