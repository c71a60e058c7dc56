"""Redis is a doorbell: it may be away, hang, forget everything or ring a thousand times."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from redis import Redis

from smsinbox.core.doorbell import CHANNEL
from smsinbox.models import MessageState
from tests.chaos.conftest import only_sqlite
from tests.chaos.door import sign_in
from tests.chaos.invariants import check
from tests.chaos.processes import PATIENCE, SLOW, until
from tests.chaos.screen import Screen
from tests.chaos.stack import EMAIL, Stack, a_phone
from tests.chaos.test_sending import ring_again, until_delivered

pytestmark = pytest.mark.chaos


@pytest.fixture
def without_redis(tmp_path: Path) -> Iterator[Stack]:
    """An inbox whose REDIS_URL leads nowhere."""
    stack = Stack(tmp_path)
    try:
        stack.start("sandbox", "web")
        stack.start("worker", "sweeper")
        yield stack
        until(stack.is_quiet)
        check(stack)
    finally:
        stack.end()


def test_f21_without_redis_texts_arrive_replies_leave_screens_live_and_guessing_is_slowed(
    without_redis: Stack,
):
    stack = without_redis
    stack.type_text(a_phone(), "f21: a text")
    until(lambda: stack.count("f21: a text"))
    message = stack.message("f21: a text")
    with Screen(stack, message.conversation_id) as screen:
        assert stack.reply(message.conversation_id, "f21: a reply").status_code == 200
        screen.waits_for(stack.message("f21: a reply").id, "Delivered")
    until_delivered(stack, "f21: a reply")

    with httpx.Client(base_url=stack.url, trust_env=False, timeout=20) as thief:
        guesses = [sign_in(thief, EMAIL, f"guess {n}").status_code for n in range(11)]
    assert guesses[-1] == 429
    assert stack.processes.is_alive("worker")


@only_sqlite
def test_f24_a_redis_that_hangs_delays_a_reply_by_less_than_a_second(stack: Stack):
    conversation = stack.a_conversation()
    usual = seconds_of(lambda: stack.reply(conversation, "f24: as usual"))
    until_delivered(stack, "f24: as usual")
    stack.processes.freeze("valkey")

    assert seconds_of(lambda: stack.reply(conversation, "f24: while it hangs")) < usual + SLOW
    until_delivered(stack, "f24: while it hangs")


def test_f25_screens_converge_while_redis_is_away_and_after_it_came_back(stack: Stack):
    stack.misbehave(receipts={"drop": True})  # so that all news come from another process
    conversation = stack.a_conversation()
    with Screen(stack, conversation) as screen:
        stack.processes.kill("valkey")
        stack.reply(conversation, "f25: away")
        until(lambda: stack.is_("f25: away", MessageState.ACCEPTED))
        assert screen.waits_for(stack.message("f25: away").id, "Accepted") < 3 * SLOW

        stack.start("valkey")
        until(lambda: subscribers(stack) > 0)
        stack.reply(conversation, "f25: back")
        until(lambda: stack.is_("f25: back", MessageState.ACCEPTED))
        assert screen.waits_for(stack.message("f25: back").id, "Accepted") < 3 * SLOW


def test_f28_everything_leaves_once_while_redis_forgets_everything_all_the_time(stack: Stack):
    conversations = [stack.a_conversation() for _ in range(4)]
    bodies = [f"f28: reply {n}" for n in range(20)]
    over = threading.Event()
    forgetting = threading.Thread(target=forget, args=(stack, over))
    forgetting.start()
    for n, body in enumerate(bodies):
        stack.reply(conversations[n % 4], body)
    over.set()
    forgetting.join()
    for body in bodies:
        until_delivered(stack, body)
    stack.processes.kill("worker")  # RQ may stop by itself, a little later, over what it lost
    assert sorted(entry["body"] for entry in stack.sent() if "f28" in entry["body"]) == sorted(
        bodies
    )


def test_f29_a_thousand_jobs_for_one_text_and_two_workers_send_every_text_once(stack: Stack):
    conversations = [stack.a_conversation() for _ in range(20)]
    stack.start("worker.second")
    until(lambda: listening(stack) == 2)
    for worker in ("worker", "worker.second"):
        stack.processes.freeze(worker)
    for n, conversation in enumerate(conversations):
        stack.reply(conversation, f"f29: once {n}")
    ring_again(stack, stack.message("f29: once 0").id, 1000)
    rung = stack.jobs()
    assert rung >= 990  # two may lie between the lists, in the hands of frozen workers
    for worker in ("worker", "worker.second"):
        stack.processes.thaw(worker)
    for n in range(20):
        until_delivered(stack, f"f29: once {n}", 4 * PATIENCE)  # a thousand jobs come first
        assert len(stack.attempts(f"f29: once {n}")) == 1
        assert len(stack.sent(f"f29: once {n}")) == 1
    until(lambda: stack.jobs() < rung - 20)


def seconds_of(work) -> float:
    began = time.monotonic()
    assert work().status_code == 200
    return time.monotonic() - began


def subscribers(stack: Stack) -> int:
    with Redis.from_url(stack.redis_url) as redis:
        return int(redis.pubsub_numsub(CHANNEL)[0][1])


def listening(stack: Stack) -> int:
    """How many workers wait for the bell."""
    with Redis.from_url(stack.redis_url) as redis:
        return int(redis.info("clients")["blocked_clients"])


def forget(stack: Stack, over: threading.Event) -> None:
    with Redis.from_url(stack.redis_url) as redis:
        while not over.wait(0.02):
            redis.flushall()
