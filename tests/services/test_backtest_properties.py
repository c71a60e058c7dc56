"""The past as the backtest walks through it, and the past as it was: one and the same."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.dialects.base import InboundText
from smsinbox.models import Conversation, Decision, Message, Number
from smsinbox.queries import decisions, messages
from smsinbox.queries import facts as facts_query
from smsinbox.queries import rules as rules_query
from smsinbox.rules.decide import after, decide
from smsinbox.rules.facts import Facts, Text, Turn, Voice
from smsinbox.services import backtest, inbound, outbound
from smsinbox.services.inbound import Arrival
from tests import build
from tests.conftest import empty
from tests.services.test_backtest import Story

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
        made: backtest.Told = {}
        found = backtest.run(number.id, 7, told=made)
        plain = _plainly(number)
        winners = {one: decision.winner for one, decision in made.items()}
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
        past: backtest.Told = {}
        backtest.between(number.id, moment - timedelta(days=2), clock.now(), past)
        for kept in build.every(Decision):
            live = decisions.whole(kept)
            assert live
            again = past.get(kept.message_id)
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
