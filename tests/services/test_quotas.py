"""A key with a limit sends so many texts in an hour and a day, and not one more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from smsinbox.core.database import apart
from smsinbox.dialects.base import Asked, OutboundText
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.models import Author, KeyUse, Message
from smsinbox.services import api_keys, quotas
from smsinbox.services.outbox import Writer
from smsinbox.services.quotas import Quota
from smsinbox.services.submission import Submission
from smsinbox.services.submissions import submit
from tests import build

NOON = datetime(2026, 3, 9, 12, 15, tzinfo=UTC)


@pytest.fixture
def key(app) -> int:
    return api_keys.create("Shop", "all")[0].id


def a_submission(quota: Quota, to: str = build.THEIRS, body: str = "Hello") -> Submission:
    writer = Writer(Author.PROGRAM, "Shop", api_key_id=quota.api_key_id)
    return Submission(Asked(OutboundText(build.OURS, to, body)), writer, quota=quota)


def handed_in(quota: Quota, count: int) -> list[bool]:
    """Which of so many texts, each in a batch of its own, were taken."""
    batch = [a_submission(quota) for _ in range(count)]
    for one in batch:
        submit([one])
    return [one.problem is None for one in batch]


@time_machine.travel(NOON, tick=False)
def test_the_hour_is_full_until_the_next_begins(number, key):
    quota = Quota(key, 2, None)
    assert handed_in(quota, 3) == [True, True, False]
    with time_machine.travel(NOON + timedelta(minutes=45), tick=False):
        assert handed_in(quota, 1) == [True]


@time_machine.travel(NOON, tick=False)
def test_the_day_is_full_until_the_next_begins(number, key):
    quota = Quota(key, None, 2)
    assert handed_in(quota, 3) == [True, True, False]
    with time_machine.travel(NOON + timedelta(hours=11), tick=False):
        assert handed_in(quota, 1) == [False]
    with time_machine.travel(NOON + timedelta(hours=12), tick=False):
        assert handed_in(quota, 1) == [True]


@time_machine.travel(NOON, tick=False)
def test_the_refusal_says_when_to_go_on(number, key):
    refused = a_submission(Quota(key, 0, None))
    submit([refused])
    assert isinstance(refused.problem, Refusal)
    assert (refused.problem.reason, refused.problem.retry_after) == (Reason.QUOTA, 45 * 60 + 1)


def test_within_one_batch_too(number, key):
    batch = [a_submission(Quota(key, 3, None)) for _ in range(5)]
    submit(batch)
    assert [one.problem is None for one in batch] == [True] * 3 + [False] * 2


def test_what_is_refused_for_another_reason_costs_nothing(number, key):
    build.an_opt_out(build.a_conversation(number, build.a_contact("+13125550100")))
    batch = [
        a_submission(Quota(key, 1, 1), to="+13125550100"),
        a_submission(Quota(key, 1, 1), body=" "),
    ]
    for one in batch:
        submit([one])
    assert handed_in(Quota(key, 1, 1), 1) == [True]


def test_two_at_once_cannot_both_spend_the_last_text(number, key):
    batch = [a_submission(Quota(key, 5, None)) for _ in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(apart(submit), [[one] for one in batch]))
    assert sum(one.problem is None for one in batch) == 5
    assert len(build.every(Message)) == 5


def test_a_key_without_a_limit_is_not_counted(number, key):
    submission = Submission(
        Asked(OutboundText(build.OURS, build.THEIRS, "Hello")), Writer(Author.PROGRAM, "Shop")
    )
    submit([submission])
    assert build.every(KeyUse) == []


def test_counts_of_days_that_are_over_are_cleared(number, key):
    with time_machine.travel(NOON, tick=False):
        handed_in(Quota(key, 2, None), 1)
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        assert quotas.forget() == 1
