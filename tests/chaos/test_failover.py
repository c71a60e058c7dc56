"""The first account turns every text away: all go by the backup, each once, and soon."""

import pytest
from sqlalchemy import select

from smsinbox.models import Account, Attempt, Message, MessageState, Number
from smsinbox.sandbox_accounts import NUMBERS
from tests.chaos.processes import until
from tests.chaos.stack import Stack

pytestmark = pytest.mark.chaos

COUNT = 30


def test_texts_that_the_first_account_turns_away_all_go_by_the_backup_once(stack: Stack):
    [backup] = stack.rows(select(Account).where(Account.dialect == "telnyx"))
    [number] = stack.rows(select(Number).where(Number.phone == NUMBERS["trunx"][0]))
    stack.back_up(number, backup)
    conversations = [stack.a_conversation() for _ in range(4)]
    until(stack.is_quiet)
    stack.misbehave(dialect="trunx", answer="503", retry_after=1)
    bodies = [f"failover {n}" for n in range(COUNT)]
    for n, body in enumerate(bodies):
        stack.reply(conversations[n % len(conversations)], body)
    try:
        until(lambda: accepted(stack) == COUNT, seconds=90)
    finally:
        stack.misbehave(dialect="", answer="ok", retry_after=None)
        stack.back_up(number)
        stack.close_breaker(number.account_id)

    assert [len(stack.sent(body)) for body in bodies] == [1] * COUNT
    texts = stack.rows(select(Message).where(Message.body.startswith("failover ")))
    assert {text.account_id for text in texts} == {backup.id}
    delays = [took(stack, text) for text in texts]
    assert sorted(delays)[int(COUNT * 0.95)] < 3, delays


def accepted(stack: Stack) -> int:
    done = Message.state == MessageState.ACCEPTED.value
    return len(stack.rows(select(Message).where(Message.body.startswith("failover "), done)))


def took(stack: Stack, text: Message) -> float:
    """Seconds from its first try to the end of the one that went through."""
    tries = stack.rows(select(Attempt).where(Attempt.message_id == text.id).order_by(Attempt.id))
    assert tries[-1].ended_at is not None
    return (tries[-1].ended_at - tries[0].started_at).total_seconds()
