"""Search on Postgres: a tsvector beside each text and note; names of contacts by `LIKE`, which
pg_trgm makes quick where the database has it (migration 0016)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, column, func, literal, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from smsinbox.core.database import db
from smsinbox.models.contact import Contact
from smsinbox.queries.search.reading import Asked
from smsinbox.queries.search.shape import Key, Narrowed
from smsinbox.queries.search.words import Phrase

_LATEST = 4_000  # texts: some two milliseconds
_IDS = {"message": "message_id", "note": "activity_id"}


def narrowed(statement: Narrowed, of: str, key: Key, asked: Asked) -> tuple[Narrowed, Key]:
    """Only rows of `message` or `note` with these words, and the column that tells their age."""
    if not (asked.wanted or asked.unwanted):
        return statement, key
    found = table(f"search_{of}", column(_IDS[of]), column("words"))
    words = [f"({_any(spellings)})" for spellings in asked.wanted]
    words += [f"!({_any([phrase])})" for phrase in asked.unwanted]
    id_ = found.c[_IDS[of]]
    matching = found.c.words.bool_op("@@")(cast(literal(" & ".join(words)), TSQUERY))
    return statement.join(found, id_ == key).where(matching), id_


def newest(statement: Narrowed, age: Key, before: int | None, limit: int) -> list[Any]:
    """The first rows of it. Postgres cannot tell how common the beginning of a word is, and reads
    all texts backward for a rare one; so only the latest are read that way, and where they do not
    have enough of it, the index is asked for all there are: the sum keeps it from the order."""
    if before is None:
        before = (db.session.scalar(select(func.max(age))) or 0) + 1
    latest = statement.where(age >= before - _LATEST).order_by(age.desc()).limit(limit)
    found = list(db.session.execute(latest))
    if len(found) == limit or before <= _LATEST:
        return found
    return list(db.session.execute(statement.order_by((age + 0).desc()).limit(limit)))


def named(wanted: Sequence[Sequence[Phrase]], *, by_notes: bool) -> ColumnElement[bool]:
    """Contacts with these words in their name, or in what is noted about them."""
    # Written out as the index has it, or Postgres would not know it again.
    name, notes = func.search_fold(Contact.name), func.search_fold(Contact.notes)
    said = _plain(" ") + name + _plain(" | ") + notes + _plain(" ")
    has_any = (Contact.name != _plain("")) | (Contact.notes != _plain(""))
    conditions = [has_any, _like(said, wanted)]
    if not by_notes:
        conditions.append(_like(_plain(" ") + name + _plain(" "), wanted))
    return and_(*conditions)


def _plain(text: str) -> ColumnElement[str]:
    return literal(text, literal_execute=True)


def _like(said: ColumnElement[str], wanted: Sequence[Sequence[Phrase]]) -> ColumnElement[bool]:
    return and_(*(or_(*(said.like(_pattern(one)) for one in spellings)) for spellings in wanted))


def _pattern(phrase: Phrase) -> str:
    return f"% {' '.join(phrase.words)}{'' if phrase.is_open else ' '}%"


def _any(phrases: Sequence[Phrase]) -> str:
    """In the language of tsquery. Words are letters, digits and marks: nothing is syntax."""
    return " | ".join("(" + " <-> ".join(_lexemes(phrase)) + ")" for phrase in phrases)


def _lexemes(phrase: Phrase) -> list[str]:
    lexemes = [f"'{word}'" for word in phrase.words]
    if phrase.is_open:
        lexemes[-1] += ":*"
    return lexemes
