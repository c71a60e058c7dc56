"""Replies that leave while the processes die that keep them, claim them and send them."""

import secrets

import httpx
import psutil
import pytest
from rq import Queue

from smsinbox.core import doorbell
from smsinbox.models import Delivery, MessageState
from smsinbox.services.delivery import deliver
from tests.chaos.conftest import only_sqlite
from tests.chaos.processes import PATIENCE, SLOW, is_stopped, until
from tests.chaos.stack import Stack

pytestmark = pytest.mark.chaos

QUEUED, SENDING = MessageState.QUEUED, MessageState.SENDING
ACCEPTED, UNCERTAIN = MessageState.ACCEPTED, MessageState.UNCERTAIN


@pytest.fixture
def conversation(stack: Stack) -> int:
    found = stack.a_conversation()
    until(stack.is_quiet)
    return found


def test_f03_a_reply_whose_page_is_killed_after_the_commit_is_written_and_sent_once(
    stack: Stack, conversation: int
):
    token = secrets.token_hex(16)
    stack.arm("reply.after_commit")
    with pytest.raises(httpx.TransportError):
        stack.reply(conversation, "f03: once", token)
    assert stack.has_fired("reply.after_commit")

    again = stack.reply(conversation, "f03: once", token)
    assert again.status_code == 200
    assert f'id="message-{stack.message("f03: once").id}"' in again.text
    until_delivered(stack, "f03: once")
    assert len(stack.sent("f03: once")) == 1


@only_sqlite
def test_f04_a_reply_whose_page_is_killed_before_it_rings_is_rung_for_by_the_sweeper(
    stack: Stack, conversation: int
):
    stack.processes.kill("worker")  # so that one can see the bell ring
    stack.arm("reply.before_poke")
    with pytest.raises(httpx.TransportError):
        stack.reply(conversation, "f04: no bell")
    assert stack.has_fired("reply.before_poke")
    until(lambda: stack.jobs(), seconds=3 * SLOW)

    stack.start("worker")
    until_delivered(stack, "f04: no bell")
    assert len(stack.sent("f04: no bell")) == 1


def test_f05_a_text_whose_worker_is_killed_before_the_claim_commits_stays_queued_and_is_sent_once(
    stack: Stack, conversation: int
):
    stack.arm("send.before_claim")
    stack.reply(conversation, "f05: still queued")
    until(lambda: stack.has_fired("send.before_claim"))
    until_delivered(stack, "f05: still queued")
    assert stack.message("f05: still queued").attempts == 1
    assert len(stack.sent("f05: still queued")) == 1


def test_f06_a_text_whose_worker_is_killed_before_it_speaks_is_uncertain_and_never_sent_again(
    stack: Stack, conversation: int
):
    stack.arm("send.after_claim")
    stack.reply(conversation, "f06: nobody knows")
    until(lambda: stack.has_fired("send.after_claim"))
    assert stack.is_("f06: nobody knows", SENDING)

    stack.let_lease_end("f06: nobody knows")
    until(lambda: stack.is_("f06: nobody knows", UNCERTAIN))
    assert "Send again" in stack.web.get(f"/conversations/{conversation}").text
    # A text that comes later shows that workers and sweeper had their chance, and its receipts,
    # which nobody can place when they come, are not taken for those of the text in doubt.
    stack.misbehave(receipts={"before_answer": True})
    stack.reply(conversation, "f06: the next one")
    until_delivered(stack, "f06: the next one")
    assert stack.sent("f06: nobody knows") == []
    assert stack.is_("f06: nobody knows", UNCERTAIN)


@only_sqlite
def test_f07_a_text_whose_worker_is_killed_in_the_request_is_accepted_by_a_late_receipt(
    stack: Stack, conversation: int
):
    stack.misbehave(answer="timeout", answer_times=1, receipts={"delay": 2.5})
    stack.reply(conversation, "f07: in the middle")
    until(lambda: stack.sent("f07: in the middle"))
    stack.processes.horse().kill()
    stack.let_lease_end("f07: in the middle")
    until(lambda: stack.is_("f07: in the middle", UNCERTAIN))

    until_delivered(stack, "f07: in the middle")
    assert len(stack.sent("f07: in the middle")) == 1


def test_f08_a_text_whose_worker_is_killed_after_the_answer_is_accepted_by_its_receipts(
    stack: Stack, conversation: int
):
    stack.arm("send.after_response")
    stack.reply(conversation, "f08: they have it")
    until(lambda: stack.has_fired("send.after_response"))
    assert stack.is_("f08: they have it", SENDING)

    stack.let_lease_end("f08: they have it")
    until_delivered(stack, "f08: they have it")
    assert len(stack.sent("f08: they have it")) == 1


