"""The floor: the least that a webhook could do, served by the same gunicorn with the same worker.

`/bare` reads the body and answers. `/commit` also keeps it: one raw INSERT and one commit a
request, on SQLite by a thread that does nothing else, on Postgres by psycopg.
"""

import os
import sqlite3
from collections.abc import Callable

import psycopg
from flask import Flask, Response, request
from gevent.queue import Queue
from gevent.threadpool import ThreadPool

CONNECTIONS = 8
TABLE = "CREATE TABLE IF NOT EXISTS floor (id {key} PRIMARY KEY, body {kind} NOT NULL)"


def create_app(place: str) -> Flask:
    """`place` is the file of a SQLite database, or a `postgresql://` URL."""
    app = Flask(__name__)
    keep = _postgres(place) if place.startswith("postgresql") else _sqlite(place)

    @app.post("/bare")
    def bare() -> Response:
        request.get_data(cache=False)
        return Response(status=204)

    @app.post("/commit")
    def commit() -> Response:
        keep(request.get_data(cache=False))
        return Response(status=204)

    return app


def _sqlite(path: str) -> Callable[[bytes], object]:
    pool = ThreadPool(1)
    base = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        base.execute(f"PRAGMA {pragma}")
    base.execute(TABLE.format(key="INTEGER", kind="BLOB"))

    def keep(body: bytes) -> None:
        # Outside a transaction, SQLite commits each statement by itself.
        pool.apply(base.execute, ("INSERT INTO floor (body) VALUES (?)", (body,)))

    return keep


def _postgres(url: str) -> Callable[[bytes], object]:
    connections: Queue = Queue()
    for _ in range(CONNECTIONS):
        connections.put(psycopg.connect(url, autocommit=True))

    def keep(body: bytes) -> None:
        connection = connections.get()
        try:
            connection.execute("INSERT INTO floor (body) VALUES (%s)", (body,))
        finally:
            connections.put(connection)

    return keep


def prepare(url: str) -> None:
    """Make the table on Postgres, before several processes would try at once."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE.format(key="BIGSERIAL", kind="BYTEA").encode())


if "FLOOR" in os.environ:
    app = create_app(os.environ["FLOOR"])
