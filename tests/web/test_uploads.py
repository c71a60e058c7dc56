"""The doors of files that wait for their text: each for who brought them, and may answer there."""

import io
import re

import pytest
from sqlalchemy import delete
from werkzeug.datastructures import FileStorage

from smsinbox.core.database import db
from smsinbox.models import Attachment, Grant, Upload
from tests import build
from tests.files import HTML, PDF, PNG
from tests.web.test_media import got, post
from tests.web.test_photos import a_photo


@pytest.fixture
def number(app):
    """A number whose carrier, on this machine, takes files."""
    return build.a_number(account=build.an_account("http://127.0.0.1:9", dialect="telnyx_v1"))


@pytest.fixture
def conversation(number):
    return build.a_conversation(number)


@pytest.fixture
def browser(app, ben):
    return build.signed_in(app, ben)


def bring(browser, conversation, *files: tuple[str, bytes]):
    chosen = [FileStorage(io.BytesIO(content), name, "files") for name, content in files]
    return post(browser, f"/conversations/{conversation.id}/uploads", {"files": chosen})


def reply(browser, conversation, **fields):
    form = {"body": "", "client_token": "t", **fields}
    return browser.post(f"/conversations/{conversation.id}/reply", data=form)


def test_what_is_chosen_waits_in_the_composer_until_it_is_sent(browser, conversation):
    answer = bring(browser, conversation, ("<b>.png", PNG), ("b.pdf", PDF))
    first, second = build.every(Upload)
    place = f"/conversations/{conversation.id}"
    assert f'src="{place}/uploads/{first.id}?v=' in answer.text
    assert "&lt;b&gt;.png" in answer.text
    assert "Becomes an MMS" in answer.text
    assert f'name="upload" value="{second.id}"' in browser.get(place).text
    removed = browser.delete(f"{place}/uploads/{first.id}")
    assert "b.pdf" in removed.text
    assert ".png" not in removed.text
    assert reply(browser, conversation, upload=[second.id]).status_code == 200
    assert [one.name for one in build.every(Attachment)] == ["b.pdf"]
    assert 'name="upload"' not in browser.get(place).text


def test_a_refused_text_finds_its_files_in_the_composer(browser, conversation):
    bring(browser, conversation, ("a.png", PNG))
    [file] = build.every(Upload)
    build.a_message(conversation, direction="inbound", state="received", body="Wait")
    assert reply(browser, conversation, upload=[file.id], seen="0").status_code == 409
    page = browser.get(f"/conversations/{conversation.id}").text
    assert f'name="upload" value="{file.id}"' in page
    agreed = {"seen": str(2**40), "anyway": "overtaken"}
    assert reply(browser, conversation, upload=[file.id], **agreed).status_code == 200
    assert reply(browser, conversation, upload=[file.id]).status_code == 200  # the same token
    assert len(build.every(Attachment)) == 1


