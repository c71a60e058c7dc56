"""Many rows in one statement: they travel as one JSON parameter, which the database unrolls.

So the SQL does not depend on how many there are and is built once. It goes to the driver as it is:
on the hot paths, what SQLAlchemy does for a statement costs more than the statement.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import CursorResult

from smsinbox.core.database import connection

BYTES = "BYTES"  # travels as text, arrives as its UTF-8


class Bulk:
    """A statement over rows: `{rows}` in its SQL stands for them, under the name r.

    `members` gives each member of a row its type in Postgres's words; one that a row lacks is NULL.
    `:name` is a value for all rows. What differs between the databases is given twice.
    """

    def __init__(
        self,
        sql: str,
        members: Mapping[str, str],
        *,
        sqlite: Mapping[str, str] | None = None,
        postgres: Mapping[str, str] | None = None,
    ) -> None:
        self._sqlite = sql.format(rows=_sqlite_rows(members), **sqlite or {})
        named = sql.format(rows=_postgres_rows(members), **postgres or {})
        self._postgres = re.sub(r":(\w+)", r"%(\1)s", named)  # as psycopg writes parameters

    def run(
        self, rows: Sequence[Mapping[str, Any]], **values: Any
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run it in the transaction around us, which must be `@atomic`."""
        on = connection()
        statement = self._sqlite if on.dialect.name == "sqlite" else self._postgres
        return on.exec_driver_sql(statement, {"rows": orjson.dumps(rows).decode(), **values})


def _sqlite_rows(members: Mapping[str, str]) -> str:
    read = [
        f"CAST(value->>'{name}' AS BLOB)" if kind == BYTES else f"value->>'{name}'"
        for name, kind in members.items()
    ]
    return _selected(read, members, "json_each(:rows)")


def _postgres_rows(members: Mapping[str, str]) -> str:
    read = [
        f"convert_to({name}, 'UTF8')" if kind == BYTES else name for name, kind in members.items()
    ]
    kinds = [f"{name} {'TEXT' if kind == BYTES else kind}" for name, kind in members.items()]
    source = f"json_to_recordset(CAST(:rows AS json)) AS j({', '.join(kinds)})"
    return _selected(read, members, source)


def _selected(read: Sequence[str], names: Iterable[str], source: str) -> str:
    columns = [f"{one} AS {name}" for one, name in zip(read, names, strict=True)]
    return f"(SELECT {', '.join(columns)} FROM {source}) AS r"
