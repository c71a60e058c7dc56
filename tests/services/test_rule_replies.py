"""What rules do to texts that arrive: replies, delays, shadows, deeds, rests, and the record."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from smsinbox.core import clock, events
from smsinbox.core.database import atomic, db
from smsinbox.dialects.base import InboundText
from smsinbox.dialects.errors import Unavailable
from smsinbox.models import (
    Activity,
    Calendar,
    ContactTag,
    Conversation,
    Decision,
    Firing,
    Message,
    Number,
    OptOut,
    Rule,
    Tag,
)
from smsinbox.queries import facts, rules
from smsinbox.rules import decision as decided
from smsinbox.rules.decide import decide
from smsinbox.rules.facts import Text
from smsinbox.services import (
    conversations,
    delivery,
    inbound,
    outbound,
    outcomes,
    schedules,
    trying,
)
from smsinbox.services import rules as rules_service
from smsinbox.services.inbound import Arrival
from tests import build
from tests.build import OURS, THEIRS


def receive(number: Number, *bodies: str, sender: str = THEIRS, **fields) -> None:
    texts = [
        InboundText(f"{sender}{clock.now_micros()}{n}", sender, number.phone, body, **fields)
        for n, body in enumerate(bodies)
    ]
    inbound.receive([Arrival(number.account_id, b"{}", text) for text in texts])


def a_rule(number: Number | None, **definition: Any) -> Rule:
    name, mode = definition.pop("name", "Any"), decided.Mode(definition.pop("mode", "on"))
    wanted = {"match": {"type": "any"}, "cooldown": "none", "human_grace": 0} | definition
    return rules_service.create(number.id if number else None, name, wanted, None, mode)


def replies() -> list[Message]:
    return [message for message in build.every(Message) if not message.is_inbound]


def outcomes_kept() -> list[str]:
    return [one.outcome for one in build.every(Decision)]


def kept(at: int = -1) -> decided.Decision:
    return decided.Decision.from_json(build.every(Decision)[at].detail)


def said(decision: decided.Decision) -> str | None:
    return decision.reply.text if decision.reply else None


def claimed() -> delivery.Claim:
    taken = delivery.claim()
    assert taken is not None
    return taken


def test_every_text_to_a_number_with_rules_has_its_decision_with_all_reasons(number):
    a_rule(number, name="Hours", match={"terms": ["hours"]}, reply="9 to 5")
    a_rule(number, name="Shut", reply="Later", valid_until="2020-01-01")
    receive(number, "what?")
    receive(number, "HOURS")
    assert outcomes_kept() == ["silent", "replied"]
    first = kept(0)
    assert [(one.name, one.outcome) for one in first.rules] == [
        ("Hours", "no_match"),
        ("Shut", "silent"),
    ]
    assert first.rules[1].checks[1].name == "dates"
    assert said(kept()) == "9 to 5"


def test_a_text_to_a_number_without_rules_leaves_none_and_costs_no_more(number, statements):
    other = build.a_number("+14155550143", account=number.account)
    a_rule(other, reply="Hi")
    text = InboundText("a", THEIRS, OURS, "hello")
    arrival = Arrival(number.account_id, b"{}", text)
    with statements() as seen:
        inbound.receive([arrival])
    assert len(seen) <= 7, seen
    assert build.every(Decision) == []


def test_a_rule_of_all_numbers_answers_on_each_behind_their_own(number):
    a_rule(None, reply="everywhere")
    own = a_rule(number, match={"terms": ["hours"]}, name="Hours", reply="own")
    receive(number, "hours")
    receive(number, "else")
    assert [reply.body for reply in replies()] == ["own", "everywhere"]
    assert replies()[0].rule_id == own.id


def test_s61_merge_fields_are_filled_in_once_and_never_looked_at_again(number):
    build.a_contact(THEIRS, name="{{number.name}} {{7*7}} {%if%}")
    a_rule(number, reply="Hi {{contact.name|there}}, this is {{number.name}}")
    receive(number, "hello")
    assert replies()[0].body == "Hi {{number.name}} {{7*7}} {%if%}, this is Support"


def test_a_rule_rests_as_long_as_it_says(number):
    a_rule(number, reply="Hi", cooldown="1h")
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as then:
        receive(number, "one")
        then.shift(3599)
        receive(number, "two")
        then.shift(2)
        receive(number, "three")
    assert outcomes_kept() == ["replied", "silent", "replied"]
    assert len(build.every(Firing)) == 2


def test_once_per_opening_means_again_after_it_was_closed(number, ben):
    a_rule(number, reply="Hi", cooldown="once_per_opening")
    receive(number, "one")
    receive(number, "two")
    conversations.close(build.every(Conversation)[0].id, ben)
    receive(number, "three")
    assert outcomes_kept() == ["replied", "silent", "replied"]


def test_the_first_text_of_a_contact_is_new_also_in_a_batch(number):
    a_rule(number, match={"type": "first_contact"}, reply="Welcome")
    receive(number, "one", "two")
    receive(number, "three")
    assert outcomes_kept() == ["replied", "none", "none"]


def test_who_was_texted_first_did_not_start(number):
    a_rule(number, reply="Hi", started_by="customer")
    contact = build.a_contact(THEIRS)
    build.a_message(build.a_conversation(number, contact), state="accepted")
    receive(number, "one")
    assert outcomes_kept() == ["silent"]


def test_tags_language_and_calendars_are_known(number):
    @atomic
    def world() -> None:
        contact = build.a_contact(THEIRS, language="es-MX")
        db.session.add(Tag(id=1, name="vip", created_at=clock.now()))
        db.session.add(
            Calendar(
                name="Office",
                definition={"name": "Office", "zone": "UTC", "weekly": {}},
                created_at=clock.now(),
            )
        )
        db.session.flush()
        db.session.add(ContactTag(contact_id=contact.id, tag_id=1))

    world()
    a_rule(
        number,
        who={"is": "has_tag", "of": "VIP"},
        when={"calendar": "Office", "is": "closed"},
        reply="Closed",
        variants={"es": "Cerrado"},
    )
    receive(number, "one")
    assert [reply.body for reply in replies()] == ["Cerrado"]


def test_an_agent_who_wrote_lately_silences_a_rule(number, ben):
    a_rule(number, reply="Hi", human_grace=5)
    conversation = build.a_conversation(number, build.a_contact(THEIRS))
    outbound.reply(conversation.id, "I am on it", None, ben)
    receive(number, "thanks")
    assert outcomes_kept() == ["silent"]


@pytest.mark.parametrize("together", [True, False])
def test_a_daily_budget_is_for_all_contacts_and_a_day(number, together):
    a_rule(number, reply="Hi", daily_budget=2)
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as then:
        people = [f"+1312555{n:04}" for n in range(4)]
        texts = [InboundText(one, one, OURS, "hello", None) for one in people]
        arrivals = [Arrival(number.account_id, b"{}", text) for text in texts]
        for batch in [arrivals] if together else [[one] for one in arrivals]:
            inbound.receive(batch)
        assert outcomes_kept() == ["replied", "replied", "silent", "silent"]
        then.shift(timedelta(hours=14))
        receive(number, "tomorrow")
    assert outcomes_kept()[-1] == "replied"


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
    assert build.every(Conversation)[0].unread == unread


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
    assert conversations.wake() == 1
    assert (build.again(due).status, build.again(later).status) == ("open", "snoozed")
    receive(number, "one")
    assert (build.again(later).status, later.snoozed_until) == ("open", None)


def test_another_process_s_edit_counts_for_the_very_next_text(number):
    """Whoever changes a rule, by whatever way, this process notices."""
    rule = a_rule(number, reply="old")
    receive(number, "one")
    with db.engine.connect() as other, other.begin():
        new = {"id": rule.id, "new": '{"match":{"type":"any"},"cooldown":"none","reply":"new"}'}
        other.exec_driver_sql(f"UPDATE rule SET definition = '{new['new']}' WHERE id = {new['id']}")
    receive(number, "two")
    with db.engine.connect() as other, other.begin():
        other.exec_driver_sql(f"DELETE FROM message WHERE rule_id = {rule.id}")
        other.exec_driver_sql(f"UPDATE rule SET mode = 'off' WHERE id = {rule.id}")
    receive(number, "three")
    assert outcomes_kept() == ["replied", "replied"]
    assert said(kept()) == "new"


def test_a_rulebook_is_read_once_until_a_rule_changes(number, statements):
    a_rule(number, reply="Hi")
    first = rules.book(number.id)
    with statements() as seen:
        assert rules.book(number.id) is first
    assert len(seen) == 1
    a_rule(None, name="everywhere", reply="Hi")
    assert len(rules.book(number.id).rules) == 2


def test_what_was_read_in_a_transaction_that_was_undone_is_never_met_again(number):
    rule = a_rule(number, reply="kept")

    @atomic
    def undone() -> None:
        build.changed(rule, definition={"match": {"type": "any"}, "reply": "undone"})
        assert rules.book(number.id).rules[0].definition.reply == "undone"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert rules.book(number.id).rules[0].definition.reply == "kept"


def test_a_rule_that_cannot_be_read_silences_no_other(number):
    build.a_rule(number, "x", definition={"match": {"type": "gone"}})
    a_rule(number, reply="Hi")
    receive(number, "x")
    assert outcomes_kept() == ["replied"]


def test_figures_tell_when_and_how_often_a_rule_fired(number):
    rule = a_rule(number, reply="Hi")
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as then:
        receive(number, "one")
        then.shift(timedelta(days=2))
        receive(number, "two", "three")
        told = rules.figures([rule.id, 4711])
        assert told[rule.id].by_day == [0, 0, 0, 0, 1, 0, 2]
        assert told[rule.id].last_fired == clock.now()
    assert (told[4711].last_fired, sum(told[4711].by_day)) == (None, 0)


def test_the_facts_about_a_next_text_are_those_that_decide_about_it(number):
    a_rule(number, reply="Hi", cooldown="1h")
    receive(number, "one")
    conversation = build.every(Conversation)[0]
    now = clock.now()
    book = rules.book(number.id)
    known = facts.background({conversation.id: None}, now, {number.id: book}).facts
    before = decide(Text("two"), known[conversation.id], book)
    receive(number, "two")
    assert [one.outcome for one in kept().rules] == [one.outcome for one in before.rules]


def test_trying_stores_nothing_and_takes_a_draft(number):
    rule = a_rule(number, reply="saved")
    draft = {"id": rule.id, "name": "New", "match": {"type": "any"}, "reply": "draft"}
    assert said(trying.tried(number.id, "x")) == "saved"
    assert said(trying.tried(number.id, "x", draft=draft)) == "draft"
    assert build.every(Message) == build.every(Decision) == []
