"""Who wants to hear of what just happened, and in which words: asked by live pages and by pushes.

Nobody hears of what they did themselves, of numbers that they may not see, of people who are
blocked, of texts that a rule handled quietly, or of texts that come more than an hour late.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.events import Entry
from smsinbox.core.i18n import _l, speaking
from smsinbox.models.events import MessageReceived, UserNotified
from smsinbox.models.message import Message
from smsinbox.models.notification import Notification, NotificationKind
from smsinbox.models.permission import Permission, can
from smsinbox.models.preference import TEXT, Channel, Preference
from smsinbox.models.user import User
from smsinbox.queries.conversation_rows import ConversationRow

KINDS = frozenset(kind.__name__ for kind in (MessageReceived, UserNotified))
LATE = timedelta(hours=1)
LONGEST = 80  # characters of a text
_WORDS = {
    NotificationKind.ASSIGNED: _l("Assigned to you"),
    NotificationKind.MENTIONED: _l("You were mentioned"),
    NotificationKind.FAILED: _l("Your text did not get through"),
    NotificationKind.WAITING: _l("Still waiting for an answer"),
    NotificationKind.RULE: _l("A rule asks you to look"),
    NotificationKind.ALERT: _l("An alert word was written"),
}  # what is about an account is told by the bell alone


class Ring(NamedTuple):
    """One user is told of one conversation; `words` may have to be looked up in their language."""

    user_id: int
    conversation_id: int
    title: str
    words: str
    sounds: bool
    pushes: bool
    repeats: bool

    def told(self, language: str) -> dict[str, object]:
        """The same as plain values, in that language."""
        with speaking(language):
            return {**self._asdict(), "words": str(self.words)}


class Ear(NamedTuple):
    """Somebody who may hear, with their wishes."""

    user: User
    wishes: Preference


def rings(
    entries: Iterable[Entry], rows: Mapping[int, ConversationRow], ears: Sequence[Ear]
) -> list[Ring]:
    """What these entries of the log mean for these users; `rows` are their conversations."""
    found = [*_texts(entries, rows, ears), *_notices(entries, rows, ears)]
    return [one for one in found if one.sounds or one.pushes]


def _texts(
    entries: Iterable[Entry], rows: Mapping[int, ConversationRow], ears: Sequence[Ear]
) -> Iterator[Ring]:
    came = {
        entry.message_id: entry.conversation_id
        for entry in entries
        if entry.kind == MessageReceived.__name__ and entry.message_id is not None
    }
    if not came or not ears:
        return
    waiting = [rows[there] for there in _fresh(came) if there in rows]
    for row in waiting:
        if row.is_blocked or row.waiting_since is None:
            continue
        for ear in ears:
            if ear.wishes.covers(row.assignee_id):
                yield from _told(ear, row, TEXT, row.preview[:LONGEST])


def _fresh(came: Mapping[int, int | None]) -> list[int]:
    """The conversations of those texts that were written a moment ago."""
    long_ago = clock.now() - LATE
    columns = Message.conversation_id, Message.occurred_at, Message.created_at
    asked = select(*columns).where(Message.id.in_(came))
    fresh = [
        there
        for there, occurred, created in db.session.execute(asked)
        if min(occurred or created, created) > long_ago
    ]
    return list(dict.fromkeys(fresh))


def _notices(
    entries: Iterable[Entry], rows: Mapping[int, ConversationRow], ears: Sequence[Ear]
) -> Iterator[Ring]:
    by_id = {ear.user.id: ear for ear in ears}
    told = {
        (entry.user_id, entry.conversation_id)
        for entry in entries
        if entry.kind == UserNotified.__name__ and entry.user_id in by_id and entry.conversation_id
    }
    for user_id, there in sorted((user or 0, there or 0) for user, there in told):
        row, ear = rows.get(there), by_id[user_id]
        kind = _newest(user_id, there)
        if row is not None and kind is not None and not row.is_blocked:
            yield from _told(ear, row, kind, _WORDS[NotificationKind(kind)])


def _newest(user_id: int, conversation_id: int) -> str | None:
    """Why this user was told last, unless they have read it already."""
    theirs = Notification.user_id == user_id, Notification.conversation_id == conversation_id
    query = select(Notification.kind).where(*theirs, Notification.read_at.is_(None))
    return db.session.scalar(query.order_by(Notification.id.desc()).limit(1))


def _told(ear: Ear, row: ConversationRow, happening: str, words: str) -> Iterator[Ring]:
    user, wishes = ear
    if not can(user, Permission.SEE, row.number_id):
        return
    hidden = wishes.hides_text
    yield Ring(
        user_id=user.id,
        conversation_id=row.id,
        title="smsinbox" if hidden else row.title,
        words=(_l("New text") if happening == TEXT else _l("News")) if hidden else words,
        sounds=wishes.wants(happening, Channel.SOUND),
        pushes=wishes.wants(happening, Channel.PUSH),
        repeats=wishes.repeats,
    )
