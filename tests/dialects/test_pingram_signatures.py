"""A webhook that Pingram did not sign, or signed long ago, is not believed, and we say why."""

import hashlib
import hmac
from datetime import UTC, datetime

import pytest
import time_machine

from smsinbox.dialects.base import Credentials, SignedRequest
from smsinbox.dialects.errors import Forged
from smsinbox.dialects.pingram import client

# Made with the code of the official clients, PyPI pingram-python 1.0.12 and npm pingram 1.0.12.
SECRET = "pingram_whsecret_test"
ID = "019a0000-0000-7000-8000-000000000001"
STAMP = "1767225600000"
BODY = b'{"a":1}'
SIGNATURE = "v1,70a94c5626d55b11013d603a6e2bd753fc49117d0b501e7a812e7e1bb0c7ab97"

ACCOUNT = Credentials("", "pingram_sk_test", SECRET, {})
THEN = datetime.fromtimestamp(1767225600, UTC)
GOOD = {"x-pingram-ID": ID, "X-Pingram-Timestamp": STAMP, "X-Pingram-Signature": SIGNATURE}


def signature(stamp: str = STAMP, secret: str = SECRET, webhook_id: str = ID) -> str:
    signed = f"{webhook_id}.{stamp}.".encode() + BODY
    return "v1," + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def verify(headers: dict[str, str], body: bytes = BODY, account: Credentials = ACCOUNT) -> None:
    with time_machine.travel(THEN, tick=False):
        client.verify(SignedRequest(headers, body), account)


def forged(headers: dict[str, str], body: bytes = BODY, account: Credentials = ACCOUNT) -> str:
    with pytest.raises(Forged) as caught:
        verify(headers, body, account)
    return caught.value.detail


@pytest.mark.parametrize(
    "value",
    [
        "v1,",
        "v2," + SIGNATURE[3:],
        "V1," + SIGNATURE[3:],
        SIGNATURE[3:],
        SIGNATURE.upper(),
        "v1," + SIGNATURE[3:].upper(),
        SIGNATURE + "0",
        SIGNATURE[:-1],
        f" {SIGNATURE}",
        f"{SIGNATURE}\n",
        f"{SIGNATURE} {SIGNATURE}",
        f"{SIGNATURE},{SIGNATURE}",
        "v1=" + SIGNATURE[3:],
        "v1," + "g" * 64,
        "x" * 10_000,
        "v1,ümlaut",
        "\ud83d",
        "\0",
    ],
    ids=range(18),
)
def test_a_signature_of_any_other_form_is_forged_and_nothing_worse(value: str) -> None:
    assert "not one signature" in forged(GOOD | {"X-Pingram-Signature": value})


def test_the_same_signature_under_another_id_is_forged() -> None:
    assert "does not hold" in forged(GOOD | {"x-pingram-ID": ID.replace("1", "2")})


@pytest.mark.parametrize("webhook_id", ["two words", "ü", "\ud83d", "a\0", "x" * 201])
def test_a_strange_id_is_forged_and_nothing_worse(webhook_id: str) -> None:
    assert "one word" in forged(GOOD | {"x-pingram-ID": webhook_id})


def shifted(millis: int) -> dict[str, str]:
    stamp = str(int(STAMP) + millis)
    return GOOD | {"X-Pingram-Timestamp": stamp, "X-Pingram-Signature": signature(stamp)}


@pytest.mark.parametrize("millis", [-300_000, -1, 0, 299_999, 300_000])
def test_a_signature_holds_for_five_minutes_either_way(millis: int) -> None:
    verify(shifted(millis))


@pytest.mark.parametrize(
    ("millis", "words"),
    [
        (-300_001, "300 s behind our clock"),
        (-412_000, "412 s behind our clock"),
        (300_001, "300 s ahead of our clock"),
        (412_000, "412 s ahead of our clock"),
    ],
)
def test_a_signature_of_another_time_is_forged_and_says_how_far_off(
    millis: int, words: str
) -> None:
    assert words in forged(shifted(millis))


def test_a_timestamp_in_seconds_is_forged() -> None:
    stamp = STAMP[:-3]
    headers = {"X-Pingram-Timestamp": stamp, "X-Pingram-Signature": signature(stamp)}
    assert "behind our clock" in forged(GOOD | headers)
