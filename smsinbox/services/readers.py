"""Readers of the log note how far they have come, in the transaction that deals with it."""

from sqlalchemy import tuple_
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core.database import db, is_sqlite
from smsinbox.core.events import Cursor
from smsinbox.models.reader import Reader


def remember(name: str, cursor: Cursor) -> None:
    """Never backward, should another process have read on meanwhile."""
    insert = (sqlite if is_sqlite() else postgresql).insert(Reader)
    there = {"txid": cursor.txid, "entry_id": cursor.id}
    db.session.execute(
        insert.values(name=name, **there).on_conflict_do_update(
            index_elements=[Reader.name],
            set_=there,
            where=tuple_(Reader.txid, Reader.entry_id) < tuple_(cursor.txid, cursor.id),
        )
    )
