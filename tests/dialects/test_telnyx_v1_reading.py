"""The texts that the legacy API posts; what cannot be read says so in one way only."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.dialects.base import InboundText, Media, SignedRequest
from smsinbox.dialects.errors import Unreadable
from smsinbox.dialects.telnyx_v1 import client

DIGEST = "c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2"
INBOUND = (
    b'{"sms_id":"834f3d53-0000-4000-8000-000000000009","direction":"inbound",'
    b'"from":"+13125550199","to":"+13125550100","body":"Hello!"}'
)


def read_bytes(body: bytes) -> Any:
    [event] = client.read(SignedRequest({}, body))
    return event


def read(document: object) -> Any:
    return read_bytes(json.dumps(document).encode())


def received(**changes: Any) -> dict[str, Any]:
    return json.loads(INBOUND) | changes


@pytest.mark.parametrize("digest", [None, 5, "x" * 64, DIGEST + "0", "", [], {}])
def test_a_strange_hash_does_not_lose_the_file(digest: object) -> None:
    [file] = read(
        received(media=[{"url": "https://media.test/1.jpg", "hash_sha256": digest}])
    ).media
    assert file == Media("https://media.test/1.jpg")


def test_the_documented_inbound_text_is_read() -> None:
    assert read_bytes(INBOUND) == InboundText(
        "834f3d53-0000-4000-8000-000000000009", "+13125550199", "+13125550100", "Hello!"
    )


def test_an_inbound_text_of_before_2019_has_no_direction() -> None:
    document = received()
    del document["direction"]
    assert read(document) == read_bytes(INBOUND)


def test_an_inbound_form_is_read_as_the_json_would_be() -> None:
    assert read_bytes(urlencode(received()).encode()) == read_bytes(INBOUND)


def test_a_form_keeps_what_people_write() -> None:
    body = "1 + 1 = 2 & 😀 100%"
    assert read_bytes(urlencode(received(body=body)).encode()).body == body


def test_an_empty_text_is_a_text() -> None:
    assert read_bytes(urlencode(received(body="")).encode()).body == ""


def test_the_files_of_an_mms_come_with_it() -> None:
    file = {
        "url": "https://media.test/1.jpg",
        "content_type": "image/jpeg",
        "hash_sha256": DIGEST,
        "size": 1024,
    }
    event = read(received(body="Cat\nlook", media=[file]))
    assert event.body == "Cat\nlook"
    assert event.media == (Media("https://media.test/1.jpg", "image/jpeg", 1024, DIGEST),)


def test_a_picture_without_words_is_a_text() -> None:
    document = received(media=[{"url": "https://media.test/1.jpg"}])
    del document["body"]
    assert read(document).media == (Media("https://media.test/1.jpg"),)


@pytest.mark.parametrize(
    "media",
    [
        None,
        5,
        "x",
        {},
        [],
        [None],
        [{}],
        [{"url": 5}],
        [{"url": "file:///etc/passwd"}],
        [{"url": "https://a b"}],
        [{"url": "https://" + "x" * 3000}],
    ],
    ids=range(11),
)
def test_a_strange_file_does_not_lose_the_text(media: object) -> None:
    event = read(received(media=media))
    assert (event.body, event.media) == ("Hello!", ())


@pytest.mark.parametrize("size", [None, -1, "1024", True, 1.5, 2**70])
def test_a_strange_size_does_not_lose_the_file(size: object) -> None:
    [file] = read(received(media=[{"url": "https://media.test/1.jpg", "size": size}])).media
    assert file == Media("https://media.test/1.jpg")


@pytest.mark.parametrize("name", ["sms_id", "from", "to", "body"])
@pytest.mark.parametrize("value", [None, 5, 1.5, True, [], {}, ["+13125550199"]])
def test_a_field_of_another_type_is_unreadable(name: str, value: object) -> None:
    with pytest.raises(Unreadable):
        read(received(**{name: value}))


@pytest.mark.parametrize("name", ["sms_id", "from", "to", "body"])
def test_a_missing_field_is_unreadable(name: str) -> None:
    document = received()
    del document[name]
    with pytest.raises(Unreadable, match=name):
        read(document)


@pytest.mark.parametrize("carrier_id", ["", " ", "a" * 201, "a\0b", "a b", "ü", "a\n", "\ud83d"])
def test_an_absurd_id_is_unreadable(carrier_id: str) -> None:
    for document in (received(sms_id=carrier_id), {"sms_id": carrier_id, "status": "sent"}):
        with pytest.raises(Unreadable):
            read(document)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (r"half \ud83d emoji", "half \ufffd emoji"),
        (r"whole \ud83d\ude00 and half \uD83D", "whole 😀 and half \ufffd"),
        (r"a\u0000b", "a\u2400b"),
    ],
)
def test_a_broken_text_is_mended_and_never_lost(written: str, kept: str) -> None:
    assert read_bytes(INBOUND.replace(b"Hello!", written.encode())).body == kept


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"{",
        b' {"sms_id":"m1"}',
        b'{"sms_id":"m1","status":5}',
        b'{"sms_id":"m1","status":""}',
        b'{"sms_id":"m1","status":"' + b"x" * 101 + b'"}',
        b'{"status":"sent"}',
        b'{"sms_id":"m1","from":"a","to":"b","body":NaN}',
        b'{"a":"\xff"}',
        b'{"a":' * 200_000,
        b'["\\ud83d",' + b"[" * 100_000 + b"]" * 100_000 + b"]",
        b'\xef\xbb\xbf{"sms_id":"x"}',
        INBOUND.decode().encode("utf-16"),
        b"sms_id=m1&from=%2B1&to=%2B2&body=%ff",
        b"sms_id=m1&from=%2B1&to=%2B2",
        b"&" * 100_000,
        b"a=1&" * 100_000,
        b"sms_id=a%00b&from=a&to=b&body=c",
        b"\0" * 100,
        b'--x\r\nContent-Disposition: form-data; name="sms_id"\r\n\r\nm1\r\n--x--\r\n',
    ],
    ids=range(23),
)
def test_a_hostile_body_is_unreadable_and_nothing_worse(body: bytes) -> None:
    with pytest.raises(Unreadable):
        client.read(SignedRequest({}, body))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
words = st.sampled_from(["m1", "sent", "failed", "inbound", "outbound", "+13125550199"])
names = ["from", "to", "body", "status", "direction", "media", "errors", "msg", "cost", "updated"]
documents = st.fixed_dictionaries(
    {"sms_id": json_values | words},
    optional=dict.fromkeys(names, json_values | words),
)


@given(
    st.binary()
    | documents.map(lambda document: json.dumps(document).encode())
    | st.dictionaries(st.sampled_from(["sms_id", *names]), words | st.text()).map(
        lambda form: urlencode(form).encode()
    )
)
def test_whatever_is_posted_is_read_or_unreadable(body: bytes) -> None:
    try:
        events = client.read(SignedRequest({}, body))
    except Unreadable:
        return
    assert len(events) == 1
