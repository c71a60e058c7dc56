"""Handsets send pictures and show those that they got."""

import io
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import InboundText, SignedRequest
from tests.files import HTML, PNG, a_carrier
from tests.sandbox.inbox import until
from tests.sandbox.test_texts import MARIA

NUMBERS = {"trunx": "+13125550100", "telnyx_v1": "+13125550110", "pingram": "+13125550120"}


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """Three carriers; their webhooks go nowhere."""
    accounts = [
        {
            "dialect": dialect,
            "key": f"key-{dialect}",
            "secret": "a secret",
            "webhook_url": "http://127.0.0.1:9/",
            "number": number,
        }
        for dialect, number in NUMBERS.items()
    ]
    (tmp_path / "sandbox.json").write_text(json.dumps(accounts))
    return tmp_path


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, SignedRequest]]:
    """Whatever is posted to an inbox."""
    found: list[tuple[str, SignedRequest]] = []

    def note(_self: object, url: str, signed: SignedRequest) -> bool:
        found.append((url, signed))
        return True

    monkeypatch.setattr("smsinbox.sandbox.courier.Poster.post", note)
    return found


def send_form(sandbox: FlaskClient, dialect: str, content: bytes = PNG, body: str = "", at="texts"):
    form = {"to": NUMBERS[dialect], "body": body}
    files = [FileStorage(io.BytesIO(content), "photo.png", "files")]
    boundary, data = encode_multipart(form | {"files": files})
    kind = f"multipart/form-data; boundary={boundary}"
    return sandbox.post(f"/handsets/{MARIA}/{at}", data=data, content_type=kind)


def media_of(sandbox: FlaskClient, place: int = 0) -> dict[str, str]:
    texts = sandbox.get(f"/handsets/{MARIA}/texts").json or []
    media: dict[str, str] = texts[0]["media"][place]
    return media


def got(sandbox: FlaskClient, url: str):
    with sandbox.get(url) as answer:
        assert answer.data is not None
        return answer


@pytest.mark.parametrize("dialect", ["telnyx_v1", "pingram"])
def test_a_picture_is_announced_as_its_carrier_does(sandbox, announced, dialect):
    assert send_form(sandbox, dialect, body="Look").status_code == 202
    until(lambda: len(announced) == 1)
    [event] = DIALECTS[dialect].client.read(announced[0][1])
    assert isinstance(event, InboundText)
    assert event.body == "Look"
    [media] = event.media
    assert media.content_type == "image/png"
    assert media.url.startswith("http://127.0.0.1")
    assert got(sandbox, "/media/" + media.url.split("/media/")[1]).data == PNG


def test_its_own_pictures_are_served_as_what_they_are(sandbox):
    send_form(sandbox, "telnyx_v1")
    answer = got(sandbox, "/media/" + media_of(sandbox)["url"].split("/media/")[1])
    assert (answer.data, answer.headers["Content-Type"]) == (PNG, "image/png")


def test_a_page_that_calls_itself_a_picture_is_only_saved(sandbox):
    send_form(sandbox, "telnyx_v1", HTML)
    answer = got(sandbox, "/media/" + media_of(sandbox)["url"].split("/media/")[1])
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/media/00/a", "/media/../sandbox.json/a", "/media/%2e%2e/a"])
def test_nothing_else_is_served(sandbox, path):
    assert sandbox.get(path).status_code == 404


def test_a_file_somewhere_else_is_announced_by_its_address(sandbox):
    link = "https://example.com/a.png"
    text = {"to": NUMBERS["telnyx_v1"], "body": "", "media": [{"url": link}]}
    assert sandbox.post(f"/handsets/{MARIA}/texts", json=text).status_code == 202
    assert media_of(sandbox)["url"] == link


def test_trunx_says_that_it_carries_words_only(sandbox):
    refused = send_form(sandbox, "trunx")
    assert refused.status_code == 422
    assert "Trunx carries words only" in refused.text
    assert "Trunx carries words only" in send_form(sandbox, "trunx", at="type").text
    assert sandbox.get(f"/handsets/{MARIA}/texts").json == []


def test_nothing_at_all_is_no_text(sandbox):
    answer = sandbox.post(f"/handsets/{MARIA}/texts", json={"to": NUMBERS["trunx"], "body": ""})
    assert answer.status_code == 422
    assert "Write something" in answer.text


def test_a_picture_that_no_phone_would_send_is_refused(sandbox):
    assert send_form(sandbox, "telnyx_v1", PNG + bytes(3_000_000)).status_code == 413


def test_a_picture_is_on_the_phone_that_sent_it(sandbox):
    page = send_form(sandbox, "telnyx_v1", at="type").text
    assert f'<img src="/handsets/{MARIA}/files/' in page


def test_what_the_inbox_sends_is_fetched_once_and_shown(sandbox):
    with a_carrier() as inbox:
        link = inbox.at("/media/out/token/picture.png")
        text = {"from": NUMBERS["telnyx_v1"], "to": MARIA, "body": {"media_urls": [{"img": link}]}}
        answer = sandbox.post("/messages", json=text, headers={"X-Profile-Secret": "key-telnyx_v1"})
        assert answer.status_code == 200, answer.text
        thread = sandbox.get(f"/handsets/{MARIA}/thread").text
        src = thread.split('<img src="')[1].split('"')[0]
        for _ in range(2):
            assert got(sandbox, src).data == PNG
        assert len(inbox.asked) == 1


def test_a_link_that_leads_nowhere_is_an_error_of_that_picture_alone(sandbox):
    link = "http://127.0.0.1:9/media/out/token/picture.png"
    text = {"from": NUMBERS["telnyx_v1"], "to": MARIA, "body": {"media_urls": [{"img": link}]}}
    sandbox.post("/messages", json=text, headers={"X-Profile-Secret": "key-telnyx_v1"})
    src = sandbox.get(f"/handsets/{MARIA}/thread").text.split('<img src="')[1].split('"')[0]
    assert sandbox.get(src).status_code == 502
