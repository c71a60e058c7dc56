"""What a user has begun to write and not sent; nobody else sees it."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from smsinbox.core.database import db
from smsinbox.core.text import preview
from smsinbox.models.draft import Draft
from smsinbox.models.user import User

_LONGEST = 80  # characters of a beginning
_LOOKED_AT = 400  # characters: white space counts once


def of(conversation_id: int, user: User) -> dict[str, Draft]:
    """Those in one conversation, by mode; an empty one was taken back."""
    query = select(Draft).where(
        Draft.conversation_id == conversation_id, Draft.user_id == user.id, Draft.body != ""
    )
    return {draft.mode: draft for draft in db.session.scalars(query)}


def beginnings(user_id: int, conversation_ids: Collection[int]) -> dict[int, str]:
    """How the user's newest draft begins in each of these conversations that has one, by id."""
    mine = (Draft.user_id == user_id) & Draft.conversation_id.in_(conversation_ids)
    return _beginnings(Draft.conversation_id, mine)


def by_user(conversation_id: int, user_ids: Collection[int]) -> dict[int, str]:
    """The same in one conversation for each of these users that has one, by id."""
    there = (Draft.conversation_id == conversation_id) & Draft.user_id.in_(user_ids)
    return _beginnings(Draft.user_id, there)


def _beginnings(by: InstrumentedAttribute[int], which: ColumnElement[bool]) -> dict[int, str]:
    query = (
        select(by, func.substr(Draft.body, 1, _LOOKED_AT))
        .where(which, Draft.body != "")
        .order_by(Draft.saved_at)
    )
    return {row[0]: preview(row[1], _LONGEST) for row in db.session.execute(query)}
