"""A draft is kept for one user, one conversation and one mode, and never rises from the dead."""

import threading

import pytest

from smsinbox.core import events
from smsinbox.core.errors import Invalid
from smsinbox.core.events import Cursor
from smsinbox.models import Draft, Mode
from smsinbox.queries import drafts as drafts_query
from smsinbox.services import drafts, erasing, notes, outbound
from smsinbox.services.drafts import Writing
from smsinbox.services.manner import Manner
from tests import build


@pytest.fixture
def conversation(number):
    return build.a_conversation(number)


def save(conversation, by, body="Thanks, we", token="t1", turn=1, mode=Mode.TEXT):
    return drafts.save(conversation.id, mode, body, token, turn, by)


def kept(conversation, user):
    return {mode: draft.body for mode, draft in drafts_query.of(conversation.id, user).items()}


def test_each_user_has_one_text_and_one_note_of_their_own(conversation, ada, ben):
    save(conversation, ben)
    save(conversation, ben, "Careful", "n1", mode=Mode.NOTE)
    assert kept(conversation, ben) == {"text": "Thanks, we", "note": "Careful"}
    assert kept(conversation, ada) == {}


def test_saves_that_overtake_each_other_settle_on_the_last(conversation, ben):
    save(conversation, ben, "Thanks, we will", turn=2)
    assert not save(conversation, ben, "Thanks", turn=1)
    assert kept(conversation, ben) == {"text": "Thanks, we will"}


def test_another_device_goes_on_with_a_token_of_its_own(conversation, ben):
    save(conversation, ben, turn=9)
    assert save(conversation, ben, "Thanks from my phone", "t2", turn=1)
    assert kept(conversation, ben) == {"text": "Thanks from my phone"}


def test_what_was_deleted_is_no_draft_any_more(conversation, ben):
    save(conversation, ben, turn=1)
    save(conversation, ben, "", turn=2)
    assert kept(conversation, ben) == {}
    assert drafts_query.beginnings(ben.id, [conversation.id]) == {}


def test_a_late_save_does_not_bring_a_sent_text_back(conversation, ben):
    save(conversation, ben)
    outbound.reply(conversation.id, "Thanks", "t1", ben)
    assert not save(conversation, ben, "Thanks", turn=7)
    assert build.every(Draft) == []


def test_a_late_save_does_not_bring_a_note_back(conversation, ben):
    notes.write(conversation.id, "Careful", "n1", ben)
    assert not save(conversation, ben, "Careful", "n1", mode=Mode.NOTE)
    assert build.every(Draft) == []


def test_a_restored_draft_is_gone_when_it_is_sent_and_a_newer_one_is_not(conversation, ben):
    save(conversation, ben, token="old")
    manner = Manner(drafts=frozenset({"old"}))
    outbound.reply(conversation.id, "Thanks", "t1", ben, manner=manner)
    assert build.every(Draft) == []
    save(conversation, ben, "The next one", "t2")
    outbound.reply(conversation.id, "Thanks again", "t3", ben, manner=manner)
    assert kept(conversation, ben) == {"text": "The next one"}


def test_saves_and_the_send_may_race(app, conversation, ben):
    def saving():
        with app.app_context():
            for turn in range(30):
                save(conversation, ben, turn=turn)

    racing = threading.Thread(target=saving)
    racing.start()
    outbound.reply(conversation.id, "Thanks", "t1", ben)
    racing.join()
    assert build.every(Draft) == []


@pytest.mark.parametrize(
    ("begun", "whole"),
    [
        ("", "See you at 9"),
        ("or at 10 ", "See you at 9\nor at 10"),
        ("See you at 9", "See you at 9"),
        ("See you at 9 sharp", "See you at 9 sharp"),
    ],
)
def test_words_that_were_taken_back_stand_before_those_written_meanwhile_and_only_once(
    conversation, ben, begun, whole
):
    save(conversation, ben, "or", turn=1)
    beside = Writing(begun, "t1", turn=3)
    assert drafts.give_back(conversation.id, "See you at 9", beside, ben) == whole
    assert not save(conversation, ben, "or at", turn=2)
    assert kept(conversation, ben) == {"text": whole}
    assert save(conversation, ben, whole + "!", turn=4)


def test_words_come_back_where_no_composer_is_as_well(conversation, ben):
    assert drafts.give_back(conversation.id, "See you", Writing(), ben) == "See you"
    assert kept(conversation, ben) == {}


@pytest.mark.parametrize("token", ["", "a b"])
def test_a_draft_needs_the_token_it_would_be_sent_with(conversation, ben, token):
    with pytest.raises(Invalid):
        save(conversation, ben, token=token)


def test_a_list_tells_how_the_newest_draft_of_either_kind_begins(conversation, ada, ben):
    elsewhere = build.a_conversation(build.a_number("+14155550143"))
    save(conversation, ben, "Careful", "n1", mode=Mode.NOTE)
    save(conversation, ben, "Thanks,\nwe" + " do" * 400)
    save(elsewhere, ben, "In another list")
    save(conversation, ada, "Ada's")
    begun = drafts_query.beginnings(ben.id, [conversation.id])
    assert begun.keys() == {conversation.id}
    assert begun[conversation.id].startswith("Thanks, we do")
    assert len(begun[conversation.id]) <= 80
    assert drafts_query.by_user(conversation.id, [ada.id]) == {ada.id: "Ada's"}


def test_it_is_news_when_a_draft_begins_otherwise_and_only_then(conversation, ben):
    long = "Thanks, we do" + " do" * 40
    for turn, (body, news) in enumerate([("Tha", 1), (long, 2), (long + " more", 2), ("", 3)]):
        save(conversation, ben, body, turn=turn)
        told = [one.kind for one in events.since(Cursor(0, 0))]
        assert told.count("DraftChanged") == news


def test_an_erased_contact_leaves_no_draft(conversation, ada, ben):
    save(conversation, ben)
    erasing.erase(conversation.contact_id, ada)
    assert build.every(Draft) == []
