"""The past, asked again: the same evaluator, cooldowns and the other rules with it."""

from datetime import datetime, timedelta

import pytest

from smsinbox.core import clock
from smsinbox.models import Decision, Message, Number
from smsinbox.models.firing import Firing
from smsinbox.services import backtest
from tests import build

DRAFT = {
    "id": None,
    "name": "Hours",
    "match": {"terms": ["hours"]},
    "cooldown": "1h",
    "reply": "9 to 5",
}


class Story:
    """Texts of one conversation, so many minutes after the beginning, two days ago."""

    def __init__(self, number: Number, **contact: str) -> None:
        self.begin = clock.now() - timedelta(days=2)
        self.conversation = build.a_conversation(number, build.a_contact(**contact))

    def at(self, minute: float) -> datetime:
        return self.begin + timedelta(minutes=minute)

    def they(self, minute: float, body: str) -> Message:
        return self._said(minute, body, direction="inbound", state="received", author="contact")

    def we(self, minute: float, body: str = "Hello", author: str = "user") -> Message:
        return self._said(minute, body, author=author, state="accepted")

    def _said(self, minute: float, body: str, **fields: str) -> Message:
        return build.a_message(self.conversation, body=body, created_at=self.at(minute), **fields)


@pytest.fixture
def story(number) -> Story:
    return Story(number, name="Mia Lund")


def figures(number: Number, draft=DRAFT, days: int = 7) -> tuple[int, ...]:
    found = backtest.run(number.id, days, draft)
    return found.texts, found.answered, found.by_agent, found.several, found.opted_out


def test_it_tells_each_text_that_would_have_been_answered(number, story):
    text = story.they(0, "HOURS?")
    story.they(1, "thanks")
    found = backtest.run(number.id, 7, DRAFT)
    assert (found.texts, found.answered, found.several) == (2, 1, 0)
    [hit] = found.hits
    assert (hit.message_id, hit.contact, hit.rule, hit.reply) == (
        text.id, "Mia Lund", "Hours", "9 to 5",
    )  # fmt: skip
    assert build.every(Decision) == build.every(Firing) == []


def test_cooldowns_are_simulated_and_contacts_that_get_it_several_times_counted(number, story):
    for minute in (0, 30, 61, 62):
        story.they(minute, "hours")
    assert figures(number) == (4, 2, 0, 1, 0)


def test_an_agent_who_answered_within_two_minutes_is_counted(number, story):
    story.they(0, "hours")
    story.we(1.9)
    story.they(120, "hours")
    story.we(122.1)
    assert figures(number) == (2, 2, 1, 1, 0)


def test_an_agents_text_keeps_the_rule_silent(number, story):
    story.we(0)
    story.they(4, "hours")
    assert figures(number)[:2] == (1, 0)


def test_rules_before_it_take_their_texts(number, story):
    build.a_rule(number, "hours", name="First")
    story.they(0, "hours")
    assert figures(number)[:2] == (1, 0)
    assert figures(number, None)[:2] == (1, 1)


def test_a_draft_of_a_rule_stands_in_its_place(number, story):
    rule = build.a_rule(number, "hours", name="First")
    build.a_rule(number, "times", name="Second", position=1)
    story.they(0, "times")
    wider = {"match": {"terms": ["hours", "times"]}, "reply": "x"}
    assert figures(number, {"id": rule.id, "name": "First", **wider})[:2] == (1, 1)


def test_opt_outs_of_the_time_block_and_are_counted(number, story):
    story.they(0, "stop")
    story.they(10, "hours")
    story.they(20, "start")
    story.they(30, "hours")
    assert figures(number) == (4, 1, 0, 0, 1)


@pytest.mark.parametrize(
    ("source", "minute", "blocked"),
    [("word", -60, 1), ("carrier", -60, 1), ("user", -60, 1), ("carrier", 5, 1), ("user", 60, 0)],
)
def test_opt_outs_learned_otherwise_block_from_their_time_on(
    number, story, source, minute, blocked
):
    if source == "word":
        minute -= 60 * 24 * 7
    story.they(10, "hours")
    build.changed(build.an_opt_out(story.conversation), source=source, at=story.at(minute))
    assert figures(number) == (1, 1 - blocked, 0, 0, blocked)


def test_opt_outs_from_all_numbers_block_too_and_count_each_conversation_once(number, story):
    story.they(10, "hours")
    build.changed(
        build.an_opt_out(story.conversation), source="user", at=story.at(-60), number_id=None
    )
    build.changed(build.an_opt_out(story.conversation), source="carrier", at=story.at(5))
    assert figures(number) == (1, 0, 0, 0, 1)


def test_what_rules_answered_then_is_forgotten_before_it_is_simulated(number, story):
    story.they(0, "hours")
    for second in range(3):
        story.we(0.1 + second / 60, "old answer", author="rule")
    story.they(70, "old answer")
    story.they(71, "hours")
    assert figures(number)[:2] == (3, 2)


def test_firings_from_before_the_stretch_still_rest(number, story):
    rule = build.a_rule(number, "hours", definition={"cooldown": "7d"})
    old = story.they(-60 * 24 * 6, "hours")
    fired = {"message_id": old.id, "rule_id": rule.id, "at": old.created_at}
    build.added(Firing(contact_id=story.conversation.contact_id, **fired))
    story.they(0, "hours")
    assert figures(number, None, days=3)[:2] == (1, 0)
    assert figures(number, None, days=30)[:2] == (2, 1)


def test_first_texts_are_first_even_when_they_came_before_the_stretch(number, story):
    draft = {"name": "W", "match": {"type": "first_contact"}, "reply": "Hello"}
    story.they(-60 * 24 * 10, "hi")
    story.they(0, "hi")
    assert figures(number, draft)[:2] == (1, 0)
    assert figures(number, draft, days=30)[:2] == (2, 1)


def test_other_numbers_texts_are_none_of_its_business(number, story):
    other = Story(build.a_number("+14155550143", account=number.account))
    other.they(0, "hours")
    assert figures(number) == (0, 0, 0, 0, 0)


def test_it_reads_the_past_in_a_few_statements_however_long_it_is(number, story, statements):
    for minute in range(30):
        story.they(minute, "hours")
    with statements() as seen:
        backtest.run(number.id, 90, DRAFT)
    assert len(seen) <= 14
