"""Search on SQLite: FTS5 tables over ours, which give their rows newest first by themselves."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, column, literal, literal_column, select, table

from smsinbox.core.database import db
from smsinbox.models.contact import Contact
from smsinbox.queries.search.reading import Asked
from smsinbox.queries.search.shape import Key, Narrowed
from smsinbox.queries.search.words import Phrase


def narrowed(statement: Narrowed, of: str, key: Key, asked: Asked) -> tuple[Narrowed, Key]:
    """Only rows of `message` or `note` with these words, and the column that tells their age."""
    found = table(f"search_{of}", column("rowid"))
    if not asked.wanted:
        if asked.unwanted:
            without = select(found.c.rowid).where(_match(of, _any(asked.unwanted)))
            statement = statement.where(key.not_in(without))
        return statement, key
    words = " AND ".join(f"({_any(spellings)})" for spellings in asked.wanted)
    if asked.unwanted:
        words = f"({words}) NOT ({_any(asked.unwanted)})"
    # The plus keeps SQLite from asking FTS5 row by row for what it gives in order at once.
    statement = statement.join(found, key == literal_column(f"+search_{of}.rowid"))
    return statement.where(_match(of, words)), found.c.rowid


def newest(statement: Narrowed, age: Key, _before: int | None, limit: int) -> list[Any]:
    """The first rows of it; FTS5 and our keys give them in this order."""
    return list(db.session.execute(statement.order_by(age.desc()).limit(limit)))


def named(wanted: Sequence[Sequence[Phrase]], *, by_notes: bool) -> ColumnElement[bool]:
    """Contacts with these words in their name, or in what is noted about them."""
    words = " AND ".join(f"({_any(spellings)})" for spellings in wanted)
    where = _match("contact", words if by_notes else f"name : ({words})")
    return Contact.id.in_(select(table("search_contact", column("rowid")).c.rowid).where(where))


def _match(of: str, words: str) -> ColumnElement[bool]:
    return literal_column(f"search_{of}").bool_op("MATCH")(literal(words))


def _any(phrases: Sequence[Phrase]) -> str:
    """In the language of FTS5. Words are letters, digits and marks: nothing in them is syntax."""
    return " OR ".join(
        f'"{" ".join(phrase.words)}"{" *" if phrase.is_open else ""}' for phrase in phrases
    )
