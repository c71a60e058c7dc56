"""What rules do beside replying, carried out for all texts of a batch in their transaction.

Every deed is a line in the thread under the rule's name. Of a rule in shadow the line only says
what it would have done. Consent is services/consent.py's; here it only gets its line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk
from smsinbox.core.clock import micros
from smsinbox.core.database import db
from smsinbox.core.events import Event, emit_all
from smsinbox.core.i18n import speaking
from smsinbox.models.activity import ActivityKind
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import (
    ContactChanged,
    ConversationAssigned,
    ConversationClosed,
    ConversationSnoozed,
    MessageIds,
    ProgramsNotified,
)
from smsinbox.models.notification import NotificationKind
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.rules.actions import (
    Action,
    Assign,
    Callback,
    Close,
    Note,
    Notify,
    Snooze,
    Tag,
    Untag,
)
from smsinbox.services import activities, notifications
from smsinbox.services.activities import Line
from smsinbox.services.notifications import News


@dataclass(frozen=True, slots=True)
class Task:
    """One action for one text; `message` are its ids."""

    message: MessageIds
    conversation: Conversation
    rule_id: int
    rule_name: str
    action: Action
    shadow: bool = False


def carry_out(tasks: Sequence[Task], at: datetime) -> None:
    """Do it all, in this order; the transaction around us holds the conversations."""
    if not tasks:
        return
    real = [task for task in tasks if not task.shadow]
    _tag(real, at)
    users = _users(real)
    told = _Told([], [])
    lines = []
    with speaking("en"):  # it is written down
        for task in tasks:
            words = f"Would {task.action}." if task.shadow else _do(task, users, told, at)
            lines.append(_line(task, words))
    db.session.flush()
    emit_all(told.events)
    notifications.notify_all(told.news)
    activities.write(lines, at)


class _Told(NamedTuple):
    """What is to be told to screens and programs, and to whom of ours."""

    events: list[Event]
    news: list[News]


def _do(task: Task, users: dict[str, User], told: _Told, at: datetime) -> str:
    """One action; what its line says. Tags are on already, consent is changed already."""
    match task.action:
        case Assign(to=email):
            return _assign(task, users.get(email), email, told)
        case Note(text=text):
            return text
        case Notify(users=emails):
            named = [users[one].id for one in emails if one in users] if emails else None
            told.news.append(_of_rule(task, NotificationKind.RULE, named))
    told.events.extend(_happened(task, at))
    words = str(task.action)
    return f"{words[0].upper()}{words[1:]}."


def _happened(task: Task, at: datetime) -> list[Event]:
    there = task.conversation
    match task.action:
        case Snooze(minutes=minutes):
            snoozed = there.snooze(at + timedelta(minutes=minutes))
            return [ConversationSnoozed.of(there)] if snoozed else []
        case Close():
            return _close(there)
        case Callback():
            return [ProgramsNotified.of(task.message)]
        case Tag() | Untag():
            return [ContactChanged.of(there)]
    return []


def _close(there: Conversation) -> list[Event]:
    if not there.close():
        return []
    return [ConversationClosed.of(there)]


def _assign(task: Task, to: User | None, email: str, told: _Told) -> str:
    there = task.conversation
    if to is None or not can(to, Permission.ANSWER, there.number_id):
        return f"Could not assign it to {email}: they may not answer on this number."
    if there.assign(to.id, clock.now()):
        told.events.append(ConversationAssigned.of(there))
        told.news.append(_of_rule(task, NotificationKind.ASSIGNED, [to.id]))
    return f"Assigned it to {to.name}."


def _of_rule(task: Task, kind: NotificationKind, user_ids: Sequence[int] | None) -> News:
    """Of users who are named and gone, nobody is told; when none is named, all of the number's."""
    return News(kind, user_ids, task.conversation.id, task.message.id, said=task.rule_name)


def _users(tasks: Iterable[Task]) -> dict[str, User]:
    """Those that actions name, by the address they sign in with."""
    emails = set()
    for task in tasks:
        match task.action:
            case Assign(to=email):
                emails.add(email)
            case Notify(users=some):
                emails.update(some)
    if not emails:
        return {}
    found = db.session.scalars(select(User).where(User.email.in_(emails)))
    return {user.email: user for user in found.unique()}


def _tag(tasks: Iterable[Task], at: datetime) -> None:
    """Of two actions about one tag and contact the later one holds."""
    wanted: dict[tuple[int, str], bool] = {}
    for task in tasks:
        if isinstance(task.action, Tag | Untag):
            name = task.action.tag.casefold()[:40].strip()
            wanted[task.conversation.contact_id, name] = isinstance(task.action, Tag)
    rows = [{"contact": contact, "name": name, "on": on} for (contact, name), on in wanted.items()]
    on = sorted((row for row in rows if row["on"]), key=lambda row: (row["name"], row["contact"]))
    off = [row for row in rows if not row["on"]]
    if on:
        _TAGS.run(on, now=micros(at))
        _ON.run(on)
    if off:
        _OFF.run(off)


_WEARS = {"contact": "BIGINT", "name": "TEXT"}
_TAGS = Bulk(
    """
    INSERT INTO tag (name, color, created_at)
    SELECT DISTINCT r.name, 'grey', {now} FROM {rows} WHERE true ORDER BY r.name
    ON CONFLICT (name) DO NOTHING
    """,
    _WEARS,
    sqlite={"now": ":now"},
    postgres={"now": "CAST(:now AS bigint)"},
)
_ON = Bulk(
    """
    INSERT INTO contact_tag (contact_id, tag_id)
    SELECT r.contact, t.id FROM {rows} JOIN tag t ON t.name = r.name WHERE true
    ON CONFLICT (contact_id, tag_id) DO NOTHING
    """,
    _WEARS,
)
_OFF = Bulk(
    """
    DELETE FROM contact_tag WHERE (contact_id, tag_id) IN (
      SELECT r.contact, t.id FROM {rows} JOIN tag t ON t.name = r.name)
    """,
    _WEARS,
)


def _line(task: Task, words: str) -> Line:
    is_note = isinstance(task.action, Note) and not task.shadow
    kind = ActivityKind.NOTE if is_note else ActivityKind.DONE
    return Line(task.message, kind, words, task.rule_name, task.rule_id)
