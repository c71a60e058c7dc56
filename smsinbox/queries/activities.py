"""The lines of a thread that are no texts, each with its place among the texts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.activity import Activity
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.queries.messages import Thread

_LATEST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """An Activity behind the text `beside`: the one it is about, else the last one before it."""

    activity: Activity
    beside: int  # 0: before all texts

    @property
    def key(self) -> str:
        """Sorts it behind that text and before the next, as `data-key` of bubbles does."""
        return f"{self.beside}.{self.activity.id}"


def beside(conversation_id: int, thread: Thread) -> dict[int, list[Line]]:
    """The lines that belong to a part of the thread, by the text they stand behind; 0 for those
    before the first text of all."""
    query = _LINES.where(Activity.conversation_id == conversation_id)
    if thread.older is not None:
        query = query.where(thread.older <= _BESIDE)
    last = thread.messages[-1].id if thread.messages else 0
    later = _next(conversation_id, last)
    if later is not None:
        query = query.where(later > _BESIDE)
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in _found(query.order_by(Activity.id)):
        lines[line.beside].append(line)
    return lines


def latest(conversation_id: int) -> list[Line]:
    """The newest ones, oldest first."""
    query = _LINES.where(Activity.conversation_id == conversation_id)
    return list(_found(query.order_by(Activity.id.desc()).limit(_LATEST)))[::-1]


def for_viewer(viewer: User, activity_id: int) -> Activity:
    """The line; NotFound when it is not there or not granted."""
    activity = db.session.get(Activity, activity_id)
    if activity is None:
        raise NotFound
    conversation = db.session.get_one(Conversation, activity.conversation_id)
    if not can(viewer, Permission.SEE, conversation.number_id):
        raise NotFound
    return activity


def line(activity_id: int) -> Line:
    """The line with its place."""
    return next(iter(_found(_LINES.where(Activity.id == activity_id))))


def text_beside(conversation_id: int, activity_id: int) -> int | None:
    """The text that the line stands behind, else the first one; None when there is no such line."""
    its_own = _LINES.where(Activity.id == activity_id, Activity.conversation_id == conversation_id)
    found = next(iter(_found(its_own)), None)
    return (found.beside or _next(conversation_id, 0)) if found else None


def _next(conversation_id: int, after: int) -> int | None:
    query = select(func.min(Message.id)).where(
        Message.conversation_id == conversation_id, Message.id > after
    )
    return db.session.scalar(query)


def _found(query: Select[Activity, int]) -> Iterable[Line]:
    return (Line(row[0], row[1]) for row in db.session.execute(query))


_earlier = aliased(Message)
_BESIDE = func.coalesce(
    Activity.message_id,
    select(func.max(_earlier.id))
    .where(_earlier.conversation_id == Activity.conversation_id, _earlier.created_at <= Activity.at)
    .correlate(Activity)
    .scalar_subquery(),
    0,
)
_LINES: Select[Activity, int] = select(Activity, _BESIDE)
