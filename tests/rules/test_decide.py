"""Who answers a text, and why nobody else does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smsinbox.core.words import ConsentWord
from smsinbox.rules.actions import Note
from smsinbox.rules.decide import after, decide
from smsinbox.rules.decision import Decision, Hold
from smsinbox.rules.facts import Contact, Conversation, Number, Sender, Text
from smsinbox.rules.rulebook import Rulebook
from tests.rules.build import (
    Talk,
    a_rule,
    answer,
    decided,
    facts,
    outcomes,
    reason,
    turns,
)

ANY = {"type": "any"}
CLOSED: dict[str, Any] = {"when": {"calendar": "Office", "is": "closed"}}


@pytest.mark.parametrize(
    ("fact", "hold"),
    [
        ({"duplicate": True}, "duplicate"),
        ({"sender": Sender.OURS}, "ours"),
        ({"sender": Sender.BLOCKED}, "blocked"),
        ({"sender": Sender.MACHINE}, "machine"),
        ({"late": timedelta(minutes=16)}, "late"),
        ({"paused": True}, "paused"),
        ({"paired": True}, "loop"),
        ({"conversation": turns((5, "automatic", "hours"))}, "echo"),
    ],
)
def test_what_holds_a_text_back_holds_every_rule_and_says_why(fact, hold):
    decision = decided("hours", a_rule("A"), a_rule("B"), given=facts(**fact))
    assert (decision.held, decision.winner, decision.reply) == (hold, None, None)
    assert {one.outcome for one in decision.rules} == {"held"}
    assert {one.reason for one in decision.rules} == {decision.reason}


def test_f86_a_number_of_ours_fires_no_rule_and_changes_no_consent():
    decision = decided("STOP", a_rule(), given=facts(sender=Sender.OURS))
    assert (decision.held, decision.consent) == (Hold.OURS, None)


def test_late_by_a_quarter_of_an_hour_is_still_in_time():
    assert answer("hours", a_rule("A"), given=facts(late=timedelta(minutes=15))) == "A!"


@pytest.mark.parametrize(
    "fact", [{"late": timedelta(hours=2)}, {"paused": True}, {"sender": Sender.BLOCKED}]
)
def test_s87_consent_words_are_law_before_holds_and_rules(fact):
    decision = decided("Stop!", a_rule(), given=facts(opted_out=True, **fact))
    assert (decision.consent, decision.held) == (ConsentWord.STOP, Hold.CONSENT)
    assert decision.replies == ()


@pytest.mark.parametrize(
    ("body", "opted_out", "answered", "confirms"),
    [
        ("stop", False, None, True),
        ("stop", True, None, False),
        ("start", True, None, True),
        ("start", False, None, False),
        ("help", True, None, True),
        ("stop", False, ConsentWord.STOP, False),
        ("hours", False, None, False),
    ],
)
def test_a_change_of_consent_is_confirmed_once_and_not_after_the_carrier(
    body, opted_out, answered, confirms
):
    decision = decide(Text(body, 0, answered), facts(opted_out=opted_out), Rulebook([]))
    assert decision.confirms is confirms


def test_a_number_may_have_its_own_consent_words():
    french = facts(number=Number(consent_words={"arret": ConsentWord.STOP}))
    assert decided("Arrêt", a_rule(), given=french).consent is ConsentWord.STOP
    assert decided("Arrêt", a_rule()).consent is None


def test_what_the_carrier_took_for_a_consent_word_is_one():
    decision = decide(Text("yes", answered=ConsentWord.START), facts(), Rulebook([a_rule()]))
    assert (decision.consent, decision.reply) == (ConsentWord.START, None)


def test_a_refusal_in_other_words_is_pointed_out_and_decides_nothing():
    decision = decided("please stop texting me", a_rule("A"))
    assert decision.wants_to_stop
    assert decision.winner is not None


def test_who_opted_out_gets_nothing_but_by_opting_in():
    join = a_rule("Join", "join", actions=[{"do": "opt_in"}])
    out = facts(opted_out=True)
    assert answer("hours", a_rule("A"), join, given=out) is None
    decision = decided("Join!", join, a_rule("A"), given=out)
    assert decision.reply is not None
    assert [planned.action.do for planned in decision.actions] == ["opt_in"]


# The order


def test_the_first_that_fits_answers_and_stops():
    decision = decided("hours", a_rule("A", "open"), a_rule("B", "hours"), a_rule("C"))
    assert outcomes(decision) == {"A": "no_match", "B": "answered", "C": "behind"}
    assert reason(decision, "C") == "“B” comes first."


def test_position_counts_then_the_number_before_all_numbers_then_age():
    rules = [
        a_rule("D", position=1),
        a_rule("C", id=1, everywhere=True),
        a_rule("B", id=3),
        a_rule("A", id=2),
    ]
    assert list(outcomes(decided("x", *rules))) == ["A", "B", "C", "D"]


def test_rules_that_are_off_are_no_candidates():
    assert decided("x", a_rule(mode="off")).rules == ()


def test_continue_lets_others_act_but_never_a_second_one_reply():
    tag = [{"do": "tag", "tag": "asked"}]
    decision = decided(
        "hours", a_rule("A", "hours", stop=False), a_rule("B", actions=tag), a_rule("C")
    )
    assert outcomes(decision) == {"A": "answered", "B": "acted", "C": "behind"}
    assert [reply.text for reply in decision.replies] == ["A!"]
    assert [planned.action.do for planned in decision.actions] == ["tag"]
    assert "has answered" in reason(decision, "B")


def test_a_rule_that_only_acts_and_goes_on_leaves_the_reply_to_another():
    decision = decided(
        "x", a_rule("A", reply="", actions=[{"do": "close"}], stop=False), a_rule("B")
    )
    assert outcomes(decision) == {"A": "acted", "B": "answered"}
    assert decision.name_of(decision.winner) == "B"


def test_a_rule_in_shadow_decides_sends_nothing_and_is_in_nobodys_way():
    ghost = a_rule("Ghost", mode="shadow", actions=[{"do": "close"}])
    decision = decided("x", ghost, a_rule("Other", mode="shadow"), a_rule("Real", quiet=True))
    assert outcomes(decision) == {"Ghost": "shadow", "Other": "behind", "Real": "answered"}
    assert [(reply.text, reply.shadow) for reply in decision.replies] == [
        ("Ghost!", True),
        ("Real!", False),
    ]
    assert decision.reply == decision.replies[1]
    assert decision.shadow_reply == decision.replies[0]
    assert all(planned.shadow for planned in decision.actions)
    assert (decision.name_of(decision.ghost), decision.quiet) == ("Ghost", True)
    behind = decided("x", a_rule("Real", id=1), ghost)
    assert (outcomes(behind)["Ghost"], behind.replies[1:]) == ("behind", ())


# The reply


def test_the_reply_is_filled_in_and_its_values_are_never_looked_at_again():
    rule = a_rule(
        "A", reply="{{contact.first_name|there}} {{contact.attr.car|?}} {{number.name}} {{time}} "
        "{{date}} {{agent.first_name|us}} {{calendar.opens|soon}}",
        when={"calendar": "Office", "is": "always"},
    )  # fmt: skip
    given = facts(
        contact=Contact(name="{{number.name}} x", attributes={"car": "{{date}}"}),
        number=Number(name="Support"),
        conversation=Conversation(assignee="Ada Lovelace"),
    )
    assert answer("x", rule, given=given) == (
        "{{number.name}} {{date}} Support 12:00 4 May Ada soon"
    )


def test_the_reply_is_in_the_contacts_language_and_a_holiday_has_its_own():
    rule = a_rule("A", variants={"es": "Hola {{calendar.opens}}"}, **CLOSED)
    sunday, christmas = datetime(2026, 5, 3, 16, tzinfo=UTC), datetime(2026, 12, 25, 16, tzinfo=UTC)
    spanish = Contact(language="es-MX")
    assert answer("x", rule, given=facts(sunday, contact=spanish)) == "Hola tomorrow at 9:00"
    assert answer("x", rule, given=facts(sunday)) == "A!"
    assert answer("x", rule, given=facts(christmas)) == "Merry Christmas!"


def test_delay_and_flags_are_handed_on():
    decision = decided("x", a_rule("A", delay=30, quiet=True, counts_as_response=True))
    assert [reply.delay for reply in decision.replies] == [30]
    assert (decision.quiet, decision.counts_as_response) == (True, True)


def test_a_note_is_filled_in():
    rule = a_rule("A", actions=[{"do": "note", "text": "{{contact.name|Somebody}} asked"}])
    [planned] = decided("x", rule, given=facts(contact=Contact(name="Bo"))).actions
    assert planned.action == Note(do="note", text="Bo asked")


# What is kept


def test_a_decision_is_read_back_as_it_was_written():
    rules = [
        a_rule(
            "A",
            "hours",
            actions=[{"do": "notify", "users": ["a@b.co"]}, {"do": "note", "text": "n"}],
        ),
        a_rule("B", mode="shadow"),
    ]
    for body in ("hours", "STOP", "x", "Liked “x”"):
        decision = decided(body, *rules)
        assert Decision.from_json(decision.to_json()) == decision


# One text after the other


def test_each_text_is_decided_by_what_the_one_before_has_changed():
    welcome = a_rule("New", match={"type": "first_contact"})
    stranger = facts(contact=Contact(new=True))
    talk = Talk(a_rule("Hours", "hours", reply="9 to 5", cooldown="5m"), welcome, given=stranger)
    said = {"hello": "New!", "hours": "9 to 5", "Hours": None, "STOP": None, "hours?": None}
    for body, reply in (said | {"START": None}).items():
        decision = talk.says(body)
        assert (decision.reply.text if decision.reply else None) == reply
    assert talk.says("hours", later=3600).reply is not None


def test_two_texts_within_a_second_are_each_decided_on_their_own_words():
    talk = Talk(a_rule("Hours", "hours"))
    assert talk.says("hours").winner is not None
    assert talk.says("thanks", later=1).winner is None


def test_a_repeated_delivery_changes_nothing():
    given = facts(duplicate=True)
    assert after(given, decided("x", a_rule(), given=given)) == given


def test_a_rule_spends_its_days_budget_and_one_in_shadow_rests_as_if_it_were_on():
    rule = a_rule("A", id=2, daily_budget=1)
    ghost = a_rule("G", id=1, mode="shadow", cooldown="1h", stop=False, human_grace=0)
    talk = Talk(ghost, rule)
    assert outcomes(talk.says("a")) == {"G": "shadow", "A": "answered"}
    assert outcomes(talk.says("b")) == {"G": "silent", "A": "silent"}
    assert talk.facts.spent == {1: 1, 2: 1}


def test_the_same_gives_the_same():
    given, book = facts(), Rulebook([a_rule("A", **CLOSED), a_rule("B")])
    sunday = replace(given, at=datetime(2026, 5, 3, 16, tzinfo=UTC))
    once = decide(Text("x"), given, book)
    decide(Text("x"), sunday, book)
    assert decide(Text("x"), given, book) == once
