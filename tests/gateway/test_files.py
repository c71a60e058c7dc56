"""Programs send files by naming where they lie, through every door that knows files."""

import json
from typing import Any

import pytest

from smsinbox.core import events
from smsinbox.models import Attachment, CallbackPost, Message
from smsinbox.queries import callbacks as callbacks_query
from smsinbox.services import callback_posts, callbacks, fetching
from tests import build
from tests.files import PNG, a_carrier
from tests.gateway.test_doors import BODIES, post, told

FIELDS = {"telnyx": "media_urls", "telnyx_v1": "media_urls", "pingram": "mediaUrls"}
WORDS = {"telnyx": "text", "telnyx_v1": "body", "pingram": "message"}
EVERY = pytest.mark.parametrize("dialect", FIELDS)
PICTURE = "https://files.example.com/a.png"
NEVER: list[list[Any]] = [
    [PICTURE] * 11,
    ["ftp://files.example.com/a.png"],
    ["file:///etc/passwd"],
    ["https://127.0.0.1/a.png"],
    ["https://[::1]/a.png"],
    ["https://169.254.169.254/latest/meta-data"],
    ["https://localhost/a.png"],
    ["https://2130706433/a.png"],
    ["https://me:secret@files.example.com/a.png"],
    ["https://[/a.png"],
    ["https://files.example.com/" + "a" * 2000],
    [7],
]


@pytest.fixture
def host():
    with a_carrier() as one:
        yield one


@pytest.fixture
def ours(app):
    return build.a_number(account=build.an_account(dialect="telnyx_v1"))


def body_of(dialect: str, *urls: str, words: str = "Look") -> dict[str, Any]:
    body = BODIES[dialect][1] | {FIELDS[dialect]: list(urls), WORDS[dialect]: words}
    if dialect == "telnyx_v1":
        body["delivery_status_webhook_url"] = "https://program.example/records"
    return body


def send(app, dialect: str, plain: str, *urls: str, headers=None, words: str = "Look"):
    json_body = body_of(dialect, *urls, words=words)
    return post(app, dialect, plain, json=json_body, headers=headers or {})


@EVERY
def test_a_text_with_files_is_taken_before_anybody_asks_for_them(app, plain, ours, dialect):
    answer = send(app, dialect, plain, PICTURE, PICTURE + "?2", words="")
    assert answer.status_code == 200
    [message] = build.every(Message)
    assert (message.state, message.next_at, message.body) == ("queued", None, "")
    waiting = [(one.source_url, one.state) for one in message.attachments]
    assert waiting == [(PICTURE, "waiting"), (PICTURE + "?2", "waiting")]


def test_telnyx_answers_with_the_files_as_it_got_them(app, plain, ours):
    answer = send(app, "telnyx", plain, PICTURE).json["data"]
    [media] = answer["media"]
    assert answer["type"] == "MMS"
    assert (media["url"], media["content_type"], media["size"]) == (PICTURE, None, None)


@EVERY
def test_what_we_would_never_fetch_is_refused_at_the_door(app, plain, ours, dialect):
    code = "INVALID_MEDIA" if dialect == "pingram" else "40317"
    for urls in NEVER:
        answer = send(app, dialect, plain, *urls)
        assert (answer.status_code, told(dialect, answer)) == (400, code), urls
    assert build.every(Message) == []


@EVERY
def test_a_number_that_can_send_no_files_says_so(app, plain, number, dialect):
    answer = send(app, dialect, plain, PICTURE)
    code = "MEDIA_NOT_SUPPORTED" if dialect == "pingram" else "40308"
    assert (answer.status_code, told(dialect, answer)) == (400, code)
    assert build.every(Message) == []


@EVERY
def test_the_same_request_with_another_file_is_another_request(app, plain, ours, dialect):
    headers = {"Idempotency-Key": "k"}
    first = send(app, dialect, plain, PICTURE, headers=headers)
    same = send(app, dialect, plain, PICTURE, headers=headers)
    other = send(app, dialect, plain, PICTURE + "x", headers=headers)
    assert (first.status_code, same.json) == (200, first.json)
    assert other.status_code in (409, 422)
    assert len(build.every(Attachment)) == 1


@EVERY
@pytest.mark.usefixtures("files_from_private")
def test_a_file_that_cannot_be_had_is_told_in_the_dialects_own_code(app, key, ours, host, dialect):
    api_key, plain = key
    build.a_callback(api_key, dialect)
    send(app, dialect, plain, host.at("/a.png", status=404))
    fetching.fetch_ready(1)
    told_of = posted()
    if dialect == "telnyx":
        payload = told_of["data"]["payload"]
        assert told_of["data"]["event_type"] == "message.finalized"
        assert payload["to"][0]["status"] == "sending_failed"
        [error] = payload["errors"]
    elif dialect == "telnyx_v1":
        assert (told_of["status"], told_of["type"]) == ("gw_reject", "MMS")
        [error] = told_of["errors"]
    else:
        assert told_of["eventType"] == "SMS_FAILED"
        error = {"code": told_of["failureCode"]}
    assert error["code"] == ("INVALID_MEDIA" if dialect == "pingram" else "40317")


@pytest.mark.usefixtures("files_from_private")
def test_telnyx_is_shown_what_we_know_of_a_file_once_it_is_here(app, key, ours, host):
    api_key, plain = key
    build.a_callback(api_key, "telnyx")
    url = host.at("/a.png")
    send(app, "telnyx", plain, url)
    fetching.fetch_ready(1)
    build.changed(build.every(Message)[0], state="failed", error_code="40001")
    [file] = build.every(Attachment)
    _plan()
    [media] = posted()["data"]["payload"]["media"]
    assert media["url"] == url
    facts = (media["content_type"], media["size"], media["sha256"])
    assert facts == ("image/png", len(PNG), file.sha256)


def posted() -> dict[str, Any]:
    """The newest of what the program is told."""
    _plan()
    held = callback_posts.take([], 10)
    assert len(held) == len(build.every(CallbackPost)) == 1
    signed = held[0].signed("https://program.example/hooks")
    assert signed is not None
    document: dict[str, Any] = json.loads(signed.body)
    return document


def _plan() -> None:
    entries = events.since(callbacks_query.read_up_to())
    if entries:
        callbacks.plan(entries)
