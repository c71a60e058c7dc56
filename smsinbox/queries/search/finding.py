"""What is found: contacts first, then texts and notes, newest first, page by page."""

import heapq
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, false, select, true, union

from smsinbox.core.database import db, is_sqlite
from smsinbox.core.i18n import _
from smsinbox.core.phones import pretty, region_of
from smsinbox.models.activity import Activity, ActivityKind
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Direction, Message
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.queries import conversations
from smsinbox.queries.conversation_rows import ConversationRow
from smsinbox.queries.search import postgres, sqlite
from smsinbox.queries.search.conditions import Conditions, conditions, with_digits
from smsinbox.queries.search.reading import Asked
from smsinbox.queries.search.shape import Found, Hit, Key, Person
from smsinbox.queries.search.words import marked, marked_digits, snippet

MOST_PEOPLE = 5
_CONVERSATIONS_READ = 60  # to find five contacts among them

_TEXTS: Select[*tuple[Any, ...]] = select(
    Message.id,
    Message.conversation_id,
    Message.created_at,
    Message.direction,
    Message.author_name,
    Message.body,
).join(Conversation, Conversation.id == Message.conversation_id)
_NOTES: Select[*tuple[Any, ...]] = (
    select(
        Activity.id,
        Activity.conversation_id,
        Activity.at,
        Activity.kind,
        Activity.author_name,
        Activity.body,
    )
    .join(Conversation, Conversation.id == Activity.conversation_id)
    .where(Activity.kind == ActivityKind.NOTE.value)
)


class _Place(NamedTuple):
    """Where a page begins: below these ids; None is the top."""

    message: int | None = None
    note: int | None = None

    @classmethod
    def parse(cls, text: str | None) -> "_Place":
        message, _, note = (text or "").partition("-")
        if all(part.isascii() and part.isdigit() and len(part) < 18 for part in (message, note)):
            return cls(int(message) or None, int(note) or None)
        return cls()


def search(viewer: User, asked: Asked, before: str | None = None, limit: int = 50) -> Found:
    """A page of what the viewer may see of it; `before` is the `next` of the page before."""
    index = sqlite if is_sqlite() else postgres
    meant = conditions(asked, viewer, index)
    problems = [*asked.problems, *meant.problems]
    understood = len(asked.operators) - len(meant.problems)
    if not (asked.wanted or asked.unwanted or understood):
        return Found([], [], None, problems)
    place = _Place.parse(before)
    texts = _found(viewer, "message", _TEXTS, asked, meant.message, place.message, index, limit)
    notes = _found(viewer, "note", _NOTES, asked, meant.note, place.note, index, limit)
    merged = list(heapq.merge(texts, notes, key=lambda row: row[2], reverse=True))
    people = [] if before else _people(viewer, asked, meant, index)
    shown = merged[:limit]
    rows = conversations.rows({row[1] for row in shown} | set(people))
    return Found(
        [_person(rows[one], asked) for one in people],
        [_hit(row, rows[row[1]], asked) for row in shown],
        _next(shown, place) if len(merged) > limit else None,
        problems,
    )


def _found(
    viewer: User,
    of: str,
    statement: Select[*tuple[Any, ...]],
    asked: Asked,
    meant: list[ColumnElement[bool]],
    before: int | None,
    index: ModuleType,
    limit: int,
) -> list[Row[*tuple[Any, ...]]]:
    """One row more than is shown, newest first."""
    key: Key = Message.id if of == "message" else Activity.id
    statement, age = index.narrowed(statement.where(_granted(viewer), *meant), of, key, asked)
    if before is not None:
        statement = statement.where(age < before)
    found: list[Row[*tuple[Any, ...]]] = index.newest(statement, age, before, limit + 1)
    return found


def _people(viewer: User, asked: Asked, meant: Conditions, index: ModuleType) -> list[int]:
    """The latest conversation of each of the first few contacts who are meant."""
    if meant.people is None or asked.unwanted or not (asked.wanted or meant.people):
        return []
    called: Any = select(Contact.id)
    if asked.wanted:
        called = called.where(index.named(asked.wanted, by_notes=True))
    if asked.digits:
        called = union(called, with_digits(asked.digits))
    found = db.session.execute(
        select(Conversation.contact_id, Conversation.id)
        .where(
            _granted(viewer),
            Conversation.contact_id.in_(called) if asked.wanted else true(),
            *meant.people,
        )
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(_CONVERSATIONS_READ)
    )
    latest: dict[int, int] = {}
    for contact_id, conversation_id in found:
        latest.setdefault(contact_id, conversation_id)
    return list(latest.values())[:MOST_PEOPLE]


def _granted(viewer: User) -> ColumnElement[bool]:
    if can(viewer, Permission.SEE):
        return true()
    return Conversation.number_id.in_(viewer.granted) if viewer.active else false()


def _next(shown: Sequence[Row[*tuple[Any, ...]]], place: _Place) -> str:
    """The last of each kind; those of which none was shown go on where they were."""
    message, note = place.message or 0, place.note or 0
    for row in shown:
        if row[3] == ActivityKind.NOTE:
            note = row[0]
        else:
            message = row[0]
    return f"{message}-{note}"


def _hit(row: Row[*tuple[Any, ...]], conversation: ConversationRow, asked: Asked) -> Hit:
    id_, _there, at, direction, author, body = row
    is_note = direction == ActivityKind.NOTE
    by = "" if direction == Direction.INBOUND else author or _("We")
    kind = "note" if is_note else "message"
    return Hit(kind, id_, at, by, snippet(body, asked.phrases), conversation)


def _person(row: ConversationRow, asked: Asked) -> Person:
    phone = pretty(row.contact_phone, region_of(row.number_phone))
    contact = db.session.get_one(Contact, row.contact_id)
    noted = snippet(contact.notes, asked.phrases)
    return Person(
        marked(contact.name, asked.phrases),
        marked_digits(phone, asked.digits),
        noted if any(piece.is_match for piece in noted) else [],
        row,
    )
