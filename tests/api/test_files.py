"""Programs send files as a form, with their text or alone, and read those of every text."""

import io
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from smsinbox.models import Attachment, Message
from tests import build
from tests.files import HTML, PDF, PNG


@pytest.fixture
def conversation(app):
    account = build.an_account(dialect="telnyx_v1")
    return build.a_conversation(build.a_number(account=account))


def send(program, conversation, *files: tuple[str, bytes], field: str = "files", **form: Any):
    """A form, encoded here: the client would leave a temporary file open."""
    chosen = [FileStorage(io.BytesIO(content), name, field) for name, content in files]
    boundary, data = encode_multipart(form | {field: chosen})
    return program.post(
        f"/conversations/{conversation.id}/messages",
        data=data,
        content_type=f"multipart/form-data; boundary={boundary}",
    )


def test_a_picture_goes_alone_and_is_shown_with_a_link(app, program, conversation):
    answer = send(program, conversation, ("a.png", PNG))
    assert answer.status_code == 201
    [file] = answer.json["files"]
    shown = (file["name"], file["content_type"], file["size"], file["state"])
    assert shown == ("a.png", "image/png", len(PNG), "stored")
    path = "/media/" + file["url"].split("/media/", 1)[1]
    got = app.test_client().get(path)
    assert got.data == PNG
    got.close()
    listed = program.get(f"/conversations/{conversation.id}/messages").json["items"]
    assert [one["name"] for one in listed[0]["files"]] == ["a.png"]


def test_words_and_token_come_in_the_form(program, conversation):
    for status in (201, 200):
        answer = send(program, conversation, ("a.pdf", PDF), body="Look", client_token="t")
        assert (answer.status_code, answer.json["body"]) == (status, "Look")
    assert len(build.every(Attachment)) == 1


@pytest.mark.parametrize(
    ("files", "fields", "words"),
    [
        ([("a.html", HTML)], {}, "a.html: carriers do not take this kind of file."),
        ([("a.png", b"")], {}, "a.png is empty."),
        ([("a.png", PNG)] * 11, {}, "Attach at most 10 files; these are 11."),
        ([("a.png", PNG + bytes(2_000_000))], {}, "a.png has 2.0 MB"),
        ([("a.png", PNG)], {"field": "file"}, "files: every file of a form goes by this name."),
        ([("a.png", PNG)], {"clientToken": "t"}, "clientToken"),
        ([("a.png", PNG)], {"body": ["one", "two"]}, "body: comes more than once."),
        ([], {}, "the text is empty"),
    ],
)
def test_what_cannot_be_sent_is_said_in_words(program, conversation, files, fields, words):
    answer = send(program, conversation, *files, **fields)
    assert answer.status_code == 422
    assert words in answer.json["detail"]
    assert build.every(Message) == []


def test_a_form_without_end_is_not_read(program, conversation):
    huge = ("a.png", PNG + bytes(5_000_000))
    assert send(program, conversation, huge).status_code == 413


def test_a_carrier_without_files_is_named(program, number):
    answer = send(program, build.a_conversation(number), ("a.png", PNG))
    assert "Trunx carries no files" in answer.json["detail"]


def test_a_file_that_waits_has_no_link(program, conversation):
    message = send(program, conversation, ("a.png", PNG)).json
    build.changed(build.every(Attachment)[0], state="waiting")
    [shown] = program.get(f"/conversations/{conversation.id}/messages").json["items"]
    assert shown["id"] == message["id"]
    assert shown["files"][0]["url"] is None
