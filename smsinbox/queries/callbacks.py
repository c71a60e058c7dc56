"""Programs' endpoints, what they wait for, and the log of what was posted to them."""

from collections.abc import Sequence

from sqlalchemy import exists, func, literal_column, or_, select
from sqlalchemy.sql.elements import ColumnElement

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.core.events import Cursor
from smsinbox.models.api_key import ApiKey
from smsinbox.models.callback import Callback, CallbackPost, PostState
from smsinbox.models.message import Message
from smsinbox.models.reader import Reader
from smsinbox.models.user import User
from smsinbox.queries.page import Page

READER = "callbacks"


def all_callbacks() -> list[Callback]:
    """Every endpoint, and last what signs for addresses of texts."""
    order = (Callback.url == "", Callback.created_at, Callback.id)
    return list(db.session.scalars(select(Callback).order_by(*order)))


def of_key(api_key_id: int, dialect: str) -> list[Callback]:
    """The endpoints of a program in one dialect, oldest first."""
    mine = select(Callback).where(
        Callback.api_key_id == api_key_id, Callback.dialect == dialect, Callback.url != ""
    )
    return list(db.session.scalars(mine.order_by(Callback.created_at, Callback.id)))


def listening() -> list[Callback]:
    """Whoever may hear something now, oldest first."""
    query = select(Callback).join(ApiKey).where(in_use())
    return list(db.session.scalars(query.order_by(Callback.created_at, Callback.id)))


def anybody_listens(message_ids: Sequence[int]) -> bool:
    """Whether some program could hear of these texts: a cheap look before a costly one."""
    wishes = exists().where(Message.id.in_(message_ids), Message.asked.is_not(None))
    return bool(db.session.scalar(select(or_(exists().where(Callback.active), wishes))))


def in_use() -> ColumnElement[bool]:
    """The endpoint is on and its key was not revoked; for queries that join both."""
    return Callback.active & ApiKey.revoked_at.is_(None)


def read_up_to() -> Cursor:
    """Where in the log everything has been turned into posts."""
    reader = db.session.get(Reader, READER)
    return Cursor(reader.txid, reader.entry_id) if reader else Cursor(0, 0)


def any_due() -> bool:
    """Whether a post wants to be tried."""
    due = (
        select(CallbackPost.id)
        .join(Callback, Callback.id == CallbackPost.callback_id)
        .join(ApiKey, ApiKey.id == Callback.api_key_id)
        .where(CallbackPost.state == literal_column(f"'{PostState.WAITING.value}'"))
        .where(CallbackPost.due_at <= clock.now(), in_use())
    )
    return db.session.scalar(due.limit(1)) is not None


def found(callback_id: str) -> Callback:
    """The callback; raises NotFound."""
    known = callback_id.isascii() and callback_id.isprintable()  # Postgres takes no NUL
    callback = db.session.get(Callback, callback_id) if known else None
    if callback is None:
        raise NotFound
    return callback


def of_program(callback_id: str, api_key_id: int, dialect: str) -> Callback:
    """The endpoint, if it is this program's in that dialect; raises NotFound."""
    callback = found(callback_id)
    is_theirs = callback.api_key_id == api_key_id and callback.dialect == dialect
    if not (is_theirs and callback.is_endpoint):
        raise NotFound
    return callback


def posts(callback_id: str, before: int | None = None, limit: int = 50) -> Page[CallbackPost]:
    """The log of one endpoint, newest first; `before` is the id that ended the page before it."""
    query = select(CallbackPost).where(CallbackPost.callback_id == callback_id)
    if before is not None:
        query = query.where(CallbackPost.id < before)
    items = list(db.session.scalars(query.order_by(CallbackPost.id.desc()).limit(limit + 1)))
    more = str(items[limit - 1].id) if len(items) > limit else None
    return Page(items[:limit], more)


def switched_off_for(user: User) -> list[Callback]:
    """Endpoints that we gave up on since this admin last looked; none for anybody else."""
    if not user.is_admin:
        return []
    news = select(Callback).where(Callback.off_reason.is_not(None), Callback.off_at.is_not(None))
    if user.callbacks_seen_at is not None:
        news = news.where(Callback.off_at > user.callbacks_seen_at)
    return list(db.session.scalars(news.order_by(Callback.off_at, Callback.id)))


def switched_off_count() -> int:
    """How many endpoints we gave up on and nobody has seen to."""
    gone = select(func.count()).select_from(Callback).where(Callback.off_reason.is_not(None))
    return db.session.scalar(gone) or 0
