"""What people have begun to write is kept while they write it, and comes back on any device.

A draft carries the client token that it would be sent with. Saves and sends may overtake each
other on their way here: a save whose token was sent is ignored, so no draft rises from the dead.
"""

from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.errors import Invalid
from smsinbox.core.events import emit
from smsinbox.core.text import clean
from smsinbox.models.activity import Activity
from smsinbox.models.draft import Draft, Mode
from smsinbox.models.events import DraftChanged
from smsinbox.models.message import Message
from smsinbox.models.user import User
from smsinbox.queries import drafts as drafts_query
from smsinbox.services import outbox
from smsinbox.services.client_tokens import checked_token

LONGEST = 10_000  # characters: more than can be sent, as people cut what is too long


class Writing(NamedTuple):
    """What stands in a composer, the token it would be sent with, and the turn of its next save."""

    body: str = ""
    token: str = ""
    turn: int = 0


@atomic
def save(conversation_id: int, mode: Mode, body: str, token: str, turn: int, by: User) -> bool:
    """Keep it, or forget it when it is empty; False when it was sent or saved later already.

    `turn` counts the saves under this token. Raises Invalid.
    """
    if not checked_token(token):
        raise Invalid("A draft has a client token.", "client_token")
    # A text with this token is here or not yet, but not on its way.
    there = outbox.lock(conversation_id)
    if _was_sent(conversation_id, token):
        return False
    key = (by.id, conversation_id, mode.value)
    kept = db.session.get(Draft, key, populate_existing=True)
    if kept is not None and kept.client_token == token and kept.turn >= turn:
        return False
    text = clean(body.replace("\r\n", "\n"))[:LONGEST]
    before = drafts_query.beginnings(by.id, [conversation_id])
    insert = (sqlite if is_sqlite() else postgresql).insert(Draft)
    values = {"body": text, "client_token": token, "turn": turn, "saved_at": clock.now()}
    db.session.execute(
        insert.values(
            user_id=by.id, conversation_id=conversation_id, mode=mode.value, **values
        ).on_conflict_do_update(index_elements=["user_id", "conversation_id", "mode"], set_=values)
    )
    if drafts_query.beginnings(by.id, [conversation_id]) != before:
        emit(DraftChanged(conversation_id=there.id, number_id=there.number_id, user_id=by.id))
    return True


@atomic
def give_back(conversation_id: int, words: str, beside: Writing, by: User) -> str:
    """Words of a text that was taken back stand before what they have begun to write meanwhile;
    how the draft reads now. Those that are back already do not come twice."""
    begun = beside.body.strip()
    whole = begun if begun.startswith(words) else f"{words}\n{begun}".strip()
    if beside.token:
        save(conversation_id, Mode.TEXT, whole, beside.token, beside.turn, by)
    return whole


def settle(
    conversation_id: int, by: User, mode: Mode, token: str | None, restored: frozenset[str]
) -> None:
    """It was sent: with this token, or with that of the draft it was taken up from."""
    tokens = {*restored, token} - {None}
    mine = _of(conversation_id) & (Draft.user_id == by.id) & (Draft.mode == mode.value)
    db.session.execute(delete(Draft).where(mine, Draft.client_token.in_(tokens)))


def _of(conversation_id: int) -> ColumnElement[bool]:
    return Draft.conversation_id == conversation_id


def _was_sent(conversation_id: int, token: str) -> bool:
    as_text = exists().where(
        Message.conversation_id == conversation_id, Message.client_token == token
    )
    as_note = exists().where(
        Activity.conversation_id == conversation_id, Activity.client_token == token
    )
    return bool(db.session.scalar(select(as_text | as_note)))
