"""Who is told of what, beside what everybody sees, and that they have read it.

Whoever makes something happen calls `notify` in the same transaction. Nobody is told of what they
did themselves, of numbers that they may not see, or of contacts who are blocked.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.sql.elements import ColumnElement

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk
from smsinbox.core.database import atomic, db
from smsinbox.core.events import emit, emit_all
from smsinbox.models.events import NotificationsRead, UserNotified
from smsinbox.models.message import Message
from smsinbox.models.notification import Notification, NotificationKind
from smsinbox.models.user import User

_KEEP = timedelta(days=90)
_MOST = 500  # a round of the sweeper's
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class News:
    """What to tell whom: these users, or with None all who may see the number."""

    kind: NotificationKind
    user_ids: Collection[int] | None
    conversation_id: int
    message_id: int | None = None
    activity_id: int | None = None
    actor_id: int | None = None
    said: str | None = None

    def rows(self) -> list[dict[str, object]]:
        row: dict[str, object] = {
            "kind": self.kind.value,
            "conversation": self.conversation_id,
            "message": self.message_id,
            "activity": self.activity_id,
            "actor": self.actor_id,
            "said": None if self.said is None else self.said[:_LONGEST],
        }
        users = [None] if self.user_ids is None else sorted(set(self.user_ids))
        return [row | {"to_user": one} for one in users]


def notify(
    kind: NotificationKind,
    user_ids: Collection[int] | None,
    conversation_id: int,
    message_id: int | None = None,
    activity_id: int | None = None,
    actor_id: int | None = None,
    said: str | None = None,
) -> None:
    """Tell these users, or with None all who may see the number, in the transaction around us."""
    news = News(kind, user_ids, conversation_id, message_id, activity_id, actor_id, said)
    notify_all([news])


def notify_all(news: Sequence[News]) -> None:
    """`notify` for many: one statement."""
    rows = [row for one in news for row in one.rows()]
    if not rows:
        return
    told = set(_TOLD.run(rows, now=clock.now_micros()))
    emit_all(UserNotified(user_id=user, conversation_id=there) for user, there in sorted(told))


def failed(message_ids: Collection[int]) -> None:
    """Tell the people who wrote these texts that they did not get through; of texts that programs
    and rules wrote nobody is told."""
    if not message_ids:
        return
    columns = (Message.user_id, Message.conversation_id, Message.id)
    written = select(*columns).where(Message.id.in_(message_ids), Message.user_id.is_not(None))
    notify_all(
        [
            News(NotificationKind.FAILED, [user_id], conversation_id, message_id)
            for user_id, conversation_id, message_id in db.session.execute(written)
            if user_id is not None
        ]
    )


def strange(words: Collection[tuple[int, str]]) -> None:
    """Tell the admins what these accounts said that we do not know."""
    rows = [{"account": account_id, "said": said} for account_id, said in words]
    if rows:
        values = {"kind": NotificationKind.STRANGE.value, "now": clock.now_micros()}
        told = {user for (user,) in _TOLD_ADMINS.run(rows, **values)}
        emit_all(UserNotified(user_id=user) for user in sorted(told))


@atomic
def read_in(conversation_id: int, by: User) -> None:
    """They have opened it: what they were told about it is no news any more."""
    _read(Notification.conversation_id == conversation_id, by)


@atomic
def read_at(account_id: int, by: User) -> None:
    """They look at the account: the same."""
    _read(Notification.account_id == account_id, by)


@atomic
def read_all(by: User) -> None:
    """Nothing is news to them any more."""
    _read(Notification.id > 0, by)


@atomic
def prune() -> int:
    """Forget what is older than three months, read or not. For the sweeper."""
    old = select(Notification.id).where(Notification.created_at < clock.now() - _KEEP)
    ids = list(db.session.scalars(old.order_by(Notification.id).limit(_MOST)))
    db.session.execute(delete(Notification).where(Notification.id.in_(ids)))
    return len(ids)


def _read(which: ColumnElement[bool], by: User) -> None:
    news = (Notification.user_id == by.id) & Notification.read_at.is_(None)
    change = update(Notification).where(news & which).values(read_at=clock.now())
    if db.session.scalars(change.returning(Notification.id)).all():
        emit(NotificationsRead(user_id=by.id))


_TOLD = Bulk(
    """
    INSERT INTO notification
      (user_id, kind, conversation_id, message_id, activity_id, actor_id, said, created_at)
    SELECT u.id, r.kind, r.conversation, r.message, r.activity, r.actor, r.said, :now
    FROM {rows} JOIN conversation v ON v.id = r.conversation
      JOIN contact c ON c.id = v.contact_id AND c.blocked_at IS NULL
      JOIN "user" u ON u.active AND u.id = coalesce(r.to_user, u.id)
        AND u.id <> coalesce(r.actor, 0)
        AND (u.role = 'admin' OR EXISTS (
          SELECT 1 FROM "grant" g WHERE g.user_id = u.id AND g.number_id = v.number_id))
    RETURNING user_id, conversation_id
    """,
    {
        "kind": "TEXT",
        "conversation": "BIGINT",
        "message": "BIGINT",
        "activity": "BIGINT",
        "actor": "BIGINT",
        "said": "TEXT",
        "to_user": "BIGINT",
    },
)
_TOLD_ADMINS = Bulk(
    """
    INSERT INTO notification (user_id, kind, account_id, said, created_at)
    SELECT u.id, :kind, r.account, r.said, :now
    FROM {rows} JOIN "user" u ON u.active AND u.role = 'admin'
    RETURNING user_id
    """,
    {"account": "BIGINT", "said": "TEXT"},
)
