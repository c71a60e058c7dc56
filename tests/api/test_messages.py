"""Programs read the texts of a conversation, oldest first, and write into it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from smsinbox.core.database import atomic
from smsinbox.models import ApiKey, Delivery, Message
from smsinbox.services import api_keys, content_rules
from tests import build

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
HOSTILE = {
    "not JSON": b"{",
    "empty": b"",
    "invalid UTF-8": b'{"body":"\xff"}',
    "half an emoji": b'{"body":"\\ud83d"}',
    "deep": b"[" * 100_000,
    "deep body": b'{"body":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "list": b"[]",
    "text": b'"hi"',
    "null": b"null",
    "number": b"1e999",
    "NaN": b'{"body": NaN}',
    "no body": b"{}",
    "body is null": b'{"body":null}',
    "body is a number": b'{"body":7}',
    "body is a list": b'{"body":["hi"]}',
    "token is a number": b'{"body":"hi","client_token":1}',
    "token is empty": b'{"body":"hi","client_token":""}',
    "token is long": b'{"body":"hi","client_token":"' + b"x" * 65 + b'"}',
    "token has NUL": b'{"body":"hi","client_token":"\\u0000"}',
    "token ends its line": b'{"body":"hi","client_token":"x\\n"}',
    "misspelt token": b'{"body":"hi","clientToken":"x"}',
    "blank": b'{"body":" \\n "}',
    "too long": b'{"body":"' + b"x" * 1601 + b'"}',
}


@pytest.fixture
def conversation(number):
    return build.a_conversation(number)


@pytest.fixture
def path(conversation) -> str:
    return f"/conversations/{conversation.id}/messages"


def test_a_text_shows_what_it_says_and_what_became_of_it(program, conversation, path):
    message = build.a_message(
        conversation,
        body="Grüße 👋",
        state="accepted",
        delivery=Delivery.DELIVERED.value,
        created_at=NOON,
    )
    assert program.get(path).json == {
        "items": [
            {
                "id": message.id,
                "direction": "outbound",
                "body": "Grüße 👋",
                "state": "accepted",
                "delivery": "delivered",
                "created_at": "2026-03-09T12:00:00.000000Z",
                "segments": 1,
                "error": None,
                "files": [],
            }
        ],
        "next": None,
    }


@pytest.mark.parametrize("delivery", list(Delivery))
def test_the_delivery_is_a_word(program, conversation, path, delivery):
    build.a_message(conversation, delivery=delivery.value)
    assert program.get(path).json["items"][0]["delivery"] == delivery.name.lower()


@pytest.mark.parametrize(
    ("state", "delivery", "shows"),
    [
        ("failed", 0, True),
        ("canceled", 0, True),
        ("uncertain", 0, True),
        ("accepted", Delivery.UNDELIVERED, True),
        ("queued", 0, False),
        ("accepted", Delivery.DELIVERED, False),
    ],
)
def test_the_error_shows_while_the_text_has_not_arrived(
    program, conversation, path, state, delivery, shows
):
    build.a_message(
        conversation, state=state, delivery=int(delivery), error_code="x", error_detail="Why."
    )
    expected = {"code": "x", "detail": "Why."} if shows else None
    assert program.get(path).json["items"][0]["error"] == expected


def test_texts_are_read_oldest_first_each_once(program, conversation, path):
    @atomic
    def write() -> list[int]:
        return [build.a_message(conversation, body=str(at)).id for at in range(120)]

    written = write()
    build.a_message(build.a_conversation(conversation.number))
    pages = program.walk(path)
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [item["id"] for page in pages for item in page] == written


def test_a_program_that_reads_on_sees_what_came_meanwhile(program, conversation, path):
    first = build.a_message(conversation)
    second = build.a_message(conversation)
    page = program.get(f"{path}?cursor={first.id}").json
    assert [item["id"] for item in page["items"]] == [second.id]


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "9" * 30])
def test_a_cursor_that_is_not_ours_is_422(program, path, cursor):
    assert program.get(f"{path}?cursor={cursor}").status_code == 422


def test_a_text_of_a_program_waits_in_the_outbox_under_its_name(program, path):
    answer = program.post(path, json={"body": "Your parcel is here", "client_token": "one"})
    assert answer.status_code == 201
    (message,) = build.every(Message)
    assert answer.json["id"] == message.id
    assert (answer.json["state"], answer.json["delivery"]) == ("queued", "none")
    assert (message.author, message.author_name) == ("program", "Shop")


def test_the_same_token_gives_the_first_text_and_sends_nothing(program, path):
    first = program.post(path, json={"body": "Hello", "client_token": "one"})
    again = program.post(path, json={"body": "Changed", "client_token": "one"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert len(build.every(Message)) == 1


def test_the_same_token_at_once_is_new_for_exactly_one(program, path):
    def write(_: int) -> int:
        return program.post(path, json={"body": "Hello", "client_token": "one"}).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(write, range(4)))
    assert sorted(statuses) == [200, 200, 200, 201]
    assert len(build.every(Message)) == 1


def test_a_text_without_a_token_is_sent_each_time(program, path):
    for _ in range(2):
        assert program.post(path, json={"body": "Hello", "client_token": None}).status_code == 201
    assert len(build.every(Message)) == 2


def test_nul_is_kept_as_its_picture(program, path):
    assert program.post(path, json={"body": "a\0b"}).json["body"] == "a␀b"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_body_that_makes_no_sense_is_refused_and_nothing_is_sent(program, path, name):
    answer = program.post(path, data=HOSTILE[name], content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"
    assert build.every(Message) == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_read(program, path, content_type):
    answer = program.post(path, data=b'{"body":"hi"}', content_type=content_type)
    assert answer.status_code == 415
    assert answer.json["type"].endswith("/errors/unsupported-media-type")


def test_a_body_beyond_a_megabyte_is_413(program, path):
    answer = program.post(path, data=b" " * 2_000_000, content_type="application/json")
    assert answer.status_code == 413
    assert answer.json["type"].endswith("/errors/too-large")


def test_a_contact_who_opted_out_is_not_texted(program, conversation, path):
    build.an_opt_out(conversation)
    answer = program.post(path, json={"body": "Hello"})
    assert answer.status_code == 409
    assert answer.json["type"].endswith("/errors/dnc-blocked")
    assert build.every(Message) == []


def test_a_sender_that_is_only_a_name_cannot_be_answered(program, number):
    parcels = build.a_conversation(number, build.a_contact("PARCELS", kind="alphanumeric"))
    answer = program.post(f"/conversations/{parcels.id}/messages", json={"body": "Hello"})
    assert answer.status_code == 409
    assert answer.json["type"].endswith("/errors/conflict")


def test_words_that_programs_may_not_send_are_422_with_the_rules_words(program, path):
    content_rules.create("free money")
    answer = program.post(path, json={"body": "FREE money!"})
    assert answer.status_code == 422
    assert answer.json["type"].endswith("/errors/content-blocked")
    assert "free money" in answer.json["detail"]
    assert build.every(Message) == []


@pytest.mark.parametrize(("hourly", "daily"), [("2", ""), ("", "2")])
def test_beyond_the_limit_of_its_key_it_is_429_and_says_when_to_come_again(
    program, path, hourly, daily
):
    api_keys.limit(build.every(ApiKey)[0].id, hourly, daily, None)
    statuses = [
        program.post(path, json={"body": "Hello", "client_token": token}).status_code
        for token in ("one", "one", "two", "three")
    ]
    refused = program.post(path, json={"body": "Hello"})
    assert statuses == [201, 200, 201, 429]
    assert refused.json["type"].endswith("/errors/rate-limited")
    assert 0 < int(refused.headers["Retry-After"]) <= 24 * 3600 + 1
    assert len(build.every(Message)) == 2


def test_a_text_that_is_refused_takes_nothing_from_the_limit(program, path):
    api_keys.limit(build.every(ApiKey)[0].id, "1", "", None)
    assert program.post(path, json={"body": " "}).status_code == 422
    assert program.post(path, json={"body": "Hello"}).status_code == 201


def test_programs_that_come_at_once_cannot_both_send_the_last_text(program, path):
    api_keys.limit(build.every(ApiKey)[0].id, "1", "", None)

    def write(_: int) -> int:
        return program.post(path, json={"body": "Hello"}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(4))) == [201, 429, 429, 429]


def test_an_idempotency_key_is_a_client_token(program, path):
    program.headers["Idempotency-Key"] = "one"
    statuses = [program.post(path, json={"body": "Hello"}).status_code for _ in range(2)]
    statuses.append(program.post(path, json={"body": "x", "client_token": "one"}).status_code)
    assert statuses == [201, 200, 200]
    assert len(build.every(Message)) == 1


@pytest.mark.parametrize(
    ("key", "token"), [("x" * 65, None), ("a b", None), ("", None), ("a", "b")]
)
def test_an_idempotency_key_that_none_can_be_is_422(program, path, key, token):
    program.headers["Idempotency-Key"] = key
    answer = program.post(path, json={"body": "Hello", "client_token": token})
    assert answer.status_code == 422
    assert build.every(Message) == []