def test_photos_that_are_too_large_together_are_made_smaller_when_asked(browser, conversation):
    photo = a_photo((2000, 1500))
    answer = bring(browser, conversation, ("large.png", photo))
    assert "carriers take less than 1 MB" in answer.text
    shrink = f"/conversations/{conversation.id}/uploads/shrink"
    assert f'hx-post="{shrink}"' in answer.text
    [before] = re.findall(r"uploads/\d+\?v=\w+", answer.text)
    smaller = browser.post(shrink).text
    assert "carriers take" not in smaller
    assert "large.jpg" in smaller
    assert before not in smaller  # browsers keep pictures
    [file] = build.every(Upload)
    assert 20_000 < file.size < 1_000_000


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("a.html", HTML, 422, "a.html: carriers do not take this kind of file."),
        ("a.png", b"", 422, "a.png is empty."),
        ("a.pdf", PDF + bytes(1_000_000), 200, "less than 1 MB. Make it smaller."),
        ("a.png", PNG + bytes(26_000_000), 413, "That is too large."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_at_once(
    browser, conversation, name, content, status, words
):
    answer = bring(browser, conversation, (name, content))
    assert (answer.status_code, words in answer.text) == (status, True)
    assert "Shrink" not in answer.text


def test_a_file_comes_back_as_what_it_is_with_no_power(browser, conversation):
    bring(browser, conversation, ("a.png", PNG), ("a.pdf", PDF))
    picture, other = build.every(Upload)
    place = f"/conversations/{conversation.id}/uploads"
    shown = got(browser, f"{place}/{picture.id}")
    assert (shown.data, shown.headers["Content-Type"]) == (PNG, "image/png")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    saved = got(browser, f"{place}/{other.id}")
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_nobody_else_sees_removes_shrinks_or_sends_it(app, ada, cy, number, browser, conversation):
    bring(browser, conversation, ("secret.png", PNG))
    [file] = build.every(Upload)
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    place = f"/conversations/{conversation.id}/uploads"
    for somebody, status in ((ada, 404), (cy, 404), (viewer, 403)):
        other = build.signed_in(app, somebody)
        assert other.get(f"{place}/{file.id}").status_code == status
        assert "secret" not in other.delete(f"{place}/{file.id}").text
        assert "secret" not in other.post(f"{place}/shrink").text
        assert reply(other, conversation, upload=[file.id], body="Hi").status_code >= 400
    assert "secret" not in build.signed_in(app, ada).get(f"/conversations/{conversation.id}").text
    assert len(build.every(Upload)) == 1


def test_only_who_may_answer_there_brings_files(app, cy, number, conversation):
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    assert bring(build.signed_in(app, viewer), conversation, ("a.png", PNG)).status_code == 403
    assert bring(build.signed_in(app, cy), conversation, ("a.png", PNG)).status_code == 404
    assert build.every(Upload) == []


def test_a_grant_that_ended_ends_the_files_that_wait(browser, conversation):
    bring(browser, conversation, ("a.png", PNG))
    [file] = build.every(Upload)
    db.session.execute(delete(Grant))
    db.session.commit()
    db.session.expire_all()
    path = f"/conversations/{conversation.id}/uploads/{file.id}"
    assert browser.get(path).status_code == browser.delete(path).status_code == 404
    assert len(build.every(Upload)) == 1


def test_no_file_waits_under_the_address_of_another_conversation(number, browser, conversation):
    bring(browser, conversation, ("a.png", PNG))
    [file] = build.every(Upload)
    other = build.a_conversation(number)
    assert browser.get(f"/conversations/{other.id}/uploads/{file.id}").status_code == 404
    assert reply(browser, other, upload=[file.id]).status_code == 422
    assert reply(browser, conversation, upload=["x", "-1", str(2**60)]).status_code == 422


def test_a_text_that_is_undone_or_edited_has_its_files_in_the_composer(browser, conversation):
    for n, (way, when) in enumerate((("edit", "tomorrow"), ("undo", ""))):
        browser.post("/you/sending", data={"enter": "sends", "undo_seconds": "10"})
        bring(browser, conversation, ("again.png", PNG))
        [file] = build.every(Upload)
        reply(browser, conversation, upload=[file.id], at=when, client_token=f"t{n}", body=way)
        sent = build.every(Attachment)[-1].message_id
        answer = browser.post(f"/messages/{sent}/take-back", data={way: "1"}).text
        assert 'hx-target="#chosen"' in answer
        assert "Remove again.png" in answer
        assert ("later-manner" in answer) is (way == "edit")
        browser.delete(f"/conversations/{conversation.id}/uploads/{build.every(Upload)[0].id}")


def test_a_note_takes_no_files_with_it(browser, conversation):
    bring(browser, conversation, ("a.png", PNG))
    [file] = build.every(Upload)
    assert reply(browser, conversation, mode="note", note="Hm", upload=[file.id]).status_code == 200
    assert len(build.every(Upload)) == 1
