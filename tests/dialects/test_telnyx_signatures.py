"""A webhook that Telnyx did not sign, or signed long ago, is not believed."""

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine

from smsinbox.dialects.base import Credentials, SignedRequest
from smsinbox.dialects.errors import Forged
from smsinbox.dialects.telnyx import client, signing

SEED = b64encode(bytes(range(32))).decode()
PUBLIC_KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
STAMP = "1767225600"
BODY = b'{"a":1}'
SIGNATURE = (
    "7w72K8I6BugPv28pkQLy+qHqf+DeHACxMLnWd9TrOGB/n6Spw88hngAF0PwPJw+xvIs3L3GapyVUE4XqD1opBA=="
)
ACCOUNT = Credentials("", "KEY1", PUBLIC_KEY)
NOW = datetime.fromtimestamp(int(STAMP), UTC)


def webhook(signature: str = SIGNATURE, body: bytes = BODY, stamp: str = STAMP) -> SignedRequest:
    headers = {"Telnyx-Signature-ED25519": signature, "telnyx-TIMESTAMP": stamp}
    return SignedRequest(headers, body)


def forged(
    request: SignedRequest, account: Credentials = ACCOUNT, at: datetime = NOW
) -> tuple[str | None, str]:
    with time_machine.travel(at, tick=False), pytest.raises(Forged) as caught:
        client.verify(request, account)
    return caught.value.code, caught.value.detail


def test_the_known_signature_is_made() -> None:
    assert signing.sign(SEED, STAMP, BODY) == SIGNATURE


def test_any_other_byte_anywhere_in_the_signature_is_forged() -> None:
    good = b64decode(SIGNATURE)
    for place in range(len(good)):
        bad = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
        assert forged(webhook(b64encode(bad).decode()))[0] == "signature"


@pytest.mark.parametrize("stamp", ["1767225601", "01767225600", "1767225600 "])
def test_another_timestamp_than_the_signed_one_is_forged(stamp: str) -> None:
    forged(webhook(stamp=stamp))


@pytest.mark.parametrize(
    ("signature", "words"),
    [
        ("garbage!", "The signature is not base64."),
        (" " + SIGNATURE, "The signature is not base64."),
        ("ümlaut", "The signature is not base64."),
        ("\ud83d", "The signature is not base64."),
        (SIGNATURE[:-1], "The signature is not base64."),
        ("x" * 10_000, "The signature has 7500 bytes and not 64."),
        ("AAAA", "The signature has 3 bytes and not 64."),
    ],
)
def test_a_strange_signature_is_forged_and_nothing_worse(signature: str, words: str) -> None:
    assert forged(webhook(signature)) == ("signature", words)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "The account's public key is missing."),
        ("  ", "The account's public key is missing."),
        ("whsec_1", "The account's public key is not base64."),
        ("AAAA", "The account's public key has 3 bytes and not 32."),
        (SIGNATURE, "The account's public key has 64 bytes and not 32."),
    ],
)
def test_an_account_without_a_key_of_the_right_shape_believes_nobody(key: str, words: str) -> None:
    assert forged(webhook(), replace(ACCOUNT, secret=key)) == ("key", words)


@pytest.mark.parametrize("key", [bytes(32), b"\1" + bytes(31), b"\xff" * 32, bytes(range(32))])
def test_another_public_key_believes_nothing_even_if_it_is_no_point_of_the_curve(
    key: bytes,
) -> None:
    account = replace(ACCOUNT, secret=b64encode(key).decode())
    for signature in (SIGNATURE, b64encode(bytes(64)).decode()):
        code, words = forged(webhook(signature), account)
        assert code == "signature"
        assert "does not hold" in words


def test_a_key_that_was_pasted_with_its_line_break_holds() -> None:
    with time_machine.travel(NOW, tick=False):
        client.verify(webhook(), replace(ACCOUNT, secret=PUBLIC_KEY + "\n"))


def test_a_new_pair_signs_and_proves() -> None:
    signs, proves = signing.new_pair()
    signature = signing.sign(signs, STAMP, BODY)
    with time_machine.travel(NOW, tick=False):
        client.verify(webhook(signature), replace(ACCOUNT, secret=proves))
    assert len(b64decode(signs)) == len(b64decode(proves)) == 32
