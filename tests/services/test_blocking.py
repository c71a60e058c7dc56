"""Blocking: nothing is lost, nothing disturbs, and nothing goes out."""

import pytest

from smsinbox.core import clock
from smsinbox.core.errors import Conflict
from smsinbox.models import Activity, Contact, Conversation, Message, OptOut
from smsinbox.queries import conversations as conversations_query
from smsinbox.queries.views import KINDS, View
from smsinbox.services import blocking, conversations, delivery, outbound
from tests import build
from tests.build import THEIRS
from tests.ruling import a_rule, kept, receive, replies


@pytest.fixture
def there(number, ben) -> Conversation:
    """A conversation with somebody who is blocked."""
    conversation = build.a_conversation(number, build.a_contact(THEIRS))
    blocking.block(conversation.contact_id, by=ben)
    return conversation


def listed(viewer, name: str) -> list[int]:
    return [row.id for row in conversations_query.listed(viewer, View(name)).items]


def test_a_blocked_contact_s_texts_are_kept_and_are_no_waiting_work(number, there, ben):
    other = build.a_conversation(number, waiting_since=clock.now(), unanswered=1)
    receive(number, "Buy now")
    assert [one.body for one in build.every(Message)] == ["Buy now"]
    shown = {name: listed(ben, name) for name in KINDS}
    assert shown["needs-reply"] == shown["open"] == shown["unassigned"] == [other.id]
    assert (shown["blocked"], set(shown["all"])) == ([there.id], {there.id, other.id})
    counts = conversations_query.counts(ben)
    assert (counts.open, counts.unassigned, counts.needs_reply) == (1, 1, 1)
    assert counts.by_number == {number.id: 1}


@pytest.mark.parametrize("view", KINDS)
def test_a_row_belongs_to_a_view_just_as_the_list_says(number, there, ben, view):
    build.changed(there, assignee_id=ben.id)
    build.a_conversation(number, status="closed")
    build.changed(there, waiting_since=clock.now(), unanswered=1)
    build.a_conversation(number)
    rows = conversations_query.rows([one.id for one in build.every(Conversation)])
    said = {row.id for row in rows.values() if View(view).shows(row, ben.id)}
    assert said == set(listed(ben, view))


def test_nothing_answers_a_blocked_contact_not_even_for_help(number, there):
    a_rule(number, reply="Hi", actions=[{"do": "tag", "tag": "x"}])
    receive(number, "Hello")
    assert kept().held == "blocked"
    receive(number, "HELP")
    assert replies() == []


def test_a_stop_of_theirs_still_counts_and_is_not_confirmed(number, there):
    receive(number, "STOP")
    assert len(build.every(OptOut)) == 1
    assert replies() == []


def test_what_a_rule_was_about_to_send_is_taken_back_and_an_agent_s_text_is_not(number, ben):
    a_rule(number, reply="Hi", delay=30)
    receive(number, "one")
    [conversation] = build.every(Conversation)
    outbound.reply(conversation.id, "From me", None, build.a_key())
    blocking.block(conversation.contact_id, by=ben)
    assert [(one.state, one.error_code) for one in replies()] == [
        ("canceled", "contact-blocked"),
        ("queued", None),
    ]


def test_a_rule_s_text_that_slipped_past_the_block_is_stopped_at_the_door(number, ben):
    a_rule(number, reply="Hi")
    receive(number, "one")
    [contact] = build.every(Contact)
    build.changed(contact, blocked_at=contact.created_at)
    assert delivery.claim() is None
    assert [one.error_code for one in replies()] == ["contact-blocked"]


def test_agents_unblock_before_they_text_and_programs_need_not(number, there, ben):
    for write in (
        lambda: outbound.reply(there.id, "Hi", None, ben),
        lambda: conversations.start(number.id, THEIRS, "Hi", None, ben),
    ):
        with pytest.raises(Conflict, match="Unblock them first"):
            write()
    outbound.reply(there.id, "Your code is 1", None, build.a_key())
    blocking.unblock(there.contact_id, by=ben)
    outbound.reply(there.id, "Hi", None, ben)
    assert [one.body for one in replies()] == ["Your code is 1", "Hi"]


def test_both_are_lines_in_every_conversation_of_theirs_and_a_second_time_none(number, there, ada):
    other = build.a_number("+14155550199", account=number.account)
    build.a_conversation(other, there.contact)
    blocking.block(there.contact_id, by=ada)
    blocking.unblock(there.contact_id, by=ada)
    blocking.unblock(there.contact_id, by=ada)
    said = [(one.author_name, one.body) for one in build.every(Activity)]
    assert said == [("Ben", "Blocked the contact.")] + [("Ada", "Unblocked the contact.")] * 2


def test_whoever_is_unblocked_is_waiting_work_again_and_is_answered(number, there, ben):
    receive(number, "one")
    blocking.unblock(there.contact_id, by=ben)
    a_rule(number, reply="Hi")
    receive(number, "two")
    assert listed(ben, "open") == [there.id]
    assert [one.body for one in replies()] == ["Hi"]
