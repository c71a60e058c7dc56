"""A webhook that Trunx did not sign, or signed long ago, is not believed."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine

from smsinbox.dialects.base import Credentials, SignedRequest
from smsinbox.dialects.errors import Forged
from smsinbox.dialects.trunx import client

BODY = (
    b'{"event":"sms.received","data":{"id":"5d0f3c52","from":"+13125550199",'
    b'"to":"+13125550100","message":"My order has not arrived","direction":"inbound",'
    b'"created_at":"2026-03-09T16:05:00.000Z"}}'
)
ACCOUNT = Credentials("", "tk_test_1", "whsec_first", {})
TIMED = replace(ACCOUNT, settings={"timestamp_header": "X-Trunx-Timestamp"})
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def digest(signed: bytes = BODY, secret: bytes = b"whsec_first") -> str:
    return hmac.new(secret, signed, hashlib.sha256).hexdigest()


def webhook(signature: str, body: bytes = BODY, stamp: str | None = None) -> SignedRequest:
    headers = {"x-trunx-SIGNATURE": signature}
    if stamp is not None:
        headers["X-Trunx-Timestamp"] = stamp
    return SignedRequest(headers, body)


@pytest.mark.parametrize("prefix", ["", "sha256="])
def test_a_hex_digest_of_the_raw_body_holds_with_or_without_its_prefix(prefix: str) -> None:
    client.verify(webhook(prefix + digest()), ACCOUNT)


def test_any_other_byte_anywhere_in_the_body_is_forged() -> None:
    for place in range(len(BODY)):
        for flip in (0x01, 0x20, 0x80):
            forged = BODY[:place] + bytes([BODY[place] ^ flip]) + BODY[place + 1 :]
            with pytest.raises(Forged):
                client.verify(webhook(digest(), forged), ACCOUNT)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        "garbage",
        digest().upper(),
        digest() + "0",
        digest()[:-1],
        " " + digest(),
        f"sha256=sha256={digest()}",
        f"{digest()},{digest()}",
        digest(secret=b"whsec_of_another_account"),
        digest(secret=b""),
        "x" * 10_000,
        "ümlaut",
        "\ud83d",
        "\0",
    ],
)
def test_a_strange_signature_is_forged_and_nothing_worse(signature: str) -> None:
    with pytest.raises(Forged):
        client.verify(webhook(signature), ACCOUNT)


def test_a_timed_account_does_not_believe_a_signature_of_the_body_alone() -> None:
    stamp = str(int(NOON.timestamp()))
    with time_machine.travel(NOON, tick=False), pytest.raises(Forged):
        client.verify(webhook(digest(), stamp=stamp), TIMED)
