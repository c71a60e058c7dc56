"""What rules do beside a reply at once: shadows, deeds, consent, delays."""

import pytest
import time_machine

from smsinbox.core import events
from smsinbox.models import (
    Activity,
    ContactTag,
    Conversation,
    Firing,
    OptOut,
    Tag,
)
from smsinbox.services import (
    outbound,
    schedules,
)
from tests import build
from tests.ruling import a_rule, outcomes_kept, receive, replies


def test_a_rule_in_shadow_leaves_a_line_and_sends_and_does_nothing(number):
    rule = a_rule(number, mode="shadow", reply="Hi", actions=[{"do": "close"}], cooldown="1h")
    receive(number, "one")
    receive(number, "two")
    assert replies() == []
    assert build.every(Conversation)[0].status == "open"
    lines = [(one.kind, one.body, one.ghost) for one in build.every(Activity)]
    assert lines == [("done", "Would close it.", None), ("ghost", "Hi", "open")]
    assert build.every(Activity)[0].rule_id == rule.id
    assert outcomes_kept() == ["shadow", "silent"]
    assert [(one.shadow, one.replied) for one in build.every(Firing)] == [(True, True)]


def test_deeds_are_done_in_the_text_s_transaction_and_told_in_the_thread(number, ben):
    a_rule(
        number,
        name="Callback",
        match={"terms": ["call me"]},
        reply="We will",
        actions=[
            {"do": "tag", "tag": "Caller"},
            {"do": "assign", "to": "ben@example.com"},
            {"do": "note", "text": "Call {{contact.name|them}} back"},
            {"do": "notify"},
            {"do": "callback"},
            {"do": "snooze", "minutes": 30},
        ],
    )
    before = events.newest()
    receive(number, "call me")
    [conversation] = build.every(Conversation)
    assert (conversation.assignee_id, conversation.status) == (ben.id, "snoozed")
    assert [tag.name for tag in build.every(Tag)] == ["caller"]
    assert [one.contact_id for one in build.every(ContactTag)] == [conversation.contact_id]
    assert [(one.kind, one.body, one.author_name) for one in build.every(Activity)] == [
        ("done", "Tag the contact “Caller”.", "Callback"),
        ("done", "Assigned it to Ben.", "Callback"),
        ("note", "Call them back", "Callback"),
        ("done", "Notify the agents.", "Callback"),
        ("done", "Tell the programs.", "Callback"),
        ("done", "Snooze it for 30 minutes.", "Callback"),
    ]
    kinds = {entry.kind for entry in events.since(before)}
    assert {"ConversationAssigned", "AgentsNotified", "ProgramsNotified"} <= kinds
    assert {"ConversationSnoozed", "ContactChanged", "ActivityWritten"} <= kinds


def test_nobody_is_assigned_who_may_not_answer_here(number, cy):
    a_rule(number, actions=[{"do": "assign", "to": "cy@example.com"}])
    receive(number, "one")
    assert build.every(Conversation)[0].assignee_id is None
    assert "may not answer" in build.every(Activity)[0].body


def test_an_untag_takes_off_and_a_close_puts_away(number):
    a_rule(number, actions=[{"do": "tag", "tag": "new"}], stop=False, name="a")
    a_rule(number, actions=[{"do": "untag", "tag": "NEW"}, {"do": "close"}], name="b")
    receive(number, "one")
    assert build.every(ContactTag) == []
    assert (build.every(Conversation)[0].status, outcomes_kept()) == ("closed", ["acted"])


def test_a_rule_opts_out_with_the_one_confirmation_and_in_with_its_reply(number):
    a_rule(number, match={"terms": ["no thanks"]}, name="out", actions=[{"do": "opt_out"}])
    a_rule(
        number, match={"terms": ["join"]}, name="in", actions=[{"do": "opt_in"}], reply="Welcome"
    )
    receive(number, "no thanks")
    assert [one.source for one in build.every(OptOut)] == ["rule"]
    receive(number, "no thanks")
    receive(number, "join")
    assert build.every(OptOut) == []
    assert [one.author for one in replies()] == ["consent", "rule"]
    assert replies()[-1].body == "Welcome"


@pytest.mark.parametrize(
    ("flag", "unread"), [({}, 2), ({"quiet": True}, 0), ({"counts_as_response": True}, 0)]
)
def test_quiet_texts_and_those_that_are_answered_for_good_wait_for_nobody(number, flag, unread):
    a_rule(number, reply="Hi", **flag)
    receive(number, "one", "two")
    assert build.every(Conversation)[0].unanswered == unread


def test_a_delayed_reply_waits_and_then_leaves(number):
    a_rule(number, reply="Hi", delay=30)
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as then:
        receive(number, "one")
        assert (replies()[0].state, schedules.release()) == ("scheduled", 0)
        then.shift(31)
        assert schedules.release() == 1
    assert replies()[0].state == "queued"


@pytest.mark.parametrize("released", [False, True])
def test_an_agent_who_texts_first_cancels_a_delayed_reply(number, ben, released):
    a_rule(number, reply="Hi", delay=30)
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as then:
        receive(number, "one")
        if released:
            then.shift(31)
            schedules.release()
        outbound.reply(build.every(Conversation)[0].id, "Me first", None, ben)
        then.shift(31)
        schedules.release()
    assert [(one.body, one.state) for one in replies()] == [
        ("Hi", "canceled"),
        ("Me first", "queued"),
    ]


def test_a_program_that_texts_cancels_no_delayed_reply(number):
    a_rule(number, reply="Hi", delay=30)
    receive(number, "one")
    outbound.reply(build.every(Conversation)[0].id, "By the way", None, build.a_key())
    assert [one.state for one in replies()] == ["scheduled", "queued"]
