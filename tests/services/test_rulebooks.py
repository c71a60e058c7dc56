"""The rules of a number as they are read, kept, tried and counted."""

from datetime import timedelta

import pytest
import time_machine

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.models import (
    Conversation,
    Decision,
    Message,
)
from smsinbox.queries import facts, rules
from smsinbox.rules.decide import decide
from smsinbox.rules.decision import Mode
from smsinbox.rules.facts import Text
from smsinbox.services import rules as writing
from smsinbox.services import trying
from tests import build
from tests.ruling import a_rule, kept, outcomes_kept, receive, said


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


def test_a_rule_of_all_numbers_may_listen_on_some_alone(number):
    other = build.a_number("+14155550143", account=number.account)
    written = {"match": {"terms": ["hours"]}, "reply": "9 to 5", "numbers": [other.phone]}
    rule = writing.create(None, "Hours", written, None, Mode.ON)
    assert [one.id for one in rules.of_number(other.id)] == [rule.id]
    assert rules.of_number(number.id) == []
    assert [one.id for one in rules.book(other.id).rules] == [rule.id]
    assert not rules.book(number.id).rules


def test_a_rule_of_one_number_names_no_others(number):
    written = {"match": {"terms": ["hours"]}, "reply": "9", "numbers": ["+14155550143"]}
    with pytest.raises(Invalid) as refused:
        writing.create(number.id, "Hours", written, None)
    assert refused.value.field == "numbers"
