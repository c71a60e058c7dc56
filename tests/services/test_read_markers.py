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


def test_what_came_after_the_last_text_on_the_screen_stays_unread(number, ben):
    conversation = build.a_conversation(number)
    read_markers.read(conversation.id, ben)
    seen = texts(conversation, 2)[-1]
    texts(conversation, 3)
    read_markers.read(conversation.id, ben, upto=seen)
    assert unread(conversation, ben) == 3


def test_a_screen_that_lags_behind_makes_nothing_unread(number, ben):
    conversation = build.a_conversation(number)
    first, *_ = texts(conversation, 4)
    read_markers.read(conversation.id, ben)
    read_markers.read(conversation.id, ben, upto=first)
    assert unread(conversation, ben) == 0


def test_it_is_unread_again_from_the_chosen_text_on(number, ben):
    conversation = build.a_conversation(number)
    _, second, _ = texts(conversation, 3)
    read_markers.read(conversation.id, ben)
    read_markers.leave_unread(conversation.id, ben, since=second)
    assert unread(conversation, ben) == 2
    read_markers.leave_unread(conversation.id, ben)
    assert unread(conversation, ben) == 1
