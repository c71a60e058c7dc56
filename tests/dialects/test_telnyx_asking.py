"""As Telnyx, we take what its documentation allows and refuse all else by the field's name."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from smsinbox.dialects.base import Asked, OutboundText, Taken
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.telnyx import server, wire

NOON = datetime(2026, 2, 15, 12, tzinfo=UTC)
TEXT = OutboundText("+13125550100", "+13125550199", "Hello")
MEDIA = "https://media.example.test/1"
PROFILE = "4000eba1-a0c0-4563-9925-b25e842a7cb6"
RECORDED = """{"to":"+13125550199","auto_detect":true,"encoding":"auto","from":"+13125550100","text":"Hi “there” €","type":"SMS","use_profile_webhooks":false,"webhook_failover_url":"https://example.test/f","webhook_url":"https://example.test/h"}"""  # noqa: E501


def body(**changes: Any) -> bytes:
    fields = {"from": "+13125550100", "to": "+13125550199", "text": "Hello"} | changes
    return json.dumps({name: value for name, value in fields.items() if value != "gone"}).encode()


def accept(path: str = wire.MESSAGES, /, **changes: Any) -> Asked:
    with time_machine.travel(NOON, tick=False):
        return server.accept(path, body(**changes))


def refusal(path: str = wire.MESSAGES, /, **changes: Any) -> tuple[Reason, str]:
    with pytest.raises(Refusal) as caught:
        accept(path, **changes)
    assert caught.value.detail
    return caught.value.reason, caught.value.field


def test_the_smallest_text_is_taken() -> None:
    assert accept() == Asked(TEXT, kind="SMS")


def test_the_recorded_request_of_the_official_client_is_taken() -> None:
    assert server.accept(wire.MESSAGES, RECORDED.encode()) == Asked(
        replace(TEXT, body="Hi “there” €"),
        kind="SMS",
        webhook_urls=("https://example.test/h", "https://example.test/f"),
        use_profile_webhooks=False,
        refuse_many_parts=True,
    )


def test_tags_are_kept_as_the_program_gave_them() -> None:
    assert accept(tags=["Greetings", "été", "Greetings"]).tags == ("Greetings", "été", "Greetings")
    assert accept(tags=None).tags == ()
    wrong: Any
    for wrong in ("Greetings", [1], [""], ["x" * 101], ["x"] * 51, {}):
        assert refusal(tags=wrong) == (Reason.BAD_VALUE, "tags")


@pytest.mark.parametrize(
    ("url", "failover", "shown"),
    [
        (None, "https://b.test/", (None, "https://b.test/")),
        ("https://a.test/", "https://b.test/", ("https://a.test/", "https://b.test/")),
        ("https://a.test/", None, ("https://a.test/", None)),
        (None, None, (None, None)),
    ],
)
def test_each_address_is_shown_where_it_was_given(url: Any, failover: Any, shown: Any) -> None:
    asked = accept(webhook_url=url, webhook_failover_url=failover)
    assert asked.webhook_urls == tuple(filter(None, (url, failover)))
    data: Any = server.answer(Taken("m1", asked, NOON, "GSM-7", 1)).body["data"]
    assert (data["webhook_url"], data["webhook_failover_url"]) == shown


def test_the_escaped_request_of_the_old_client_is_taken() -> None:
    recorded = rb'{"to": "+13125550199", "text": "Hi \u20ac", "from": "+13125550100"}'
    assert server.accept(wire.MESSAGES, recorded) == Asked(replace(TEXT, body="Hi €"), kind="SMS")


def test_the_recorded_scheduled_text_to_a_pool_is_taken() -> None:
    recorded = (
        b'{"to":"+13125550199","messaging_profile_id":"4000eba1-a0c0-4563-9925-b25e842a7cb6",'
        b'"send_at":"2026-02-15T14:30:00+00:00","text":"pool"}'
    )
    with time_machine.travel(NOON, tick=False):
        asked = server.accept(wire.MESSAGES, recorded)
    assert asked == Asked(
        OutboundText("", "+13125550199", "pool"),
        kind="SMS",
        profile=PROFILE,
        send_at=datetime(2026, 2, 15, 14, 30, tzinfo=UTC),
    )


def test_an_mms_is_taken_with_its_files_and_subject() -> None:
    asked = accept(text="gone", media_urls=[MEDIA] * 10, subject="Look", type="MMS")
    expected = replace(TEXT, body="", media_urls=(MEDIA,) * 10, subject="Look")
    assert asked == Asked(expected, kind="MMS")


NULLABLE = (
    "messaging_profile_id subject media_urls webhook_url webhook_failover_url "
    "use_profile_webhooks type auto_detect send_at encoding"
)


def test_null_is_the_same_as_missing() -> None:
    assert accept(**dict.fromkeys(NULLABLE.split())) == accept()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (wire.MESSAGES, {"from": "12345"}),
        (wire.MESSAGES, {"to": "123456"}),
        (wire.MESSAGES, {"from": "My Shop 1", "messaging_profile_id": PROFILE}),
        (wire.MESSAGES, {"from": "gone", "messaging_profile_id": PROFILE}),
        (wire.NUMBER_POOL, {"from": "gone", "messaging_profile_id": PROFILE}),
        (wire.LONG_CODE, {}),
        (wire.SHORT_CODE, {"from": "12345"}),
        (wire.SHORT_CODE, {"from": "123456"}),
        (wire.ALPHANUMERIC, {"from": "Shop", "messaging_profile_id": PROFILE}),
        (wire.SCHEDULE, {"send_at": "2026-02-15T12:05:00Z"}),
        (wire.SCHEDULE, {"send_at": "2026-02-20T13:00:00+01:00"}),
        (wire.MESSAGES, {"text": "x" * 1530}),
        (wire.MESSAGES, {"text": "я" * 670}),
        (wire.MESSAGES, {"text": "x" * 670, "encoding": "ucs2"}),
        (wire.MESSAGES, {"text": "“Hi”\t– …", "encoding": "gsm7"}),
        (wire.MESSAGES, {"text": "“" * 1530, "encoding": "gsm7"}),
        (wire.MESSAGES, {"text": "я" * 5000, "media_urls": [MEDIA]}),
    ],
)
def test_each_path_takes_what_it_is_for(path: str, fields: dict[str, Any]) -> None:
    assert accept(path, **fields).text.recipient


@pytest.mark.parametrize(
    ("path", "fields", "reason", "field"),
    [
        (wire.MESSAGES, {"to": "gone"}, Reason.BAD_RECIPIENT, "to"),
        (wire.MESSAGES, {"from": "gone"}, Reason.BAD_VALUE, "messaging_profile_id"),
        (wire.MESSAGES, {"from": "Shop"}, Reason.BAD_VALUE, "messaging_profile_id"),
        (wire.MESSAGES, {"from": "A longer name"}, Reason.BAD_SENDER, "from"),
        (wire.MESSAGES, {"from": "13125550100"}, Reason.BAD_SENDER, "from"),
        (
            wire.MESSAGES,
            {"from": "Shop", "messaging_profile_id": PROFILE, "media_urls": [MEDIA]},
            Reason.BAD_SENDER,
            "from",
        ),
        (wire.NUMBER_POOL, {"messaging_profile_id": PROFILE}, Reason.BAD_SENDER, "from"),
        (wire.NUMBER_POOL, {"from": "gone"}, Reason.BAD_VALUE, "messaging_profile_id"),
        (wire.LONG_CODE, {"from": "12345"}, Reason.BAD_SENDER, "from"),
        (wire.LONG_CODE, {"from": "gone"}, Reason.BAD_SENDER, "from"),
        (wire.SHORT_CODE, {}, Reason.BAD_SENDER, "from"),
        (wire.SHORT_CODE, {"from": "1234567"}, Reason.BAD_SENDER, "from"),
        (wire.ALPHANUMERIC, {"from": "Shop"}, Reason.BAD_VALUE, "messaging_profile_id"),
        (wire.ALPHANUMERIC, {"from": "12345"}, Reason.BAD_SENDER, "from"),
        (wire.ALPHANUMERIC, {"from": "Größe"}, Reason.BAD_SENDER, "from"),
        (wire.SCHEDULE, {}, Reason.BAD_VALUE, "send_at"),
        (wire.SCHEDULE, {"send_at": "soon"}, Reason.BAD_VALUE, "send_at"),
        (wire.SCHEDULE, {"send_at": 5}, Reason.BAD_VALUE, "send_at"),
        (wire.SCHEDULE, {"send_at": "2026-02-15T12:04:59Z"}, Reason.BAD_VALUE, "send_at"),
        (wire.SCHEDULE, {"send_at": "2026-02-20T12:00:01Z"}, Reason.BAD_VALUE, "send_at"),
        (wire.MESSAGES, {"text": None, "media_urls": []}, Reason.NO_CONTENT, "text"),
        (wire.MESSAGES, {"type": "MMS"}, Reason.NO_CONTENT, "media_urls"),
        (wire.MESSAGES, {"text": "я" * 671}, Reason.TOO_LONG, "text"),
        (wire.MESSAGES, {"text": "x" * 671, "encoding": "ucs2"}, Reason.TOO_LONG, "text"),
        (wire.MESSAGES, {"text": "x" * 5001, "media_urls": [MEDIA]}, Reason.TOO_LONG, "text"),
        (wire.MESSAGES, {"text": "я", "encoding": "gsm7"}, Reason.BAD_REQUEST, "text"),
        (wire.MESSAGES, {"encoding": "utf8"}, Reason.BAD_VALUE, "encoding"),
        (wire.MESSAGES, {"type": "RCS"}, Reason.BAD_VALUE, "type"),
        (wire.MESSAGES, {"type": "SMS", "media_urls": [MEDIA]}, Reason.BAD_VALUE, "type"),
        (wire.MESSAGES, {"media_urls": MEDIA}, Reason.BAD_MEDIA, "media_urls"),
        (wire.MESSAGES, {"webhook_url": "javascript:1"}, Reason.BAD_VALUE, "webhook_url"),
        (wire.MESSAGES, {"webhook_url": "http:///x"}, Reason.BAD_VALUE, "webhook_url"),
        (wire.MESSAGES, {"webhook_failover_url": 5}, Reason.BAD_VALUE, "webhook_failover_url"),
        (wire.MESSAGES, {"auto_detect": "yes"}, Reason.BAD_VALUE, "auto_detect"),
        (wire.MESSAGES, {"use_profile_webhooks": 0}, Reason.BAD_VALUE, "use_profile_webhooks"),
        (wire.MESSAGES, {"subject": []}, Reason.BAD_VALUE, "subject"),
        (
            wire.MESSAGES,
            {"messaging_profile_id": "a b"},
            Reason.BAD_VALUE,
            "messaging_profile_id",
        ),
    ],
)
def test_anything_else_is_refused_with_its_field(
    path: str, fields: dict[str, Any], reason: Reason, field: str
) -> None:
    assert refusal(path, **fields) == (reason, field)
