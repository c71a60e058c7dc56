"""Machines are found out and people are not; and whatever happens, the caps hold."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.rules.decision import Hold
from smsinbox.rules.loops import MOST_PER_DAY, Answer, Evidence, evidence, over_a_cap, score
from tests.rules.build import MONDAY_NOON, Talk, a_rule, turns

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


def exchanged(first: str, second: str, seconds: float) -> int:
    """How many automatic texts two installations send one another when each answers everything."""
    talks = [Talk(a_rule(reply=f"x{text}")) for text in (first, second)]
    said = "hello"
    for sent in range(40):
        talk, other = talks[sent % 2], talks[1 - sent % 2]
        reply = talk.says(said, later=seconds).reply
        if reply is None:
            return sent
        said = reply.text
        other.facts = replace(other.facts, at=talk.facts.at)
    return 40


@given(words.map(_plain), words.map(_plain), st.floats(0.1, 590))
def test_f88_two_installations_that_answer_each_other_stop_within_three_exchanges(
    first, second, seconds
):
    assert exchanged(first, second, seconds) <= 6  # three by each


@pytest.mark.parametrize("minutes", [10, 30, 60])
def test_two_that_take_their_time_stop_at_the_cap_of_a_day(minutes):
    assert exchanged("a", "b", minutes * 60) <= 2 * MOST_PER_DAY


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
