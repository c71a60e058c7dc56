"""How many replies a second leave through RQ and are taken by the sandbox."""

import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from smsinbox import valkey
from smsinbox.core.database import db
from smsinbox.core.doorbell import bell, ring
from smsinbox.core.phones import address
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import OutboundText
from smsinbox.dialects.http import carrier_client
from smsinbox.models.attempt import Attempt
from smsinbox.models.message import Message, MessageState
from smsinbox.models.number import Number
from smsinbox.queries import accounts
from smsinbox.services import conversations, numbers, outbound
from smsinbox.services.accounts import credentials
from smsinbox.services.api_keys import create
from smsinbox.services.delivery import SENDERS, deliver
from tests.bench.figures import tell
from tests.bench.house import House, until_open

NUMBERS, CONVERSATIONS = 8, 40
FAST = 1000.0  # segments a second: the pace of a number must not be what is measured
PATIENCE = 60.0


def measure(house: House, count: int) -> None:
    """Queue so many texts, ring once, and look how long the worker took."""
    house.start("valkey", "sandbox")
    with house.inside():
        _queue(count)
        until_open(
            house.chosen.sandbox_port, house.running("sandbox"), house.folder / "sandbox.log"
        )
        alone = _hand_over(count // 3)
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
    assert begun is not None
    assert ended is not None
    assert begun is not None
    assert ended is not None
    seconds = (ended - begun).total_seconds()
    floor = {"the sandbox alone": {"per_second": alone}}
    tell("replies", house.database, "texts/s", floor, texts=count, per_second=count / seconds)


def _hand_over(count: int) -> float:
    """The same HTTP to the same sandbox, as many at once as a worker has, and nothing kept of it:
    how many texts a second."""
    client, http = DIALECTS["trunx"].client, carrier_client()
    ours = credentials(accounts.all_accounts()[0])

    def send(n: int) -> None:
        client.send(OutboundText("+14155550199", f"+1312556{n:04}", "alone"), ours, http)

    begun = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(send, range(count)))
    return count / (time.perf_counter() - begun)


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
