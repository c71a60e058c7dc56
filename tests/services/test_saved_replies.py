"""Saved replies: who may write and use which, and what they say to a contact."""

import pytest

from smsinbox.core.errors import Forbidden, Invalid, NotFound
from smsinbox.models import SavedReply
from smsinbox.queries import saved_replies as asked
from smsinbox.services import saved_replies
from smsinbox.services.saved_replies import Wanted
from tests import build


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, build.a_contact(name="Maria Lopez"))


def write(by, body="Hi {{contact.first_name|there}}", title="Hello", **fields):
    return saved_replies.create(Wanted(title, body, **fields), by)


def texts(conversation, by, typed=""):
    return [offer.text for offer in asked.offers(conversation, by, typed)]


def test_fields_are_filled_in_for_the_contact_and_open_ones_stay_to_be_seen(conversation, ben):
    write(ben, "Hi {{contact.first_name|there}}, {{contact.attr.plan}} – {{agent.first_name}}")
    assert texts(conversation, ben) == ["Hi Maria, {{contact.attr.plan}} – Ben"]


def test_what_is_typed_is_looked_for_in_title_body_and_shortcut(conversation, ben):
    write(ben, "We open at nine", "Hours", shortcut="/h")
    write(ben, "It is 100% wool", "Material")
    assert texts(conversation, ben, "NINE") == texts(conversation, ben, "h")[:1]
    assert (
        texts(conversation, ben, "mat") == texts(conversation, ben, "100%") == ["It is 100% wool"]
    )
    assert texts(conversation, ben, "1_0") == []


def test_the_most_used_comes_first(conversation, ben):
    write(ben, "One", "A")
    two = write(ben, "Two", "B")
    saved_replies.used(two.id, ben)
    assert texts(conversation, ben) == ["Two", "One"]


def test_ones_own_are_nobody_elses(conversation, ada, ben):
    reply = write(ben, "Mine")
    assert texts(conversation, ada) == []
    for deed in (saved_replies.delete, saved_replies.used):
        with pytest.raises(NotFound):
            deed(reply.id, ada)


def test_agents_use_what_admins_write_and_change_only_their_own(conversation, ada, ben):
    reply = write(ada, "For all", is_mine=False)
    assert texts(conversation, ben) == ["For all"]
    with pytest.raises(Forbidden):
        saved_replies.edit(reply.id, Wanted("Other", "Words"), ben)
    with pytest.raises(Forbidden):
        write(ben, "For all", is_mine=False)


def test_viewers_write_none(number):
    with pytest.raises(Forbidden):
        write(build.a_user("Vi", role="viewer", numbers=[number]))


def test_those_of_another_number_are_neither_seen_nor_offered(conversation, ada, ben):
    elsewhere = build.a_number("+14155550143")
    write(ada, "Elsewhere", number_id=elsewhere.id, is_mine=False)
    assert asked.listed(ben) == []
    assert texts(conversation, ada) == []
    with pytest.raises(Invalid):
        write(ben, number_id=elsewhere.id)


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"title": " "}, "title"),
        ({"body": ""}, "body"),
        ({"body": "x" * 1601}, "body"),
        ({"body": "Hi {{contact.nmae}}"}, "body"),
        ({"shortcut": "two words"}, "shortcut"),
        ({"title": "Much too long", "is_button": True}, "title"),
    ],
)
def test_what_cannot_be_used_is_refused(ben, fields, at_fault):
    with pytest.raises(Invalid) as refused:
        write(ben, **fields)
    assert refused.value.field == at_fault
    assert build.every(SavedReply) == []


def test_at_most_three_short_ones_are_buttons(conversation, ben):
    for title in ("Yes", "No", "On my way", "Later", "Thanks"):
        write(ben, title, title, is_button=True)
    assert len(asked.buttons(conversation, ben)) == 3
