"""Deeds on many: each in a transaction of its own, and taken back to exactly what was."""

from datetime import UTC, datetime, timedelta

import pytest

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.errors import Conflict, Invalid
from smsinbox.models import Conversation, Message
from smsinbox.queries import conversations
from smsinbox.queries.views import View
from smsinbox.services import bulk
from smsinbox.services.bulk import Standing
from tests import build


def again(there: Conversation) -> Conversation:
    return db.session.get_one(Conversation, there.id, populate_existing=True)


@pytest.mark.parametrize(
    ("verb", "value"),
    [("close", ""), ("snooze", "hour"), ("assign", "me"), ("settle", "")],
)
def test_what_is_taken_back_stands_as_before(number, ben, verb, value):
    since = clock.now() - timedelta(hours=2)
    there = build.a_conversation(number, waiting_since=since, unanswered=3, wants_out=True)
    was = Standing.of(again(there))
    before = bulk.do(verb, value, there.id, ben)
    assert before == was
    assert Standing.of(again(there)) != was
    bulk.take_back(there.id, before, ben)
    assert Standing.of(again(there)) == was


def test_nothing_is_taken_back_over_a_text_that_came_meanwhile(number, ben):
    there = build.a_conversation(number)
    before = bulk.do("close", "", there.id, ben)
    build.changed(there, last_message_at=clock.now() + timedelta(seconds=1))
    with pytest.raises(Conflict):
        bulk.take_back(there.id, before, ben)


@pytest.mark.parametrize(
    ("verb", "value"),
    [("nonsense", ""), ("assign", "x"), ("assign", "999"), ("snooze", "never"), ("tag", "")],
)
def test_what_cannot_be_done_is_refused_in_words(number, ben, verb, value):
    with pytest.raises(Invalid):
        bulk.do(verb, value, build.a_conversation(number).id, ben)


def test_mornings_are_those_of_the_numbers_zone():
    sunday = datetime(2026, 11, 22, 3, tzinfo=UTC)  # Saturday evening in New York
    with clock.at(sunday):
        assert bulk.preset("tomorrow", "America/New_York") == datetime(2026, 11, 22, 14, tzinfo=UTC)
        assert bulk.preset("monday", "America/New_York") == datetime(2026, 11, 23, 14, tzinfo=UTC)
        assert bulk.preset("hour", "America/New_York") == sunday + timedelta(hours=1)


def test_failed_texts_are_sent_again_or_dismissed_and_leave_the_view(number, ben):
    again_, seen, maybe = (build.a_conversation(number) for _ in range(3))
    failed = build.a_message(again_, state="failed")
    build.a_message(seen, state="failed")
    build.a_message(seen, state="uncertain")
    build.a_message(maybe, state="uncertain")
    bulk.do("retry", "", again_.id, ben)
    bulk.do("dismiss", "", seen.id, ben)
    with pytest.raises(Conflict):
        bulk.do("retry", "", maybe.id, ben)
    assert db.session.get_one(Message, failed.id, populate_existing=True).state == "queued"
    listed = conversations.listed(ben, View("failed")).items
    assert [row.id for row in listed] == [maybe.id]
    assert listed[0].failed is not None
    assert listed[0].failed.state == "uncertain"
