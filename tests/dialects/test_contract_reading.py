"""What every dialect promises of a carrier's webhooks: it reads them, and believes few."""

from dataclasses import replace
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.dialects.base import InboundText, SignedRequest, Unknown
from smsinbox.dialects.errors import (
    Forged,
    Unreadable,
)
from tests.dialects.cases import CASES
from tests.dialects.cases.case import GONE, Case, changed

every_carrier = pytest.mark.parametrize("case", CASES.values(), ids=CASES)

HOSTILE = (
    b"",
    b"null",
    b"[]",
    b"5",
    b"{}",
    b"[" * 200_000,
    b'{"a":' * 200_000,
    b'"\\ud83d"' + b"[" * 200_000,
    b'["\\ud83d",' + b"[" * 100_000 + b"]" * 100_000 + b"]",
    b'["\\ud83d",' + b"9" * 5000 + b"]",
    b"9" * 5000,
    b"\0" * 100,
)


def spoiled(case: Case) -> list[bytes]:
    """A good text that something on its way has broken."""
    text, words = case.reads.text, case.reads.words
    return [
        b"\xef\xbb\xbf" + text,
        text.decode().encode("utf-16"),
        text.replace(words, b"\xff"),
        text.replace(words, b"\\ud83d\xff"),
        text[:-1] + b',"a":NaN}',
        text[:-1] + b',"a":1e999}',
        text[:-1] + b',"a":"\\ud83d","b":NaN}',
        text[:-1] + b',"a":"\\ud83d","b":1e999}',
    ]


@every_carrier
def test_a_hostile_body_is_unreadable_and_nothing_worse(case: Case) -> None:
    bodies = (*HOSTILE, *spoiled(case), *case.reads.hostile)
    assert [body[:80] for body in bodies if case.can_read(body)] == []


@every_carrier
def test_whatever_is_posted_is_read_or_unreadable(case: Case) -> None:
    @given(case.reads.posted, st.dictionaries(st.just("X-Pingram-Id"), st.text(st.characters())))
    def holds(body: bytes, headers: dict[str, str]) -> None:
        case.can_read(body, headers)

    holds()


@every_carrier
def test_a_text_without_what_it_needs_is_unreadable(case: Case) -> None:
    for path in (*case.reads.numbers, *case.reads.strings):
        for value in (None, 5, 1.5, True, [], {}, [["+13125550199"]], {"phone_number": None}, GONE):
            with pytest.raises(Unreadable, match=path.rpartition(".")[2]):
                case.read(changed(case.reads.text, path, value))


@every_carrier
@pytest.mark.parametrize("number", ["", " ", "a\0", "x" * 65])
def test_what_is_no_number_and_no_name_is_unreadable(case: Case, number: str) -> None:
    for path in case.reads.numbers:
        with pytest.raises(Unreadable):
            case.read(changed(case.reads.text, path, number))


@every_carrier
@pytest.mark.parametrize(
    "carrier_id", [5, "", " ", "a" * 201, "a\0b", "a b", "ü", "a\n", "\ud83d", "two words"]
)
def test_an_absurd_id_is_unreadable(case: Case, carrier_id: object) -> None:
    for document, path in case.reads.ids:
        with pytest.raises(Unreadable):
            case.read(changed(document, path, carrier_id))


@every_carrier
@pytest.mark.parametrize("carrier_id", [None, GONE])
def test_a_receipt_without_an_id_is_unreadable(case: Case, carrier_id: object) -> None:
    with pytest.raises(Unreadable):
        case.read(changed(case.reads.receipt, case.reads.receipt_id, carrier_id))


@every_carrier
@pytest.mark.parametrize("at", [None, 5, "yesterday", "", "0001-01-01T00:00:00+14:00", [], {}])
def test_a_strange_time_does_not_lose_the_text(case: Case, at: object) -> None:
    body = case.reads.text
    for path in case.reads.times:
        body = changed(body, path, at)
    assert case.read(body).occurred_at is None


@every_carrier
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (rb"half \ud83d emoji", "half \ufffd emoji"),
        (rb"\ude00 other half", "\ufffd other half"),
        (rb"\ude00\ud83d", "\ufffd\ufffd"),
        (rb"whole \ud83d\ude00 and half \uD83D", "whole 😀 and half \ufffd"),
        (rb"a\u0000b", "a\u2400b"),
        (rb"\\ud83d is only a backslash", r"\ud83d is only a backslash"),
        (b"", ""),
    ],
)
def test_a_broken_text_is_mended_and_never_lost(case: Case, written: bytes, kept: str) -> None:
    event = case.read(case.reads.text.replace(case.reads.words, written))
    assert isinstance(event, InboundText)
    assert event.body == kept