def test_f09_a_child_whose_rq_parent_is_killed_finishes_once_and_a_second_job_finds_nothing(
    stack: Stack, conversation: int
):
    stack.misbehave(delay=1.5)
    stack.reply(conversation, "f09: an orphan")
    until(lambda: stack.sent("f09: an orphan"))
    orphan = stack.processes.horse()
    stack.processes.kill_alone("worker")
    assert orphan.is_running()
    stack.start("worker")
    ring_again(stack, stack.message("f09: an orphan").id)

    until_delivered(stack, "f09: an orphan")
    until(lambda: not stack.jobs())
    assert [attempt.outcome for attempt in stack.attempts("f09: an orphan")] == ["accepted"]
    assert len(stack.sent("f09: an orphan")) == 1


@only_sqlite
def test_f11_a_job_that_dies_with_its_worker_before_it_is_registered_is_sent_by_the_sweeper(
    stack: Stack, conversation: int
):
    stack.arm("worker.after_pop")
    stack.reply(conversation, "f11: lost in between")
    until(lambda: stack.has_fired("worker.after_pop"))
    until(lambda: not stack.processes.is_alive("worker"))
    assert stack.is_("f11: lost in between", QUEUED)

    until_delivered(stack, "f11: lost in between")
    assert not stack.processes.is_alive("worker")
    assert len(stack.sent("f11: lost in between")) == 1


def test_f18_a_process_that_wakes_after_its_lease_sends_nothing(stack: Stack, conversation: int):
    sleeper = overslept(stack, conversation, "f18: overslept")
    wake(stack, sleeper)
    assert stack.is_("f18: overslept", UNCERTAIN)
    assert [attempt.outcome for attempt in stack.attempts("f18: overslept")] == ["not sent"]
    assert stack.sent("f18: overslept") == []


def test_f18_a_process_that_wakes_while_a_person_sends_again_does_not_speak_for_that_try(
    stack: Stack, conversation: int
):
    sleeper = overslept(stack, conversation, "f18: again")
    stack.misbehave(delay=1.5)
    assert stack.resend("f18: again").status_code == 200
    until(lambda: stack.sent("f18: again"))
    second = stack.processes.horse()
    second.suspend()
    wake(stack, sleeper)
    assert stack.is_("f18: again", SENDING)

    second.resume()
    until_delivered(stack, "f18: again")
    assert [one.outcome for one in stack.attempts("f18: again")] == ["not sent", "accepted"]
    assert len(stack.sent("f18: again")) == 1


@only_sqlite
def test_f18_a_process_that_is_frozen_while_the_carrier_answers_tells_the_truth_when_it_wakes(
    stack: Stack, conversation: int
):
    stack.misbehave(delay=1.5, receipts={"drop": True})
    stack.reply(conversation, "f18: frozen")
    until(lambda: stack.sent("f18: frozen"))
    horse = stack.processes.horse()
    horse.suspend()
    stack.let_lease_end("f18: frozen")
    until(lambda: stack.is_("f18: frozen", UNCERTAIN))

    horse.resume()
    until(lambda: stack.is_("f18: frozen", ACCEPTED))
    assert len(stack.sent("f18: frozen")) == 1


def overslept(stack: Stack, conversation: int, body: str) -> psutil.Process:
    """A process that has claimed this text and sleeps, while everybody else has given it up."""
    stack.processes.kill("worker")
    stack.processes.kill("sweeper")
    stack.reply(conversation, body)
    sleeper = stack.run("tests.chaos.sleeper")
    until(lambda: is_stopped(sleeper))
    assert stack.is_(body, SENDING)
    stack.start("worker", "sweeper")
    stack.let_lease_end(body)
    until(lambda: stack.is_(body, UNCERTAIN))
    return sleeper


def wake(stack: Stack, sleeper: psutil.Process) -> None:
    """Let it go on, and come to its end."""
    sleeper.resume()
    until(lambda: not stack.processes.is_alive("tests.chaos.sleeper"))


def until_delivered(stack: Stack, body: str, seconds: float = PATIENCE) -> None:
    """The carrier has it, the phone has it, and we know both."""
    until(lambda: stack.message(body).delivery == Delivery.DELIVERED, seconds)
    assert stack.is_(body, ACCEPTED)


def ring_again(stack: Stack, message_id: int, times: int = 1) -> None:
    """More jobs for the same text, as RQ may make of an abandoned one."""
    bell = doorbell.Doorbell()
    bell.configure(stack.redis_url)
    name = f"{deliver.__module__}.{deliver.__name__}"
    job = Queue.prepare_data(name, args=(message_id,), result_ttl=0, ttl=120)
    bell.queue().enqueue_many([job] * times)
    bell.redis().close()
