"""What every test stands on: an app on SQLite and on Postgres, always empty, and three people."""

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import HealthCheck, settings
from pydantic import SecretStr
from sqlalchemy import event

from smsinbox.application import create_app
from smsinbox.core import config
from smsinbox.core.config import Settings
from smsinbox.core.database import Base, db
from smsinbox.core.doorbell import bell
from smsinbox.core.limits import limiter
from smsinbox.migrations.schema import migrate
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.services import passwords
from tests import build, postgres

BACKENDS = ("sqlite", "postgres")

# Tests share their machine: how long one example takes there says nothing about it.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

# Hundreds of sign-ins: a hash of the real strength would take a fifth of a second for each.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_collection_finish() -> None:
    """Thousands of tests are there to stay: the collector need not look at them again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Why something was tried again: nobody mends what only shows as a letter."""
    for report in terminalreporter.stats.get("rerun", ()):
        terminalreporter.section(f"tried again: {report.nodeid}", sep="-")
        terminalreporter.write_line(report.longreprtext[-2000:])


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of this session's server; xdist's workers share one."""
    base = tmp_path_factory.getbasetemp()
    return postgres.server(base.parent if base.name.startswith("popen-") else base)


@pytest.fixture(scope="session")
def apps(
    tmp_path_factory: pytest.TempPathFactory, worker_name: str, request: pytest.FixtureRequest
) -> Iterator[dict[str, Flask]]:
    """One migrated app a database, made when a test first asks for it."""
    with ExitStack() as stack:
        made = _Apps(tmp_path_factory, worker_name, request, stack)
        yield made
        for app in made.values():
            with app.app_context():
                db.engine.dispose()


class _Apps(dict[str, Flask]):
    def __init__(self, folders, worker_name, request, stack) -> None:
        super().__init__()
        self._folders, self._worker = folders, worker_name
        self._request, self._stack = request, stack

    def __missing__(self, backend: str) -> Flask:
        url = ""
        if backend == "postgres":
            server = self._request.getfixturevalue("postgres_server")
            name = f"test_{self._worker}"
            url = self._stack.enter_context(postgres.database(server, name))
        self[backend] = an_app(self._folders.mktemp(backend), url)
        return self[backend]


def an_app(instance: Path, database_url: str = "", redis_url: str = "") -> Flask:
    """A migrated app of its own, for tests that need other settings."""
    app = create_app(
        Settings(
            instance_path=instance,
            database_url=database_url,
            redis_url=redis_url,
            secret_key=SecretStr("a key for tests only, long enough"),
        )
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _hurry)
        migrate()
    return app


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # what is lost with the power nobody will miss


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    workerinput = getattr(request.config, "workerinput", {"workerid": "alone"})
    return str(workerinput["workerid"])


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each test that stands on the database runs twice."""
    return str(request.param)


@pytest.fixture
def app(apps: dict[str, Flask], backend: str) -> Iterator[Flask]:
    """An empty database, and an app context around the test."""
    app = apps[backend]
    bell.configure("")
    with app.app_context():
        empty()
        limiter.reset()
        yield app
        db.session.rollback()
        db.session.remove()


def empty() -> None:
    """Nothing is in the database of the app in context."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.exec_driver_sql(_EMPTY_POSTGRES)
            connection.commit()
        else:
            connection.connection.driver_connection.executescript(_EMPTY_SQLITE)  # type: ignore[union-attr]


_TABLES = reversed(Base.metadata.sorted_tables)
_DELETED = "".join(f'DELETE FROM "{table.name}";' for table in _TABLES)
_EMPTY_SQLITE = f"BEGIN IMMEDIATE; {_DELETED} COMMIT"
# Thirty times cheaper than TRUNCATE, which makes a new file for every table and index.
_EMPTY_POSTGRES = f"""
    SET LOCAL session_replication_role = replica; {_DELETED}
    DELETE FROM search_message; DELETE FROM search_note;
    SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


@pytest.fixture
def to_private(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Programs' webhooks may lead to this machine."""
    monkeypatch.setenv("CALLBACKS_TO_PRIVATE", "1")
    config.settings.cache_clear()
    yield
    config.settings.cache_clear()


@pytest.fixture
def files_from_private(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Programs may have files of this machine sent."""
    monkeypatch.setenv("FILES_FROM_PRIVATE", "1")
    config.settings.cache_clear()
    yield
    config.settings.cache_clear()


@pytest.fixture
def with_pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The language that shows what was never marked can be asked for."""
    monkeypatch.setenv("PSEUDO_LOCALE", "1")
    config.settings.cache_clear()
    yield
    config.settings.cache_clear()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody signed in."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def number(app: Flask) -> Number:
    """The number that Ben may see and Cy may not."""
    return build.a_number(name="Support")


@pytest.fixture
def ada(app: Flask) -> User:
    """The admin."""
    return build.a_user("Ada", role="admin")


@pytest.fixture
def ben(number: Number) -> User:
    """An agent, granted the number."""
    return build.a_user("Ben", role="agent", numbers=[number])


@pytest.fixture
def cy(app: Flask) -> User:
    """An agent without any grant: the outsider."""
    return build.a_user("Cy", role="agent")


@pytest.fixture
def statements(app: Flask):
    """Count the SQL statements of a block: `with statements() as seen`."""

    @contextmanager
    def watch() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return watch
