"""What keeps rules from answering: machines, loops, pauses, snoozes."""

from datetime import timedelta

import pytest
import time_machine

from smsinbox.core import clock, events
from smsinbox.dialects.errors import Unavailable
from smsinbox.models import (
    Activity,
    Conversation,
    Number,
)
from smsinbox.services import (
    conversations,
    outcomes,
    snoozing,
)
from tests import build
from tests.build import THEIRS
from tests.ruling import a_rule, claimed, kept, outcomes_kept, receive, replies


@pytest.mark.parametrize("sender", ["12345", "MyBank"])
def test_machines_get_a_decision_and_no_reply(number, sender):
    a_rule(number, reply="Hi")
    receive(number, "STOP", sender=sender)
    assert (replies(), outcomes_kept()) == ([], ["held"])


def test_f86_a_number_of_ours_fires_no_rule(number):
    other = build.a_number("+14155550143", account=number.account)
    a_rule(None, reply="Hi")
    receive(number, "one", sender=other.phone)
    assert (replies(), outcomes_kept(), kept().held) == ([], ["held"], "ours")


def test_what_we_learn_of_late_is_answered_by_nobody_but_the_law(number):
    a_rule(number, reply="Hi")
    long_ago = clock.now() - timedelta(minutes=16)
    receive(number, "one", occurred_at=long_ago)
    receive(number, "STOP", occurred_at=long_ago)
    assert outcomes_kept() == ["held", "stop"]
    assert [one.author for one in replies()] == ["consent"]


def talk_like_a_machine(number: Number, times: int = 4) -> None:
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as then:
        for _ in range(times):
            receive(number, "This is an automatic answer, please wait for an agent")
            then.shift(2)


def test_a_loop_pauses_the_conversation_and_a_person_lets_rules_answer_again(number, ben):
    a_rule(number, reply="Hello")
    before = events.newest()
    talk_like_a_machine(number)
    [conversation] = build.every(Conversation)
    assert conversation.paused_at is not None
    assert conversation.paused_reason.startswith("Looks like a robot")
    assert [one.kind for one in build.every(Activity)] == ["paused"]
    assert "AutomationPaused" in {entry.kind for entry in events.since(before)}
    count = len(replies())
    receive(number, "hello?")
    assert len(replies()) == count
    conversations.resume_automation(conversation.id, ben)
    receive(number, "and now?")
    assert len(replies()) == count + 1
    assert build.every(Activity)[-1].author_name == "Ben"


def test_f91_an_automatic_text_whose_conversation_was_paused_meanwhile_does_not_leave(number):
    a_rule(number, reply="Hello")
    receive(number, "one")
    conversation = build.every(Conversation)[0]
    build.changed(conversation, paused_at=clock.now())
    behind = build.a_message(conversation, body="from a person")
    assert claimed().message_id == behind.id
    assert (replies()[0].state, replies()[0].error_code) == ("canceled", "automation-paused")


@pytest.mark.parametrize("meanwhile", ["STOP", "pause"])
def test_f91_what_was_claimed_before_is_the_last_to_leave(number, meanwhile):
    a_rule(number, reply="Hello")
    receive(number, "one")
    taken = claimed()
    if meanwhile == "STOP":
        receive(number, "STOP")
    else:
        build.changed(build.every(Conversation)[0], paused_at=clock.now())
    outcomes.refuse(taken.message_id, taken.fence, Unavailable("busy"))
    assert replies()[0].state == "canceled"


def test_a_paused_conversation_still_confirms_a_stop(number):
    a_rule(number, reply="Hello")
    receive(number, "one")
    build.changed(build.every(Conversation)[0], paused_at=clock.now())
    receive(number, "STOP")
    assert claimed().message_id == replies()[-1].id


def test_a_snoozed_conversation_comes_back_when_its_time_comes_or_they_text(number):
    snoozed = {"status": "snoozed", "snoozed_until": clock.now() - timedelta(seconds=1)}
    due = build.a_conversation(number, build.a_contact(), **snoozed)
    later = build.a_conversation(
        number,
        build.a_contact(THEIRS),
        status="snoozed",
        snoozed_until=clock.now() + timedelta(hours=1),
    )
    assert snoozing.wake() == 1
    assert (build.again(due).status, build.again(later).status) == ("open", "snoozed")
    receive(number, "one")
    assert (build.again(later).status, later.snoozed_until) == ("open", None)
