"""The database: one `db`, one way to write (`@atomic`), and the differences of SQLite told once.

On SQLite every writer of a process takes its turn: under gevent on one writer thread, so that a
blocking commit never stops the loop; elsewhere behind one lock. Between processes SQLite's own
lock decides (BEGIN IMMEDIATE, asked for every millisecond, 1.5 s). On Postgres writers run where
they are.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import datetime
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from gevent import monkey
from gevent.threadpool import ThreadPool
from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Engine,
    ExceptionContext,
    Integer,
    MetaData,
    event,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from smsinbox.core import clock
from smsinbox.core.errors import OptedOut

P = ParamSpec("P")
T = TypeVar("T")

LOCK_WAIT = 1500  # ms a writer waits for its turn: carriers give us two seconds in all
_NAP = 0.001  # seconds between two looks whether the lock is free
_WRITES = "smsinbox_writes"
_OPTED_OUT = "smsinbox: the contact opted out"  # what the triggers of migration 0011 say

_sleep = monkey.get_original("time", "sleep")


class Base(DeclarativeBase):
    """The base of all models, with names for every constraint so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only plain INTEGERs


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as microseconds since 1970: the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else clock.micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else clock.from_micros(value)


def configure(app: Flask, url: str) -> None:
    """Bind `db` to the app; safe before a fork, as no connection is opened here."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    if url.startswith("postgresql"):
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
            "pool_size": 10,
            "max_overflow": 20,
            "pool_timeout": 2,
            "pool_use_lifo": True,  # the connection used last has its statements prepared
            "connect_args": {"connect_timeout": 2, "options": f"-c lock_timeout={LOCK_WAIT}"},
        }
    db.init_app(app)
    with app.app_context():
        event.listen(db.engine, "handle_error", _in_our_words)
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _on_sqlite_connect)
            event.listen(db.engine, "begin", _on_sqlite_begin)


def _on_sqlite_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN loses updates; ours is explicit
    for pragma in (
        f"busy_timeout={LOCK_WAIT}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_sqlite_begin(connection: Connection) -> None:
    # A read transaction that becomes a writer fails at once with BUSY_SNAPSHOT; writers say so.
    writes = connection.get_execution_options().get(_WRITES)
    if writes:
        _begin_to_write(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_to_write(connection: Connection) -> None:
    """Take SQLite's lock. Its own way of waiting naps longer and longer, up to 100 ms, and misses
    the gaps that a process which writes without a pause leaves."""
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    ends = time.monotonic() + LOCK_WAIT / 1000
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while (error := _begin(driver)) is not None:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > ends:
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # raises it as SQLAlchemy does
                return
            _sleep(_NAP)
    finally:
        driver.execute(f"PRAGMA busy_timeout={LOCK_WAIT}")


def _begin(driver: sqlite3.Connection) -> sqlite3.OperationalError | None:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error
    return None


def _in_our_words(context: ExceptionContext) -> OptedOut | None:
    """Where the database itself refuses a text, edges answer as if the code had."""
    return OptedOut() if _OPTED_OUT in str(context.original_exception) else None


class _Turns:
    """Who may write now, in this process."""

    def __init__(self) -> None:
        self._lock: Any = monkey.get_original("threading", "Lock")()
        self._pool: ThreadPool | None = None
        self._pid = 0

    def run(self, work: Callable[[], T]) -> T:
        if db.engine.dialect.name != "sqlite":
            return work()
        if not monkey.is_module_patched("socket"):
            with self._lock:
                return work()
        apply = self._thread().apply
        outcome: Callable[[], T] = apply(copy_context().run, (_outcome_of, work))
        return outcome()

    def _thread(self) -> ThreadPool:
        if self._pool is None or self._pid != os.getpid():
            self._pool, self._pid = ThreadPool(1), os.getpid()
        return self._pool


def _outcome_of(work: Callable[[], T]) -> Callable[[], T]:
    """Carry an exception out of the writer thread, which would print it on its own."""
    try:
        return partial(_give, work())
    except BaseException as error:  # it is raised again in the caller
        return partial(_raise, error)


def _give(value: T) -> T:
    return value


def _raise(error: BaseException) -> Any:
    raise error


_turns = _Turns()


def atomic(function: Callable[P, T]) -> Callable[P, T]:
    """Run a public service in one write transaction; nested calls join, the outermost commits.

    What the session has read before is read again inside, under the writer's lock.
    """

    @wraps(function)
    def whole(*args: P.args, **kwargs: P.kwargs) -> T:
        session = cast(Session, db.session())
        if session.info.get("atomic"):
            return function(*args, **kwargs)
        result = _turns.run(lambda: _transaction(session, lambda: function(*args, **kwargs)))
        for callback in session.info.pop("after", []):
            callback()
        return result

    return whole


def _transaction(session: Session, work: Callable[[], T]) -> T:
    if session.in_transaction():
        session.rollback()
    session.info.update(atomic=True, after=[])
    try:
        session.info["connection"] = session.connection(execution_options={_WRITES: True})
        result = work()
        session.commit()
    except BaseException:
        session.info.pop("after", None)
        session.rollback()
        raise
    finally:
        session.info.update(atomic=False, connection=None)
    return result


def connection() -> Connection:
    """What the transaction around us runs on; for statements that need nothing of the session.
    Outside of one it is good for reading only."""
    session = db.session()
    return cast(Connection, session.info.get("connection") or session.connection())


def after_commit(callback: Callable[[], object]) -> None:
    """Call when the transaction around us is committed; never when it is rolled back."""
    db.session().info.setdefault("after", []).append(callback)


@contextmanager
def attempt() -> Iterator[None]:
    """A savepoint: what fails inside is undone, the transaction around it lives on."""
    with db.session.begin_nested():
        yield


def apart(function: Callable[P, T]) -> Callable[P, T]:
    """The function with a session of its own, for another thread; call this where the app is."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    @wraps(function)
    def in_its_own_context(*args: P.args, **kwargs: P.kwargs) -> T:
        with app.app_context():
            return function(*args, **kwargs)

    return in_its_own_context


def is_sqlite() -> bool:
    """Whether the app in context runs on SQLite."""
    return db.engine.dialect.name == "sqlite"


def readable() -> None:
    """Raise OperationalError when the database does not answer."""
    db.session.execute(text("SELECT 1"))


def engine() -> Engine:
    """The engine of the app in context."""
    return db.engine
