"""What should be looked at again is said once; whoever agrees sends it."""

from datetime import timedelta

import pytest
import time_machine

from smsinbox.core import clock
from smsinbox.core.errors import Doubtful
from smsinbox.models import Activity, Conversation, Message
from smsinbox.services import consent_words, conversations, later, outbound
from smsinbox.services.manner import Manner
from tests import build


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, build.a_contact(name="Maria Lopez"))


def write(conversation, by, body, *agreed):
    manner = Manner(seen=10**9, agreed=frozenset(agreed))
    return outbound.reply(conversation.id, body, None, by, manner=manner)


def doubts(conversation, by, body):
    with pytest.raises(Doubtful) as refused:
        write(conversation, by, body)
    return [doubt.kind for doubt in refused.value.doubts]


def test_the_same_text_within_a_minute_asks_once(conversation, ben):
    write(conversation, ben, "On its way.")
    assert doubts(conversation, ben, "On its way.") == ["repeated"]
    write(conversation, ben, "On its way.", "repeated")
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=False):
        assert write(conversation, ben, "On its way.")


def test_a_colleagues_words_and_what_was_taken_back_are_no_repetition(conversation, ada, ben):
    build.changed(ada, undo_seconds=10)
    sent = write(conversation, build.again(ada), "On its way.")
    later.take_back(sent.id, ada)
    write(conversation, ada, "On its way.")
    write(conversation, ben, "On its way.")


@pytest.mark.parametrize("link", ["https://bit.ly/3xYz", "see tinyurl.com/abc", "T.CO/x"])
def test_a_shortened_link_is_pointed_out(conversation, ben, link):
    assert doubts(conversation, ben, f"Here: {link}") == ["shortened"]


@pytest.mark.parametrize(
    "body", ["https://habit.ly/x", "rabbit.lyric", "https://shop.example/t.co"]
)
def test_another_link_is_not(conversation, ben, body):
    write(conversation, ben, body)


def test_braces_that_are_no_field_of_ours_are_pointed_out(conversation, ben):
    assert doubts(conversation, ben, "Order {{number}} is ready") == ["unfilled"]
    assert write(conversation, ben, "Write {{x}}", "unfilled").body == "Write {{x}}"


def test_the_name_of_another_recent_contact_is_pointed_out(number, conversation, ben):
    build.a_conversation(number, build.a_contact(name="Jonas Weber"))
    assert doubts(conversation, ben, "Hi Jonas, your car is ready.") == ["elsewhere"]
    write(conversation, ben, "Hi Maria, your car is ready.")
    build.a_message(conversation, direction="inbound", state="received", body="Ask Jonas please")
    write(conversation, ben, "Hi Jonas, she asked me to ask you.")


def test_nobody_learns_of_contacts_on_numbers_that_are_not_theirs(conversation, ben):
    elsewhere = build.a_number("+14155550143")
    build.a_conversation(elsewhere, build.a_contact(name="Jonas Weber"))
    write(conversation, ben, "Hi Jonas, your car is ready.")


def start(number, by, body, *agreed, phone=build.THEIRS):
    manner = Manner(agreed=frozenset(agreed), starts=True)
    return conversations.start(number.id, phone, body, None, by, manner=manner)


def test_first_words_that_do_not_say_how_to_stop_are_pointed_out(number, ben):
    with pytest.raises(Doubtful) as refused:
        start(number, ben, "Your car is ready")
    assert [(one.kind, one.mended) for one in refused.value.doubts] == [
        ("endless", "\nReply STOP to opt out.")
    ]
    assert build.every(Conversation) == []
    start(number, ben, "Your car is ready. Reply STOP to opt out.")
    start(number, ben, "The key is here, too")
    assert build.every(Activity) == []


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_whoever_has_texted_or_was_texted_is_no_stranger(number, ben, direction):
    there = build.a_conversation(number, build.a_contact(build.THEIRS))
    message = build.a_message(there, direction=direction, state="received")
    assert start(number, ben, "Your car is ready").conversation_id == message.conversation_id


def test_first_words_are_those_on_this_number_and_what_was_taken_back_is_none(number, ben):
    elsewhere = build.a_number("+14155550143")
    build.a_message(build.a_conversation(elsewhere, build.a_contact(build.THEIRS)))
    first = start(number, ben, "Your car is ready", "endless")
    build.changed(first, state="canceled")
    with pytest.raises(Doubtful):
        start(number, ben, "It is ready now")


def test_a_sender_that_nobody_can_answer_needs_no_such_words(ada):
    assert start(build.a_number("Shop", name="Shop"), ada, "Your car is ready").state == "queued"


def test_an_added_word_ends_texts_as_well(number, ada):
    consent_words.create("ARRET", "stop", number.id, by=ada)
    assert start(number, ada, "Bonjour, ARRET pour arrêter")


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        ("See bit.ly/x", "shortened", "block such links"),
        ("Order {{number}}", "unfilled", "in braces"),
        ("Hi Jonas", "elsewhere", "somebody else"),
        ("On its way.", "repeated", "last minute"),
    ],
)
def test_what_was_sent_all_the_same_stands_in_the_thread(
    number, conversation, ben, body, kind, told
):
    build.a_conversation(number, build.a_contact(name="Jonas Weber"))
    write(conversation, ben, "On its way.", "repeated", "shortened")
    assert build.every(Activity) == []
    sent = write(conversation, ben, body, kind)
    [line] = build.every(Activity)
    assert (line.message_id, line.author_name, told in line.body) == (sent.id, "Ben", True)


def test_programs_and_answers_without_a_page_are_not_asked(conversation, ben):
    outbound.reply(conversation.id, "See bit.ly/x", None, ben)
    outbound.reply(conversation.id, "See bit.ly/x", None, build.a_key())
    assert len(build.every(Message)) == 2