@every_carrier
def test_an_event_we_do_not_follow_is_named_and_not_an_error(case: Case) -> None:
    for body, name in case.reads.unfollowed.items():
        event = case.read(body)
        assert isinstance(event, Unknown)
        assert event.event == name


def verify(case: Case, request: SignedRequest, seconds: int = 0, **account: Any) -> None:
    now = case.proof.signed_at + seconds
    with time_machine.travel(now, tick=False):
        case.dialect.client.verify(request, replace(case.proof.account, **account))


def forged(case: Case, request: SignedRequest, seconds: int = 0, **account: Any) -> str:
    with pytest.raises(Forged) as caught:
        verify(case, request, seconds, **account)
    return caught.value.detail


def resigned(case: Case, secret: str | None = None, stamp: str | None = None) -> SignedRequest:
    """The vector's body signed by another secret or at another time."""
    proof = case.proof
    stamp = stamp if stamp is not None else str(proof.signed_at * proof.per_second)
    return proof.sign(proof.vector.body, stamp, proof.account.secret if secret is None else secret)


def with_signature(case: Case, value: str) -> SignedRequest:
    vector = case.proof.vector
    return replace(vector, headers={**vector.headers, case.proof.signature: value})


@every_carrier
@pytest.mark.parametrize("seconds", [-300, -1, 0, 299, 300])
def test_the_known_signature_holds_for_five_minutes_either_way(case: Case, seconds: int) -> None:
    verify(case, case.proof.vector, seconds)
    assert resigned(case) == case.proof.vector


@every_carrier
@pytest.mark.parametrize("seconds", [-412, -301, 301, 412])
def test_a_clock_that_is_off_is_told_with_seconds_and_direction(case: Case, seconds: int) -> None:
    words = forged(case, case.proof.vector, seconds)
    assert f"{abs(seconds)} s" in words
    assert (case.proof.past if seconds > 0 else case.proof.future) in words


@every_carrier
def test_any_other_bit_anywhere_in_the_body_is_forged(case: Case) -> None:
    body = case.proof.vector.body
    for place in range(len(body)):
        for flip in (0x01, 0x20, 0x80):
            other = body[:place] + bytes([body[place] ^ flip]) + body[place + 1 :]
            assert "altered" in forged(case, replace(case.proof.vector, body=other))


@every_carrier
def test_the_same_json_written_differently_is_forged(case: Case) -> None:
    body = case.proof.vector.body
    for other in (body.replace(b":", b": "), body + b" ", body.strip(b"{}")):
        assert "altered" in forged(case, replace(case.proof.vector, body=other))


@every_carrier
def test_any_other_character_anywhere_in_the_signature_is_forged(case: Case) -> None:
    good = case.proof.vector.header(case.proof.signature) or ""
    for place in range(len(good)):
        other = "0" if good[place] != "0" else "1"
        forged(case, with_signature(case, good[:place] + other + good[place + 1 :]))


@every_carrier
def test_a_strange_signature_is_forged_and_nothing_worse(case: Case) -> None:
    good = case.proof.vector.header(case.proof.signature) or ""
    for value in (
        *("", " ", "garbage", "x" * 10_000, "ümlaut", "\ud83d", "\0", good.upper(), good + "0"),
        *(good[:-1], good[1:], f"{good},{good}", f"{good} {good}"),
    ):
        forged(case, with_signature(case, value))


@every_carrier
def test_a_missing_header_is_named(case: Case) -> None:
    for name in case.proof.headers:
        kept = dict(case.proof.vector.headers)
        del kept[name.lower()]
        assert name.lower() in forged(case, replace(case.proof.vector, headers=kept)).lower()


@every_carrier
def test_a_signature_of_another_secret_is_forged(case: Case) -> None:
    for secret in case.proof.other_secrets:
        assert "does not hold" in forged(case, resigned(case, secret))


@every_carrier
def test_an_account_without_a_secret_believes_nobody(case: Case) -> None:
    assert case.proof.keyless in forged(case, resigned(case, ""), secret="")


@every_carrier
@pytest.mark.parametrize("stamp", ["abc", "-5", "1e9", " 1", "1.5", "9" * 400, "١٢٣", "\0", "1 "])
def test_a_strange_timestamp_is_forged_and_nothing_worse(case: Case, stamp: str) -> None:
    assert case.proof.clockless in forged(case, resigned(case, stamp=stamp))
