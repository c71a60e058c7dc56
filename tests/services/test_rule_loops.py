"""Two machines, many workers, whole days: never a second automatic text, and the same decisions."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.dialects.base import InboundText
from smsinbox.models import Activity, Conversation, Decision, Message, Number
from smsinbox.queries import decisions, facts, rules
from smsinbox.rules.decide import after, decide
from smsinbox.rules.decision import Decision as Made
from smsinbox.rules.decision import Mode
from smsinbox.rules.facts import Facts, Text
from smsinbox.services import inbound
from smsinbox.services import rules as rules_service
from smsinbox.services.inbound import Arrival
from tests import build, conftest
from tests.build import OURS, THEIRS

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


def a_rule(number: Number, name: str, mode: Mode = Mode.ON, **definition) -> None:
    wanted = {"match": {"type": "any"}, "cooldown": "none", "human_grace": 0} | definition
    rules_service.create(number.id, name, wanted, None, mode)


def receive(number: Number, carrier_id: str, sender: str, body: str) -> None:
    text = InboundText(carrier_id, sender, number.phone, body, None)
    inbound.receive([Arrival(number.account_id, b"{}", text)])


def automatic() -> list[Message]:
    return [one for one in build.every(Message) if not one.is_inbound]


@contextmanager
def an_inbox(app: Flask, ours: str, says: str) -> Iterator[Number]:
    with app.app_context():
        number = build.a_number(ours)
        a_rule(number, "Answer everything", reply=says)
        yield number


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("pause", [1, 90, 1300, 6 * 3600])
@pytest.mark.parametrize("says", ["Thank you! We have got your text and answer soon.", "ok"])
def test_f88_two_inboxes_that_answer_each_other_stop_within_three_exchanges(app, apps, pause, says):
    """Nothing but the rules ends it, fast or slow."""
    other = apps["postgres"]
    with other.app_context():
        conftest.empty()
    with an_inbox(app, OURS, says) as here, an_inbox(other, THEIRS, f"{says} (there)") as there:
        sides = [(app, here, THEIRS), (other, there, OURS)]
        body: str | None = "Hello"
        exchanges = 0
        with time_machine.travel(MONDAY, tick=False) as then:
            while body is not None and exchanges < 40:
                inbox, number, sender = sides[exchanges % 2]
                with inbox.app_context():
                    before = len(automatic())
                    receive(number, f"{exchanges}", sender, body)
                    answers = automatic()[before:]
                    body = answers[0].body if answers else None
                exchanges += 1
                then.shift(pause)
        for inbox, *_ in sides:
            with inbox.app_context():
                assert len(automatic()) <= 3
        assert exchanges < 40


def test_a_loop_that_looks_like_one_leaves_a_line_in_the_thread(number):
    a_rule(number, "Any", reply="Thank you for your text")
    with time_machine.travel(MONDAY, tick=False) as then:
        for n in range(5):
            receive(number, str(n), THEIRS, "This is an automatic answer, please hold the line")
            then.shift(1)
    assert [one.kind for one in build.every(Activity)] == ["paused"]
    assert len(automatic()) <= 3


def test_replayed_webhooks_and_three_workers_give_no_second_automatic_text(app, number):
    """10,000 posts: each text comes 250 times, in any order, through three workers at once."""
    a_rule(number, "Any", reply="Hi", delay=0)
    account_id = number.account_id
    people = [f"+1312555{n:04}" for n in range(20)]
    posts = [(f"{one}-{n}", one) for one in people for n in range(2)] * 250
    random.Random(7).shuffle(posts)

    def work(mine: list[tuple[str, str]]) -> None:
        with app.app_context():
            for at in range(0, len(mine), 25):
                part = mine[at : at + 25]
                texts = [InboundText(key, who, OURS, f"Hi {key}") for key, who in part]
                inbound.receive([Arrival(account_id, b"{}", text) for text in texts])

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, [posts[n::3] for n in range(3)]))
    messages = build.every(Message)
    assert sum(one.is_inbound for one in messages) == 40
    answered = [one.answers_id for one in messages if not one.is_inbound]
    assert len(answered) == len(set(answered)) == 40
    assert len(build.every(Decision)) == 40


@pytest.mark.parametrize("seed", range(2))
def test_a_live_day_s_decisions_are_those_that_the_evaluator_makes_of_it_alone(number, seed):
    """What was stored in many transactions, and what pure facts carried along give, are one."""
    build.changed(number, zone="UTC")  # a day without a midnight, at which budgets begin anew
    a_rule(number, "Tag", match={"terms": ["help me"]}, actions=[{"do": "tag", "tag": "x"}])
    a_rule(number, "Welcome", match={"type": "first_contact"}, reply="Welcome", stop=False)
    a_rule(number, "Hours", match={"type": "word", "terms": ["hours"]}, reply="9", cooldown="1h")
    a_rule(number, "Ghost", Mode.SHADOW, match={"type": "phrase", "terms": ["hi"]}, reply="Hey")
    a_rule(number, "Limited", match={"terms": ["code"]}, reply="42", daily_budget=3)
    a_rule(number, "Rest", reply="Later", cooldown="5m")
    day = list(_a_day(random.Random(seed)))
    with time_machine.travel(MONDAY, tick=False) as then:
        for n, (at, who, body) in enumerate(day):
            then.move_to(at)
            receive(number, f"{n}", who, body)
            _all_left()
        known = facts.stand_in(number.id, clock.now(), True)
    stored = [decisions.whole(one) for one in build.every(Decision)]
    assert stored == list(_replayed(day, known, rules.book(number.id)))
    assert len(stored) == len(day)


@atomic
def _all_left() -> None:
    """What is still here when somebody says STOP was never said."""
    db.session.execute(update(Message).where(Message.state == "queued").values(state="accepted"))


def _a_day(dice: random.Random) -> Iterator[tuple[datetime, str, str]]:
    said = ["hours", "what are your hours?", "hi", "code", "help me", "STOP", "START", "HELP", "x!"]
    at = MONDAY
    for _ in range(40):
        at += timedelta(seconds=dice.choice([1, 3, 20, 400, 1500, 4000]))
        if at.date() != MONDAY.date():
            return
        yield at, f"+1312555000{dice.randrange(3)}", dice.choice(said)


def _replayed(day, known: Facts, book) -> Iterator[Made]:
    contacts: dict[str, Facts] = {}
    spent: dict[int, int] = {}
    for at, who, body in day:
        opened = replace(known.conversation, opened_at=at)
        given = contacts.get(who, replace(known, conversation=opened))
        given = replace(given, at=at, spent=spent)
        made = decide(Text(body), given, book)
        contacts[who] = after(given, made)
        spent = dict(contacts[who].spent)
        yield made


def test_a_hundred_texts_by_rules_cost_a_handful_of_statements(number, statements):
    a_rule(
        number,
        "Any",
        reply="Hi",
        cooldown="1h",
        daily_budget=1000,
        actions=[{"do": "tag", "tag": "x"}, {"do": "note", "text": "Hi"}, {"do": "close"}],
    )
    a_rule(number, "Ghost", Mode.SHADOW, reply="Hey")
    texts = [InboundText(f"{n}", f"+1312555{n:04}", OURS, "hello") for n in range(100)]
    arrivals = [Arrival(number.account_id, b"{}", text) for text in texts]
    rules.book(number.id)
    with statements() as seen:
        inbound.receive(arrivals)
    assert len(seen) <= 40, seen
    assert len(automatic()) == len(build.every(Conversation)) == 100
