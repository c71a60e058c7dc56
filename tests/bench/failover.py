"""Texts whose first carrier answers 503: none lost, none twice, all by the backup, and how late.

What is not so ends the benchmark with an error. The floor is the same run while that carrier is
well.
"""

import time
from collections import Counter
from typing import Any

import httpx
from sqlalchemy import func, select

from smsinbox import valkey
from smsinbox.core.database import db
from smsinbox.core.doorbell import bell, ring
from smsinbox.dialects.base import Asked, OutboundText
from smsinbox.models.account import Account
from smsinbox.models.attempt import Attempt
from smsinbox.models.message import Author, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.queries import accounts
from smsinbox.services import api_keys, numbers
from smsinbox.services.accounts import resume
from smsinbox.services.delivery import deliver
from smsinbox.services.outbox import Writer
from smsinbox.services.submission import Submission
from smsinbox.services.submissions import submit
from tests.bench.figures import tell
from tests.bench.house import House, until_open
from tests.bench.live import spread

NUMBERS, CONTACTS, BATCH = 8, 400, 500
FAST = 1000.0  # segments a second: the pace of a number must not be what is measured
PATIENCE = 60.0  # seconds without one text leaving
MOST = 3000.0  # milliseconds that the detour may take
_MOVING = (MessageState.QUEUED.value, MessageState.SENDING.value)


class Broken(Exception):
    """A promise that did not hold."""


def measure(house: House, count: int) -> None:
    """A fifth as many texts through a carrier that is well, then all while it turns them away."""
    house.start("valkey", "sandbox")
    log = house.folder / "sandbox.log"
    until_open(house.chosen.sandbox_port, house.running("sandbox"), log)
    with house.inside(), _sandbox(house) as sandbox:
        bell.configure(valkey.url(house.folder))
        first, backup = _accounts("trunx"), _accounts("telnyx")
        ours = _numbers(first, backup)
        key, _ = api_keys.create("bench", "all")
        writer = Writer(Author.PROGRAM, key.name, api_key_id=key.id)
        _turn(sandbox, answer="ok", receipts={"drop": True})
        few = max(count // 5, 50)
        well = _run(house, "well", few, ours, writer)
        _prove(sandbox, "well", few, first)
        _turn(sandbox, dialect="trunx", answer="503", retry_after=1.0)
        moved = _run(house, "moved", count, ours, writer)
        _prove(sandbox, "moved", count, backup)
        resume(first.id, None)
        bell.configure("")
    house.stop("sandbox", "valkey")
    added = {f"added_{name}": moved[name] - well[name] for name in ("p50", "p99", "max")}
    tell("failover", house.database, "ms", {"the first carrier well": well},
         lost=0, twice=0, by_the_backup=count, **moved, **added)  # fmt: skip
    if moved["max"] - well["p50"] >= MOST:
        raise Broken(f"a detour took {moved['max']:.0f} ms")


def _sandbox(house: House) -> httpx.Client:
    url = f"http://127.0.0.1:{house.chosen.sandbox_port}"
    return httpx.Client(base_url=url, trust_env=False, timeout=60)


def _turn(sandbox: httpx.Client, **knobs: Any) -> None:
    sandbox.put("/faults", json=knobs).raise_for_status()


def _accounts(dialect: str) -> Account:
    [found] = [one for one in accounts.all_accounts() if one.dialect == dialect]
    return found


def _numbers(first: Account, backup: Account) -> list[Number]:
    made = [
        numbers.create(first.id, f"+1415555{n:04}", f"Fast {n}", FAST)
        for n in range(300, 300 + NUMBERS)
    ]
    return [numbers.edit(one.id, one.name, FAST, [backup.id], None) for one in made]


def _run(
    house: House, name: str, count: int, ours: list[Number], writer: Writer
) -> dict[str, float]:
    """Queue them all, then let them leave: how long each took from its first try to its last."""
    for start in range(0, count, BATCH):
        texts = [
            Asked(
                OutboundText(ours[n % NUMBERS].phone, f"+1312557{n % CONTACTS:04}", f"{name} {n}")
            )
            for n in range(start, min(start + BATCH, count))
        ]
        batch = [Submission(asked, writer) for asked in texts]
        submit(batch)
        if any(one.problem for one in batch):
            raise Broken(f"not queued: {next(one.problem for one in batch if one.problem)}")
    house.start("worker", "sweeper")
    ring(deliver, 0)
    _wait()
    house.stop("worker", "sweeper")
    mine = select(Message.id).where(Message.body.startswith(f"{name} "))
    tries = (
        select(func.min(Attempt.started_at), func.max(Attempt.ended_at))
        .where(Attempt.message_id.in_(mine))
        .group_by(Attempt.message_id)
    )
    rows = [
        (begun.timestamp(), ended.timestamp())
        for begun, ended in db.session.execute(tries)
        if ended is not None
    ]
    took = [(ended - begun) * 1000 for begun, ended in rows]
    whole = max(ended for _, ended in rows) - min(begun for begun, _ in rows)
    return {**spread(took), "max": max(took), "per_second": count / whole, "texts": count}


def _text(ours: Number, contact: int, body: str) -> Asked:
    return Asked(OutboundText(ours.phone, f"+1312557{contact:04}", body))


def _wait() -> None:
    left, ends = -1, time.monotonic() + PATIENCE
    while left:
        now = db.session.scalar(
            select(func.count()).select_from(Message).where(Message.state.in_(_MOVING))
        )
        db.session.rollback()
        if now != left:
            left, ends = now or 0, time.monotonic() + PATIENCE
        if time.monotonic() > ends:
            raise Broken(f"{left} texts do not leave")
        time.sleep(0.25)


def _prove(sandbox: httpx.Client, name: str, count: int, by: Account) -> None:
    """What the carriers took, held against what we say that they took."""
    log = sandbox.get("/log").raise_for_status().json()
    times = Counter(entry["body"] for entry in log if entry["body"].startswith(f"{name} "))
    lost = [n for n in range(count) if f"{name} {n}" not in times]
    twice = [body for body, taken in times.items() if taken > 1]
    mine = Message.body.startswith(f"{name} "), Message.state == MessageState.ACCEPTED.value
    through = select(func.count()).select_from(Message).where(*mine, Message.account_id == by.id)
    said = db.session.scalar(through)
    db.session.rollback()
    if lost or twice or len(times) != count or said != count:
        raise Broken(f"{len(lost)} lost, {len(twice)} twice, {said} of {count} by {by.dialect}")
