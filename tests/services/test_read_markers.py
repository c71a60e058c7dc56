"""How far somebody has read is their own, and neither late texts nor late screens move it back."""

from smsinbox.models import Direction
from smsinbox.queries import read_markers as query
from smsinbox.services import read_markers
from tests import build


def texts(conversation, count):
    made = [
        build.a_message(conversation, direction=Direction.INBOUND.value, state="received")
        for _ in range(count)
    ]
    there = build.again(conversation)
    build.changed(there, received=there.received + count, unanswered=there.unanswered + count)
    return [one.id for one in made]


def unread(conversation, user):
    there = build.again(conversation)
    return there.received - query.received(there, user)


def test_without_a_marker_only_what_nobody_answered_is_unread(number, ben):
    conversation = build.a_conversation(number, received=9, unanswered=2)
    assert unread(conversation, ben) == 2


def test_each_reads_for_themselves(number, ben, ada):
    conversation = build.a_conversation(number, received=3, unanswered=3)
    read_markers.read(conversation.id, ben)
    assert (unread(conversation, ben), unread(conversation, ada)) == (0, 3)


def test_what_is_seen_is_read_unless_it_was_left_unread_and_nothing_came_since(number, ben, ada):
    conversation = build.a_conversation(number)
    texts(conversation, 2)
    read_markers.leave_unread(conversation.id, ben)
    for user in (ben, ada):
        read_markers.see(conversation.id, user)
    assert (unread(conversation, ben), unread(conversation, ada)) == (1, 0)
    texts(conversation, 1)
    read_markers.see(conversation.id, ben)
    assert unread(conversation, ben) == 0


def test_what_was_left_unread_and_then_opened_is_read_like_any_other(number, ben):
    conversation = build.a_conversation(number)
    texts(conversation, 2)
    read_markers.leave_unread(conversation.id, ben)
    read_markers.read(conversation.id, ben)
    read_markers.see(conversation.id, ben)
    assert unread(conversation, ben) == 0


def test_it_is_unread_again_from_the_chosen_text_on(number, ben):
    conversation = build.a_conversation(number)
    _, second, _ = texts(conversation, 3)
    read_markers.read(conversation.id, ben)
    read_markers.leave_unread(conversation.id, ben, since=second)
    assert unread(conversation, ben) == 2
    read_markers.leave_unread(conversation.id, ben)
    assert unread(conversation, ben) == 1
