"""What programs are told while the process dies that tells them."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from smsinbox.core import clock
from smsinbox.models import ApiKey, Callback, CallbackPost, PostState
from tests.chaos.conftest import only_sqlite
from tests.chaos.processes import until
from tests.chaos.stack import Stack, a_phone
from tests.chaos.told import text_from
from tests.receiver import Receiver, receiver

pytestmark = pytest.mark.chaos


@pytest.fixture
def program(stack: Stack) -> Iterator[Receiver]:
    """A program that wants to hear of every text that comes in, as Telnyx would tell it."""
    with receiver() as ear:
        stack.fill_in("/keys", name="A shop", scope="all")
        [key, *_] = stack.rows(select(ApiKey).order_by(ApiKey.id.desc()))
        form = {"dialect": "telnyx", "url": ear.url(), "failover_url": "", "events": "*"}
        page = stack.fill_in("/callbacks", api_key_id=key.id, **form)
        assert re.search(r'id="new-secret"', page)
        [callback, *_] = stack.rows(select(Callback).where(Callback.api_key_id == key.id))
        yield ear
        stack.fill_in(f"/callbacks/{callback.id}/delete")


@only_sqlite
def test_a_post_whose_sweeper_is_killed_while_it_calls_is_made_again_as_the_same_event(
    stack: Stack, program: Receiver
):
    program.delay = 0.5
    assert stack.post(text_from(a_phone(), "callbacks: once")) == 200
    until(lambda: program.rung == 1)
    stack.processes.kill("sweeper")
    program.delay = 0.0

    let_hold_end(stack)
    stack.start("sweeper")
    program.wait(2, seconds=30)
    until(lambda: all(one.state == PostState.DONE for one in posts(stack)))
    told = [json.loads(signed.body)["data"] for _, signed in program.heard]
    assert {one["payload"]["text"] for one in told} == {"callbacks: once"}
    assert len({one["id"] for one in told}) == 1
    assert [one.attempts for one in posts(stack)] == [2]


def posts(stack: Stack) -> list[CallbackPost]:
    return stack.rows(select(CallbackPost).order_by(CallbackPost.id))


def let_hold_end(stack: Stack) -> None:
    """What a minute would do: whoever took it up has not come back."""
    over = clock.now() - timedelta(seconds=1)
    stack.write(update(CallbackPost).values(due_at=over))
