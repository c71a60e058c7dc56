"""A note is for colleagues: kept once, read by nobody outside."""

import pytest

from smsinbox.core import events
from smsinbox.core.errors import Invalid
from smsinbox.models import Activity, Message
from smsinbox.services import notes
from tests import build


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, waiting_since=None)


def test_a_note_is_a_line_and_no_text(conversation, ben):
    before = events.newest()
    note = notes.write(conversation.id, " Call them\r\nback ", "t1", ben)
    assert (note.kind, note.body, note.author_name) == ("note", "Call them\nback", "Ben")
    assert build.every(Message) == []
    assert [entry.kind for entry in events.since(before)] == ["ActivityWritten"]


def test_the_same_token_is_the_same_note(conversation, ben):
    first = notes.write(conversation.id, "Call", "t1", ben)
    assert notes.write(conversation.id, "Call", "t1", ben).id == first.id
    assert len(build.every(Activity)) == 1


@pytest.mark.parametrize("body", ["", " \n", "x" * 5001])
def test_an_empty_or_endless_note_is_refused(conversation, ben, body):
    with pytest.raises(Invalid):
        notes.write(conversation.id, body, None, ben)
