"""The log of events: nothing is skipped, not even what commits late."""

import threading
from datetime import timedelta

import pytest

from smsinbox.core import clock, events
from smsinbox.core.database import atomic, db
from smsinbox.core.events import Cursor
from smsinbox.models.events import MessageReceived


@atomic
def happened(n: int) -> None:
    events.emit(MessageReceived(message_id=n))


def seen_since(cursor: Cursor) -> list[int | None]:
    db.session.rollback()
    return [entry.message_id for entry in events.since(cursor)]


def test_a_reader_goes_on_where_its_cursor_is(app):
    happened(1)
    db.session.rollback()
    cursor = events.newest()
    happened(2)
    happened(3)
    assert seen_since(cursor) == [2, 3]
    assert seen_since(Cursor(0, 0)) == [1, 2, 3]


def test_a_rolled_back_change_was_never_told(app):
    @atomic
    def fail() -> None:
        events.emit(MessageReceived(message_id=1))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        fail()
    assert seen_since(Cursor(0, 0)) == []


@pytest.mark.parametrize("backend", ["postgres"])  # SQLite has one writer: nothing comes late
def test_f44_what_commits_late_is_not_skipped(app):
    begun, finish = threading.Event(), threading.Event()

    @atomic
    def slow() -> None:
        events.emit(MessageReceived(message_id=1))
        db.session.flush()
        begun.set()
        finish.wait(10)

    def run() -> None:
        with app.app_context():
            slow()

    writer = threading.Thread(target=run)
    writer.start()
    begun.wait(10)
    happened(2)
    assert seen_since(Cursor(0, 0)) == []  # 1 is on its way: 2 must wait for it
    finish.set()
    writer.join()
    assert seen_since(Cursor(0, 0)) == [1, 2]


def test_a_pruned_log_knows_how_far_it_reaches_back(app):
    for n in range(3):
        happened(n)
    db.session.rollback()
    oldest = events.since(Cursor(0, 0))[0].cursor
    assert events.reaches_back_to(oldest)

    @atomic
    def prune() -> int:
        return events.prune(clock.now() + timedelta(seconds=1))

    assert prune() == 3
    happened(4)
    assert not events.reaches_back_to(oldest)


@pytest.mark.parametrize(
    ("xid", "newest", "full"),
    [
        (7, 9, 7),
        (11, 9, 11),  # began while we looked: it must not seem to be of another epoch
        (0xFFFF_FFF0, 0x1_0000_0005, 0xFFFF_FFF0),
        (0x10, 0x1_0000_0020, 0x1_0000_0010),
    ],
)
def test_a_transaction_is_found_in_its_epoch(xid, newest, full):
    assert events._full(xid, newest) == full
