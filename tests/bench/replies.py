"""How many replies a second leave through RQ and are taken by the sandbox."""

import time

from sqlalchemy import func, select

from smsinbox import valkey
from smsinbox.core.database import db
from smsinbox.core.doorbell import bell, ring
from smsinbox.core.phones import address
from smsinbox.models.attempt import Attempt
from smsinbox.models.message import Message, MessageState
from smsinbox.models.number import Number
from smsinbox.queries import accounts
from smsinbox.services import conversations, numbers, outbound
from smsinbox.services.api_keys import create
from smsinbox.services.delivery import deliver
from tests.bench.figures import tell
from tests.bench.house import House

NUMBERS, CONVERSATIONS = 8, 40
FAST = 1000.0  # segments a second: the pace of a number must not be what is measured
PATIENCE = 60.0


def measure(house: House, count: int) -> None:
    """Queue so many texts, ring once, and look how long the worker took."""
    house.start("valkey", "sandbox")
    with house.inside():
        _queue(count)
    house.start("web", "worker")
    with house.inside():
        bell.configure(valkey.url(house.folder))
        ring(deliver, 0)
        _wait(count)
        begun, ended = db.session.execute(
            select(func.min(Attempt.started_at), func.max(Attempt.ended_at))
        ).one()
        bell.configure("")
    house.stop("web", "worker", "sandbox", "valkey")
    seconds = (ended - begun).total_seconds()
    tell("replies", house.database, "texts/s", {}, texts=count, per_second=count / seconds)


def _queue(count: int) -> None:
    account = accounts.all_accounts()[0]
    ours: list[Number] = [
        numbers.create(account.id, f"+1415555{n:04}", f"Fast {n}", FAST)
        for n in range(200, 200 + NUMBERS)
    ]
    program, _ = create("bench", "all")
    theirs = [
        conversations.between(ours[n % NUMBERS], address(f"+1312555{n:04}")).id
        for n in range(CONVERSATIONS)
    ]
    for n in range(count):
        outbound.reply(theirs[n % CONVERSATIONS], f"reply {n}", None, program)


def _wait(count: int) -> None:
    ends = time.monotonic() + PATIENCE
    done = select(func.count()).where(
        Message.state.in_([MessageState.ACCEPTED.value, MessageState.FAILED.value])
    )
    while db.session.scalar(done) != count:
        db.session.rollback()
        if time.monotonic() > ends:
            raise TimeoutError("the worker did not send them all")
        time.sleep(0.05)
