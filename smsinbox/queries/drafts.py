"""What a user has begun to write and not sent; nobody else sees it."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.text import preview
from smsinbox.models.conversation import Conversation
from smsinbox.models.draft import Draft
from smsinbox.models.user import User
from smsinbox.queries.granted import granted

_MOST = 200


def of(conversation_id: int, user: User) -> dict[str, Draft]:
    """Those in one conversation, by mode; an empty one was taken back."""
    query = select(Draft).where(
        Draft.conversation_id == conversation_id, Draft.user_id == user.id, Draft.body != ""
    )
    return {draft.mode: draft for draft in db.session.scalars(query)}


def beginnings(user: User) -> dict[int, str]:
    """By conversation how the newest draft begins, where the user may still look."""
    query = (
        select(Draft.conversation_id, Draft.body)
        .join(Conversation, Conversation.id == Draft.conversation_id)
        .where(Draft.user_id == user.id, Draft.body != "", granted(user))
        .order_by(Draft.saved_at.desc())
        .limit(_MOST)
    )
    found: dict[int, str] = {}
    for conversation_id, body in db.session.execute(query):
        found.setdefault(conversation_id, preview(body, 80))
    return found
