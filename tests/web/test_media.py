"""Files in a browser: only for who may see the text, as what they are, and without any power."""

import io
import re

import pytest
from sqlalchemy import delete
from time_machine import travel
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.files import shelf
from smsinbox.core.kinds import judge
from smsinbox.models import Attachment, Grant, Message
from smsinbox.services import media_links
from tests import build
from tests.build import THEIRS
from tests.files import HTML, PDF, PNG, SVG, VCARD


@pytest.fixture
def number(app):
    """A number whose carrier, on this machine, takes files."""
    return build.a_number(account=build.an_account("http://127.0.0.1:9", dialect="telnyx_v1"))


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, build.a_contact(THEIRS))


@atomic
def a_file(conversation, content: bytes = PNG, name: str = "", **fields) -> Attachment:
    message = build.a_message(conversation, direction="inbound", state="received", body="")
    kept = shelf.keep([content], 10**6)
    known = {"content_type": judge(content), "size": kept.size, "sha256": kept.sha256}
    file = Attachment(
        message_id=message.id,
        position=0,
        name=name,
        **({"state": "stored"} | known | fields),
    )
    db.session.add(file)
    db.session.flush()
    return file


def got(client, path: str, **headers: str):
    """The answer, read whole: it holds a file open until then."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.get(path, headers=named) as answer:
        assert answer.data is not None
        return answer


def reply(client, conversation, *files: tuple[str, bytes], body: str = ""):
    form = {"body": body, "client_token": "t"}
    chosen = [FileStorage(io.BytesIO(content), name, "files") for name, content in files]
    return post(client, f"/conversations/{conversation.id}/reply", form | {"files": chosen})


def post(client, path: str, form: dict[str, object]):
    """A form with files, encoded here: the client would leave a temporary file open."""
    boundary, data = encode_multipart(form)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(path, data=data, content_type=kind)


def test_a_picture_comes_as_a_picture_with_no_power(app, ben, conversation):
    answer = got(build.signed_in(app, ben), f"/media/{a_file(conversation).id}")
    assert (answer.status_code, answer.data) == (200, PNG)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert not answer.headers.get("Content-Disposition", "").startswith("attachment")


@pytest.mark.parametrize("content", [SVG, HTML, PDF, VCARD, b"GI", b"<?xml version='1.0'?><a/>"])
def test_what_is_no_harmless_picture_is_only_saved(app, ben, conversation, content):
    answer = got(build.signed_in(app, ben), f"/media/{a_file(conversation, content).id}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "svg" not in answer.headers["Content-Type"]
    assert "html" not in answer.headers["Content-Type"]


def test_nobody_is_sent_to_the_sign_in(client, conversation):
    answer = client.get(f"/media/{a_file(conversation).id}")
    assert answer.status_code == 302
    assert PNG not in answer.data


def test_an_outsider_finds_nothing(app, cy, conversation):
    client = build.signed_in(app, cy)
    assert client.get(f"/media/{a_file(conversation).id}").status_code == 404


def test_a_grant_that_ended_ends_the_files(app, ben, conversation):
    client, file = build.signed_in(app, ben), a_file(conversation)
    assert got(client, f"/media/{file.id}").status_code == 200
    db.session.execute(delete(Grant))
    db.session.commit()
    db.session.expire_all()
    assert client.get(f"/media/{file.id}").status_code == 404


@pytest.mark.parametrize("state", ["waiting", "gone", "refused"])
def test_what_is_not_stored_is_not_there(app, ada, conversation, state):
    file = a_file(conversation, state=state)
    assert build.signed_in(app, ada).get(f"/media/{file.id}").status_code == 404


def test_a_file_that_was_lost_from_the_shelf_is_not_there(app, ada, conversation):
    file = a_file(conversation, b"%PDF-1.4 lost" + bytes(9))
    shelf.path(file.sha256 or "").unlink()
    assert build.signed_in(app, ada).get(f"/media/{file.id}").status_code == 404


def test_a_range_is_answered_with_that_range(app, ada, conversation):
    where = f"/media/{a_file(conversation).id}"
    answer = got(build.signed_in(app, ada), where, Range="bytes=1-3")
    assert (answer.status_code, answer.data) == (206, b"PNG")
    assert answer.headers["Content-Range"] == f"bytes 1-3/{len(PNG)}"


def test_what_a_browser_has_it_is_not_sent_again(app, ada, conversation):
    client, where = build.signed_in(app, ada), f"/media/{a_file(conversation).id}"
    etag = got(client, where).headers["ETag"]
    assert got(client, where, If_None_Match=etag).status_code == 304


@pytest.mark.parametrize(
    "name", ['a"; filename="b.exe', "résumé 日本.pdf", "a;b=c.pdf", "%0d%0aX: y"]
)
def test_a_name_stays_a_name(app, ada, conversation, name):
    answer = got(build.signed_in(app, ada), f"/media/{a_file(conversation, PDF, name).id}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "X" not in {header for header, _ in answer.headers}


def test_a_carrier_fetches_by_a_signed_link_without_signing_in(client, conversation):
    path = media_links.link(a_file(conversation)).split("/media/", 1)[1]
    answer = got(client, "/media/" + path)
    assert (answer.status_code, answer.data) == (200, PNG)
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "Set-Cookie" not in answer.headers


def test_an_old_a_forged_and_an_unsigned_link_lead_nowhere(client, conversation):
    file = a_file(conversation)
    token = media_links.link(file).split("/")[-2]
    assert client.get(f"/media/out/{token}x/a.png").status_code == 404
    assert client.get(f"/media/out/{file.id}/a.png").status_code == 404
    with travel(clock.now().timestamp() + media_links.GOOD_FOR + 5):
        assert client.get(f"/media/out/{token}/a.png").status_code == 404


def test_an_agent_sends_a_picture(app, ben, conversation):
    answer = reply(build.signed_in(app, ben), conversation, ("photo.png", PNG))
    assert answer.status_code == 200
    [file] = build.every(Attachment)
    assert f'src="/media/{file.id}"' in answer.text
    assert 'alt="photo.png that we sent"' in answer.text


def test_an_empty_choice_of_files_is_no_file(app, ben, conversation):
    assert reply(build.signed_in(app, ben), conversation, ("", b""), body="Hi").status_code == 200
    assert build.every(Attachment) == []


def test_two_megabytes_are_read_to_say_which_file_is_too_large(app, ben, conversation):
    large = ("large.png", PNG + bytes(2_000_000))
    answer = reply(build.signed_in(app, ben), conversation, ("a.png", PNG), large)
    assert answer.status_code == 422
    assert "Make large.png (2.0 MB) smaller" in answer.text
    assert build.every(Message) == []


def test_more_than_anybody_could_mean_is_not_even_read(app, ben, conversation):
    huge = ("huge.png", PNG + bytes(26_000_000))
    assert reply(build.signed_in(app, ben), conversation, huge).status_code == 413


def test_other_forms_stay_small(app, ben, conversation):
    form = {"body": "x", "file": FileStorage(io.BytesIO(bytes(2_000_000)), "a.png", "file")}
    answer = post(build.signed_in(app, ben), f"/conversations/{conversation.id}/assign", form)
    assert answer.status_code == 413


def start(client, number, *files: tuple[str, bytes], body: str = ""):
    form = {"number_id": str(number.id), "phone": "+14155550123", "body": body, "anyway": "endless"}
    chosen = [FileStorage(io.BytesIO(content), name, "files") for name, content in files]
    return post(client, "/conversations", form | {"files": chosen})


def test_a_first_text_takes_files_with_it(app, ben, number):
    client = build.signed_in(app, ben)
    assert 'id="files"' in client.get("/conversations/new").text
    answer = start(client, number, ("photo.png", PNG))
    assert answer.status_code == 303
    [message] = build.every(Message)
    assert [file.name for file in message.attachments] == ["photo.png"]


def test_a_first_text_with_a_wrong_file_says_so_and_keeps_the_words(app, ben, number):
    answer = start(build.signed_in(app, ben), number, ("a.html", HTML), body="Please read")
    assert answer.status_code == 422
    assert "a.html: carriers do not take this kind of file." in answer.text
    assert "Please read" in answer.text
    assert build.every(Message) == []


def test_a_first_text_from_a_carrier_of_words_offers_no_files(app, ada):
    trunx = build.a_number("+14155550111")
    client = build.signed_in(app, ada)
    assert 'id="files"' not in client.get("/conversations/new").text
    answer = start(client, trunx, ("a.png", PNG), body="Hi")
    assert answer.status_code == 422
    assert "Trunx carries no files" in answer.text


def test_a_viewer_cannot_send_files(app, number, conversation):
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    assert reply(build.signed_in(app, viewer), conversation, ("a.png", PNG)).status_code == 403


def test_the_composer_offers_files_where_the_carrier_takes_them(app, ada, number, conversation):
    page = build.signed_in(app, ada).get(f"/conversations/{conversation.id}").text
    assert 'aria-label="Attach files"' in page
    assert 'enctype="multipart/form-data"' in page


def test_the_composer_offers_none_where_it_does_not(app, ada):
    trunx = build.a_conversation(build.a_number("+14155550111"))
    page = build.signed_in(app, ada).get(f"/conversations/{trunx.id}").text
    assert "Attach files" not in page


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"state": "waiting"}, "Fetching…"),
        ({"state": "waiting", "error": "The carrier answered 503."}, "tried again by itself"),
        ({"state": "gone", "error": "Expired at the carrier."}, "Expired at the carrier."),
        ({"state": "refused", "error": "Too large: more than 25 MB."}, "Refused. Too large"),
        ({"content_type": "image/png"}, 'alt="Picture from the contact"'),
        ({"content_type": "video/mp4"}, "<video"),
        ({"content_type": "audio/mpeg"}, "<audio"),
        ({"content_type": "application/pdf", "name": "a.pdf"}, 'download="a.pdf"'),
        ({"content_type": "image/svg+xml"}, "download="),
        ({"content_type": "text/html"}, "download="),
    ],
)
def test_the_bubble_says_what_there_is(app, ada, conversation, fields, shown):
    a_file(conversation, **fields)
    page = build.signed_in(app, ada).get(f"/conversations/{conversation.id}").text
    assert shown in page
    if fields.get("content_type") in ("image/svg+xml", "text/html"):
        assert not re.search(r'<img[^>]*src="/media', page)


def test_a_strangers_words_are_never_markup(app, ada, conversation):
    a_file(conversation, PDF, name='"><script>alert(1)</script>', error="<b>x</b>")
    page = build.signed_in(app, ada).get(f"/conversations/{conversation.id}").text
    assert "<script>alert" not in page


def test_no_address_of_a_carriers_is_told_to_a_browser(app, ada, conversation):
    a_file(conversation, source_url="https://media.telnyx.com/secret-link", state="waiting")
    page = build.signed_in(app, ada).get(f"/conversations/{conversation.id}").text
    assert "secret-link" not in page
