"""One transaction a verb: all of it or nothing, and what waits for the commit gets it."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from smsinbox.application import create_app
from smsinbox.core import database
from smsinbox.core.config import Settings
from smsinbox.core.database import after_commit, atomic, attempt, db
from smsinbox.models import Contact
from tests import build


def test_what_fails_leaves_nothing_and_tells_nobody(app):
    told = []

    @atomic
    def fail() -> None:
        build.a_contact("+13125550111")
        after_commit(lambda: told.append(1))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        fail()
    assert build.every(Contact) == []
    assert told == []


def test_nested_verbs_join_and_the_outermost_commits(app):
    told = []

    @atomic
    def outer() -> None:
        build.a_contact("+13125550111")
        after_commit(lambda: told.append(len(committed(app))))

    outer()
    assert told == [1]


def test_a_savepoint_undoes_only_what_is_inside_it(app):
    @atomic
    def verb() -> None:
        build.a_contact("+13125550111")
        with pytest.raises(ValueError), attempt():  # noqa: PT011, PT012
            build.a_contact("+13125550122")
            raise ValueError

    verb()
    assert [contact.phone for contact in build.every(Contact)] == ["+13125550111"]


def test_hundreds_of_read_modify_writes_lose_none(app):
    contact = build.a_contact(notes="0")

    @atomic
    def count() -> None:
        row = db.session.get_one(Contact, contact.id, with_for_update=True, populate_existing=True)
        row.notes = str(int(row.notes) + 1)

    def work(_: int) -> None:
        with app.app_context():
            count()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(200)))
    assert build.again(contact).notes == "200"


def test_a_reader_that_becomes_a_writer_reads_again(app):
    contact = build.a_contact(notes="old")
    assert db.session.scalar(select(Contact.notes)) == "old"
    changed = threading.Thread(target=change, args=(app, contact.id, "new"))
    changed.start()
    changed.join()

    @atomic
    def append() -> None:
        contact.notes += "er"

    append()
    assert build.again(contact).notes == "newer"


def test_sqlite_keeps_what_it_confirmed_even_without_power(tmp_path):
    with create_app(Settings(instance_path=tmp_path)).app_context():
        assert db.session.scalar(text("PRAGMA synchronous")) == 2
        assert db.session.scalar(text("PRAGMA journal_mode")) == "wal"
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_writer_looks_every_millisecond_so_that_no_busy_process_starves_it(app, monkeypatch):
    holder, naps = (
        sqlite3.connect(db.engine.url.database or "", isolation_level=None),
        list[float](),
    )

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 300:  # by then SQLite's own way of waiting would look ten times a second
            holder.execute("COMMIT")

    monkeypatch.setattr(database, "_sleep", nap)
    holder.execute("BEGIN IMMEDIATE")
    build.a_contact()
    holder.close()
    assert naps == [0.001] * 300


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_lock_that_is_never_given_back_is_an_error_in_time_for_the_carriers(app, monkeypatch):
    monkeypatch.setattr(database, "LOCK_WAIT", 50)
    holder = sqlite3.connect(db.engine.url.database or "", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        build.a_contact()
    holder.execute("ROLLBACK")
    holder.close()
    assert 0.05 <= time.monotonic() - begun < 1
    build.a_contact()


@pytest.mark.parametrize("backend", ["postgres"])
def test_no_writer_waits_for_another_longer_than_carriers_wait_for_us(app):
    assert db.session.scalar(text("SHOW lock_timeout")) == "1500ms"


def committed(app) -> list[int]:
    with db.engine.connect() as other:
        return list(other.execute(select(Contact.id)).scalars())


def change(app, contact_id: int, notes: str) -> None:
    @atomic
    def verb() -> None:
        db.session.execute(update(Contact).where(Contact.id == contact_id).values(notes=notes))

    with app.app_context():
        verb()
