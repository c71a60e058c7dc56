"""What a user was told: the list, newest first, and how much of it is news.

What they may not see any more is left out, as are contacts who were blocked since, and what they
do not want the bell to tell.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlalchemy.orm import aliased

from smsinbox.core.database import db
from smsinbox.core.text import preview
from smsinbox.models.account import Account
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message
from smsinbox.models.notification import Notification, NotificationKind
from smsinbox.models.number import Number
from smsinbox.models.permission import Permission, can
from smsinbox.models.preference import Channel
from smsinbox.models.user import User
from smsinbox.queries import preferences
from smsinbox.queries.page import Page


class Told(NamedTuple):
    """A Notification with what a line of the list needs."""

    id: int
    kind: str
    conversation_id: int | None
    account_id: int | None
    message_id: int | None
    activity_id: int | None
    said: str | None
    created_at: datetime
    read_at: datetime | None
    actor: str | None
    contact_id: int | None
    contact_name: str | None
    contact_phone: str | None
    number_id: int | None
    number_name: str | None
    number_phone: str | None
    body: str | None
    account_name: str | None

    @property
    def leads_to(self) -> str:
        """The conversation at the note, or at the text; or the account."""
        if self.conversation_id is None:
            return f"/accounts/{self.account_id}/setup"
        place = f"?at={self.message_id}" if self.message_id else ""
        if self.activity_id:
            place = f"?activity={self.activity_id}"
        return f"/conversations/{self.conversation_id}{place}"

    @property
    def excerpt(self) -> str:
        """The beginning of the text that it is about."""
        return preview(self.body or "")


def of(viewer: User, before: int | None = None, limit: int = 50) -> Page[Told]:
    """What they were told, newest first; `before` is the `next` of the page before."""
    query = _theirs(_COLUMNS, viewer)
    if before is not None:
        query = query.where(Notification.id < before)
    rows = db.session.execute(query.order_by(Notification.id.desc()).limit(limit + 1))
    items = [Told(*row) for row in rows]
    return Page(items[:limit], str(items[limit - 1].id) if len(items) > limit else None)


def unread(viewer: User) -> int:
    """How much of it is news."""
    count = select(func.count()).select_from(Notification)
    count = count.outerjoin(Conversation, Conversation.id == Notification.conversation_id)
    count = count.outerjoin(Contact, Contact.id == Conversation.contact_id)
    return db.session.scalar(_theirs(count, viewer).where(_IS_NEWS)) or 0


def any_in(viewer: User, conversation_id: int) -> bool:
    """Whether something about this conversation is news to them: a cheap look before a write."""
    there = Notification.conversation_id == conversation_id
    news = exists().where(Notification.user_id == viewer.id, there, _IS_NEWS)
    return bool(db.session.scalar(select(news)))


def any_at(viewer: User, account_id: int) -> bool:
    """The same about an account."""
    news = exists().where(
        Notification.user_id == viewer.id, Notification.account_id == account_id, _IS_NEWS
    )
    return bool(db.session.scalar(select(news)))


def unread_of(
    kind: NotificationKind, user_ids: Iterable[int], conversation_ids: Iterable[int]
) -> set[tuple[int, int]]:
    """To whom of these users something of this kind is still news, and in which of these
    conversations."""
    theirs, there = Notification.user_id, Notification.conversation_id
    query = select(theirs, there).where(
        theirs.in_(list(user_ids)),
        there.in_(list(conversation_ids)),
        Notification.kind == kind.value,
        _IS_NEWS,
    )
    return {(user_id, there or 0) for user_id, there in db.session.execute(query)}


def _theirs(query: Select[*tuple[Any, ...]], viewer: User) -> Select[*tuple[Any, ...]]:
    return query.where(
        Notification.user_id == viewer.id,
        _granted(viewer),
        Contact.blocked_at.is_(None),  # of an account there is none
        Notification.kind.not_in(_silent(viewer)),
    )


def _silent(viewer: User) -> list[str]:
    wishes = preferences.of(viewer)
    return [kind.value for kind in NotificationKind if not wishes.wants(kind, Channel.BELL)]


def _granted(viewer: User) -> ColumnElement[bool]:
    if can(viewer, Permission.SEE):
        return true()
    return Conversation.number_id.in_(viewer.granted if viewer.active else ())  # of no account


_IS_NEWS = Notification.read_at.is_(None)
_Actor = aliased(User)
_COLUMNS: Select[*tuple[Any, ...]] = (
    select(
        Notification.id,
        Notification.kind,
        Notification.conversation_id,
        Notification.account_id,
        Notification.message_id,
        Notification.activity_id,
        Notification.said,
        Notification.created_at,
        Notification.read_at,
        _Actor.name,
        Conversation.contact_id,
        Contact.name,
        Contact.phone,
        Conversation.number_id,
        Number.name,
        Number.phone,
        Message.body,
        Account.name,
    )
    .select_from(Notification)
    .outerjoin(Conversation, Conversation.id == Notification.conversation_id)
    .outerjoin(Contact, Contact.id == Conversation.contact_id)
    .outerjoin(Number, Number.id == Conversation.number_id)
    .outerjoin(Account, Account.id == Notification.account_id)
    .outerjoin(Message, Message.id == Notification.message_id)
    .outerjoin(_Actor, _Actor.id == Notification.actor_id)
)
