"""The texts that the legacy API posts; what cannot be read says so in one way only."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from smsinbox.dialects.base import InboundText, Media, SignedRequest
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
