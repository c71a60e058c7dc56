"""Callers that come together are written together; a bad one harms nobody else."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text, update

from smsinbox.core.database import atomic, db
from smsinbox.core.group_commit import GroupCommit, _Slot
from smsinbox.models import Contact
from tests import build


def test_everybody_returns_only_when_written():
    written: list[int] = []
    commit = GroupCommit[int](written.extend)

    def call(n: int) -> bool:
        commit(n)
        return n in written

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(call, range(500)))
    assert sorted(written) == list(range(500))


def test_those_who_come_while_one_is_written_share_the_next():
    batches: list[list[int]] = []
    busy, go_on = threading.Event(), threading.Event()

    def write(items: Sequence[int]) -> None:
        batches.append(list(items))
        busy.set()
        go_on.wait(5)

    commit = GroupCommit[int](write, most=4)
    with ThreadPoolExecutor(16) as pool:
        first = pool.submit(commit, 0)
        busy.wait(5)
        others = [pool.submit(commit, n) for n in range(1, 7)]
        while len(commit._waiting) < 6:
            pass
        go_on.set()
        for one in (first, *others):
            one.result(5)
    assert [len(batch) for batch in batches] == [1, 4, 2]


def test_one_bad_item_fails_alone():
    written: list[int] = []
    gate = threading.Event()

    def write(items: Sequence[int]) -> None:
        gate.wait(5)
        if 13 in items:
            raise ValueError("13")
        written.extend(items)

    commit = GroupCommit[int](write)
    with ThreadPoolExecutor(20) as pool:
        calls = {n: pool.submit(commit, n) for n in range(20)}
        gate.set()
        with pytest.raises(ValueError, match="13"):
            calls[13].result(5)
        for n, one in calls.items():
            if n != 13:
                one.result(5)
    assert sorted(written) == [n for n in range(20) if n != 13]


@pytest.mark.parametrize("backend", ["postgres"])
def test_a_batch_that_postgres_ends_because_of_a_deadlock_is_written_one_by_one(app):
    ids = [build.a_contact(notes="").id for _ in range(2)]
    tries: list[list[int]] = []
    locked, wanted = threading.Event(), threading.Event()

    def crossing() -> None:
        """Takes the second row, then the first: the other way round than the batch."""
        with app.app_context(), db.engine.connect() as other:
            other.exec_driver_sql("SET LOCAL deadlock_timeout = '10s'")  # so that we are not it
            _note(other, ids[1], "crossing")
            locked.set()
            wanted.wait(5)
            _note(other, ids[0], "crossing")
            other.commit()

    @atomic
    def write(items: Sequence[int]) -> None:
        tries.append(list(items))
        db.session.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
        for item in items:
            _note(db.session.connection(), item, "batch")
            if len(items) > 1:
                locked.wait(5)
                wanted.set()

    commit = GroupCommit[int](write)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(crossing)
        locked.wait(5)
        slots = [_Slot(one) for one in ids]
        commit._write_all(slots)
        other.result(5)
    assert [slot.error for slot in slots] == [None, None]
    assert tries == [ids, [ids[0]], [ids[1]]]
    # Who was first at the first row after the deadlock is nobody's promise.
    assert build.every(Contact)[1].notes == "batch"


def _note(on: Connection, contact_id: int, words: str) -> None:
    on.execute(update(Contact).where(Contact.id == contact_id).values(notes=words))
