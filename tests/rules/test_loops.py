"""Machines are found out and people are not; and whatever happens, the caps hold."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.rules.decision import Hold
from smsinbox.rules.loops import MOST_PER_DAY, Answer, Evidence, evidence, over_a_cap, score
from tests.rules.build import MONDAY_NOON, Talk, a_rule, turns

SIX_HOURS = 6 * 3600
QUICK = (Answer(3, 40), Answer(3, 40))


@pytest.mark.parametrize(
    ("found", "is_machine"),
    [
        (Evidence(own_or_paired=True), True),
        (Evidence(answers=QUICK, alternation=4, repeats=2, characters=20), True),
        (Evidence(answers=(Answer(1, 40), Answer(1, 40)), alternation=4), True),
        (Evidence(), False),
        (Evidence(answers=QUICK), False),
        (Evidence(answers=QUICK, alternation=4, automatic_in_hour=3), False),
        (Evidence(answers=QUICK, alternation=4, repeats=5, characters=2), False),
        (Evidence(repeats=9, characters=99, automatic_in_hour=3), False),
    ],
)
def test_signs_add_up_and_no_single_one_but_being_known_suffices(found, is_machine):
    assert score(found).is_machine is is_machine
    assert not is_machine or score(found).words.startswith("Looks like a robot: ")


def test_evidence_is_read_from_the_talk():
    talk = turns(
        (70, "them", "hi there you"),
        (69, "automatic", "a"),
        (50, "human", "hello"),
        (20, "automatic", "b"),
        (19.875, "them", "hi there you"),
        (5, "automatic", "c"),
    )
    found = evidence(talk.turns, "hi there you", MONDAY_NOON)
    assert found == Evidence(
        answers=(Answer(7.5, 12), Answer(300.0, 12)),
        repeats=1,
        characters=12,
        alternation=3,
        automatic_in_hour=2,
        automatic_in_day=3,
    )


def test_a_day_has_its_own_cap_whoever_writes_in_between():
    assert over_a_cap(Evidence(automatic_in_day=MOST_PER_DAY - 1)) is None
    assert "within a day" in (over_a_cap(Evidence(automatic_in_day=MOST_PER_DAY)) or "")


def _plain(text: str) -> str:
    return text.replace("{", "").replace("}", "").strip()


words = st.sampled_from(["hours", "hi", "We are closed. Text us tomorrow.", "👍"]) | st.text(
    max_size=9
)


def exchanged(first: str, second: str, pauses: Sequence[float]) -> int:
    """How many automatic texts two installations send one another when each answers everything,
    after these seconds in turn."""
    talks = [Talk(a_rule(reply=f"x{text}")) for text in (first, second)]
    said = "hello"
    for sent in range(40):
        talk, other = talks[sent % 2], talks[1 - sent % 2]
        reply = talk.says(said, later=pauses[sent % len(pauses)]).reply
        if reply is None:
            return sent
        said = reply.text
        other.facts = replace(other.facts, at=talk.facts.at)
    return 40


latencies = st.floats(1, SIX_HOURS)


@given(words.map(_plain), words.map(_plain), st.lists(latencies, min_size=1, max_size=9))
def test_f88_two_installations_that_answer_each_other_stop_within_three_exchanges(
    first, second, pauses
):
    assert exchanged(first, second, pauses) <= 6  # three by each


@pytest.mark.parametrize("pause", [1, 60, 1300, 3600])
@pytest.mark.parametrize("says", ["ok", "We got ticket {} and answer soon"])
def test_a_machine_that_counts_its_tickets_is_heard_as_one_that_says_the_same(says, pause):
    talk = Talk(a_rule("Any"))
    replies = [talk.says(says.format(100 + n), later=2 * pause).reply for n in range(20)]
    assert sum(reply is not None for reply in replies) <= 3


@pytest.mark.parametrize("hours", [14, 24])
def test_who_asks_the_same_once_a_day_is_answered_every_day(hours):
    talk = Talk(a_rule("Hours", "hours"))
    assert all(talk.says("hours", later=hours * 3600).reply for _ in range(30))


def test_who_says_something_else_is_answered_again():
    talk = Talk(a_rule("Any"))
    said = [*["hours"] * 4, "are you there?", "hours"]
    replies = [talk.says(text, later=3600).reply for text in said]
    assert [reply is not None for reply in replies] == [True] * 3 + [False, True, True]


def test_a_menu_that_is_walked_for_hours_never_ends_as_long_as_they_choose_something_else():
    talk = Talk(a_rule("Menu", "1", "2", "3"))
    assert all(talk.says(str(n % 3 + 1), later=3 * 3600).reply for n in range(20))


def test_two_answers_in_turn_are_a_repetition_too():
    talk = Talk(a_rule("Any"))
    replies = [
        talk.says(("We are closed.", "Thank you!")[n % 2], later=7200).reply for n in range(9)
    ]
    assert [reply is not None for reply in replies][:5] == [True] * 4 + [False]


def test_an_agent_s_text_begins_the_turns_anew():
    said = [
        turn
        for n in range(3)
        for turn in ((240 - 60 * n, "them", "hi"), (239 - 60 * n, "automatic", "a"))
    ]
    assert over_a_cap(evidence(turns(*said).turns, "hi", MONDAY_NOON))
    said.insert(2, (200, "human", "hello"))
    assert over_a_cap(evidence(turns(*said).turns, "hi", MONDAY_NOON)) is None


def test_two_machines_are_found_out_and_stay_paused():
    talk = Talk(a_rule(reply="We got your message and will answer soon."))
    decisions = [talk.says("Thank you, our office is closed right now", 2) for _ in range(6)]
    assert [decision.reply is not None for decision in decisions] == [True, True, False] + [
        False
    ] * 3
    assert decisions[2].held is Hold.LOOP
    assert decisions[2].pauses
    assert decisions[3].held is Hold.PAUSED
    assert talk.says("hello", later=86_400 * 3).held is Hold.PAUSED


def test_five_hundred_people_who_type_fast_are_never_paused():
    rules = [a_rule("Menu", "1", "2", "3", "menu"), a_rule("Hours", "hours"), a_rule("Any")]
    vocabulary = "1 2 3 menu hours hi ok thanks what are your prices? can I come by today".split()
    for seed in range(500):
        person, talk = random.Random(seed), Talk(*rules)
        for _ in range(12):
            text = " ".join(person.choices(vocabulary, k=person.choice((1, 1, 1, 2, 5))))
            seconds = 1.5 + len(text) / person.uniform(4, 12)  # they read, then type
            assert not talk.says(text, later=seconds).pauses


def test_somebody_who_sends_a_long_text_again_and_again_is_no_machine_by_that_alone():
    talk = Talk(a_rule("Any"))
    assert not any(talk.says("hello? is anybody there?", later=30).pauses for _ in range(20))
