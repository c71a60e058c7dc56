"""Bring the database to the newest schema: on every start, by whoever starts first."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import text

from smsinbox.core.database import engine, is_sqlite
from smsinbox.migrations import FOLDER

_POSTGRES_LOCK = 7_267_684_291  # any number, as long as it is ours


class NewerSchema(Exception):
    """The database was made by a newer version of smsinbox."""

    def __init__(self) -> None:
        super().__init__("it was made by a newer version of smsinbox. Install that one.")


def migrate() -> None:
    """Apply every migration that is missing; raises NewerSchema when we lack some."""
    current = revision()
    if current is not None and not is_known(current):
        raise NewerSchema
    if not is_current():
        logging.getLogger("alembic").setLevel(logging.WARNING)
        upgrade(directory=current_app.extensions["migrate"].directory)


def is_current() -> bool:
    """Whether the database has the newest schema."""
    return revision() == newest()


def revision() -> str | None:
    """The schema that the database has; None for an empty one."""
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The schema that the code needs."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def is_known(revision: str) -> bool:
    """Whether this code has that schema among its own."""
    known = ScriptDirectory(str(FOLDER)).walk_revisions()
    return revision in {each.revision for each in known}


def is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """Whether models tell of it: all but what the databases keep for search (migration 0016)."""
    return kind not in ("table", "index") or "search_" not in (name or "")


@contextmanager
def alone(instance: Path) -> Iterator[None]:
    """Processes that start together prepare one after another."""
    if is_sqlite():
        with (instance / "preparing").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with engine().connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:id)"), {"id": _POSTGRES_LOCK})
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:id)"), {"id": _POSTGRES_LOCK})
            connection.commit()
