"""The past, asked again: the same evaluator, cooldowns and the other rules with it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.dialects.base import InboundText
from smsinbox.models import Conversation, Decision, Message, Number
from smsinbox.models.firing import Firing
from smsinbox.queries import decisions, messages
from smsinbox.queries import facts as facts_query
from smsinbox.queries import rules as rules_query
from smsinbox.rules.decide import after, decide
from smsinbox.rules.facts import Facts, Text, Turn, Voice
from smsinbox.services import backtest, inbound, outbound
from smsinbox.services.inbound import Arrival
from tests import build
from tests.conftest import empty

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
    assert len(seen) <= 13


BODIES = ("hours", "thanks", "stop", "start", "help", "old answer here", "9 to 5", "where?")
WRITTEN = [
    {"match": {"terms": ["hours"]}, "reply": "9 to 5", "cooldown": "none"},
    {"match": {"type": "word", "terms": ["where", "answer"]}, "reply": "Here", "stop": False},
    {"match": {"type": "first_contact"}, "reply": "Welcome"},
    {"match": {"type": "any"}, "reply": "Later", "daily_budget": 2},
]
steps = st.tuples(
    st.integers(0, 1), st.sampled_from(BODIES), st.integers(1, 2000), st.sampled_from("ttttuprc")
)
AUTHORS = {"u": "user", "p": "program", "r": "rule", "c": "consent"}


@pytest.mark.parametrize("backend", ["sqlite"])
@settings(max_examples=25)
@given(st.lists(steps, min_size=1, max_size=25), st.sets(st.integers(0, 3), min_size=1))
def test_its_shortcuts_change_nothing(backend, apps, told, chosen):
    """Against the plain way: every text through `decide`, one by one, with all its facts."""
    with apps[backend].app_context():
        empty()
        number = build.a_number()
        for at in sorted(chosen):
            build.a_rule(number, "-", position=at, name=f"R{at}", definition=WRITTEN[at])
        stories, moment = [Story(number), Story(number)], 0.0
        for who, body, seconds, kind in told:
            moment += seconds / 60
            if kind == "t":
                stories[who].they(moment, body)
            else:
                stories[who].we(moment, body, author=AUTHORS[kind])
        found = backtest.run(number.id, 7)
        plain = _plainly(number)
        winners = {one: decision.winner for one, decision in found.decisions.items()}
        assert {one: winners.get(one) for one in plain} == plain
        assert found.texts == len(plain)


@pytest.mark.parametrize("backend", ["sqlite", "postgres"])
@settings(max_examples=12)
@example([(0, "hours", 1900, "t")] * 9, {1, 3})  # past midnight, where a budget begins anew
@given(st.lists(steps, min_size=1, max_size=20), st.sets(st.integers(0, 3), min_size=1))
def test_a_live_day_s_decisions_equal_the_backtest_over_it(backend, apps, told, chosen):
    with apps[backend].app_context():
        empty()
        number, ben = build.a_number(), build.a_user("Ben", "admin")
        for at in sorted(chosen):
            build.a_rule(number, "-", position=at, name=f"R{at}", definition=WRITTEN[at])
        moment = clock.now().replace(hour=5) - timedelta(days=2)
        for place, (who, body, seconds, kind) in enumerate(told):
            moment += timedelta(seconds=seconds)
            with clock.at(moment):
                _live(number, place, f"+1312555019{who}", body, ben if kind == "u" else None)
                _deliver()
        found = backtest.between(number.id, moment - timedelta(days=2), clock.now())
        for kept in build.every(Decision):
            live = decisions.whole(kept)
            assert live
            again = found.decisions.get(kept.message_id)
            if again is None:
                assert (live.winner, live.held, live.replies) == (None, None, ())
            else:
                assert again == live


@atomic
def _deliver() -> None:
    """What was written has left: nothing can take it back."""
    db.session.execute(update(Message).where(Message.state == "queued").values(state="accepted"))


def _live(number: Number, place: int, phone: str, body: str, by) -> None:
    """They write, or an agent does when there is a conversation to write in."""
    there = [one for one in build.every(Conversation) if one.contact.phone == phone]
    if by is None:
        text = InboundText(f"id{place}", phone, number.phone, body)
        inbound.receive([Arrival(number.account_id, b"{}", text)])
    elif there and not messages.opted_out(there[0]):
        outbound.reply(there[0].id, "Hello", None, by)


def _plainly(number: Number) -> dict[int, int | None]:
    book = rules_query.book(number.id)
    texts = build.every(Message)
    known: dict[int, Facts] = {}
    spent: dict[int, int] = {}
    decided: dict[int, int | None] = {}
    voices = {"user": Voice.HUMAN, "program": Voice.PROGRAM}
    today = None
    for text in texts:
        if text.author in ("rule", "consent"):
            continue
        before = known.get(text.conversation_id)
        if before is None:
            base = facts_query.stand_in(number.id, text.created_at, True)
            row = db.session.get_one(Conversation, text.conversation_id)
            began = text.author == "contact"
            told = replace(base.conversation, started_by_customer=began, opened_at=row.created_at)
            before = replace(base, conversation=told)
        given_ = replace(before, at=text.created_at)
        if text.author != "contact":
            turn = Turn(text.created_at, voices[text.author], "hello")
            turns = (*given_.conversation.turns, turn)
            then = replace(given_, conversation=replace(given_.conversation, turns=turns))
            known[text.conversation_id] = then
            continue
        if text.created_at.date() != today:
            spent, today = {}, text.created_at.date()
        given_ = replace(given_, spent=spent)
        day = text.created_at - timedelta(days=1)
        turns = tuple(turn for turn in given_.conversation.turns if turn.at > day)
        talk = replace(given_.conversation, turns=turns)
        given_ = replace(given_, conversation=talk)
        decision = decide(Text(text.body), given_, book)
        then = after(given_, decision)
        spent = dict(then.spent)
        known[text.conversation_id] = then
        decided[text.id] = decision.winner
    return decided
