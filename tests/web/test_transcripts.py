"""A conversation is written down whole, harmless to spreadsheets, for who may see it."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from smsinbox.models import Activity
from smsinbox.queries import transcripts
from tests import build

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def conversation(number):
    there = build.a_conversation(number, build.a_contact("+13125550171", name="<i>Ana</i>"))
    said = {"direction": "inbound", "state": "received", "author": "contact"}
    build.a_message(there, body="=1+1\nand more", created_at=AT, **said)
    note = {"kind": "note", "body": "Call her", "author_name": "Ben"}
    build.added(Activity(conversation_id=there.id, at=AT + timedelta(minutes=1), **note))
    build.a_message(there, body="On it", created_at=AT + timedelta(minutes=2), state="accepted")
    return there


def test_a_table_has_every_text_and_no_formula(app, ben, conversation, monkeypatch):
    monkeypatch.setattr(transcripts, "_PAGE", 1)
    at = f"/conversations/{conversation.id}/transcript.csv?zone=America/Chicago"
    answer = build.signed_in(app, ben).get(at)
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["text"] for row in rows] == ["'=1+1\nand more", "On it"]
    assert [row["from"] for row in rows] == ["'+13125550171", f"'{build.OURS}"]
    assert rows[0]["at"] == "2026-06-01 07:00:00"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_notes_are_there_only_when_asked_for_in_their_place(app, ben, conversation):
    browser, at = build.signed_in(app, ben), f"/conversations/{conversation.id}/transcript.txt"
    assert "Call her" not in browser.get(at).text
    text = browser.get(f"{at}?notes=1").text
    assert text.index("and more") < text.index("Note: Ben") < text.index("On it")


def test_the_page_to_print_runs_nothing_of_a_stranger(app, ben, conversation):
    page = build.signed_in(app, ben).get(f"/conversations/{conversation.id}/transcript.html").text
    assert "&lt;i&gt;Ana&lt;/i&gt;" in page
    assert "<script" not in page


@pytest.mark.parametrize("kind", ["txt", "csv", "html", "exe"])
def test_others_get_nothing(app, cy, ben, conversation, kind):
    at = f"/conversations/{conversation.id}/transcript.{kind}"
    assert build.signed_in(app, cy).get(at).status_code == 404
    assert build.signed_in(app, ben).get(at).status_code == (404 if kind == "exe" else 200)
