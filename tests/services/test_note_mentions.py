"""Whoever is named in a note hears of it."""

from smsinbox.models import Notification
from smsinbox.services import notes
from tests import build


def test_a_colleague_who_is_named_in_a_note_is_told_and_nobody_else(number, ben, ada, cy):
    conversation = build.a_conversation(number)
    notes.write(conversation.id, "@Ben please look, and @Cy too", None, ada)
    assert [(one.user_id, one.kind) for one in build.every(Notification)] == [(ben.id, "mentioned")]
