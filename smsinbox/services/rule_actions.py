"""What rules do beside replying, carried out for all texts of a batch in their transaction.

Every deed is a line in the thread under the rule's name. Of a rule in shadow the line only says
what it would have done. Consent is services/consent.py's; here it only gets its line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from smsinbox.core.bulk import Bulk
from smsinbox.core.clock import micros
from smsinbox.core.database import db
from smsinbox.core.events import Event, emit_all
from smsinbox.models.activity import ActivityKind
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import (
    AgentsNotified,
    ContactChanged,
    ConversationAssigned,
    ConversationClosed,
    ConversationSnoozed,
    MessageIds,
    ProgramsNotified,
)
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
from smsinbox.services import activities
from smsinbox.services.activities import Line


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
    events: list[Event] = []
    lines = []
    for task in tasks:
        words = f"Would {task.action}." if task.shadow else _do(task, users, events, at)
        lines.append(_line(task, words))
    db.session.flush()
    emit_all(events)
    activities.write(lines, at)


def _do(task: Task, users: dict[str, User], events: list[Event], at: datetime) -> str:
    """One action; what its line says. Tags are on already, consent is changed already."""
    match task.action:
        case Assign(to=email):
            return _assign(task.conversation, users.get(email), email, events)
        case Note(text=text):
            return text
    events += _happened(task, users, at)
    words = str(task.action)
    return f"{words[0].upper()}{words[1:]}."


def _happened(task: Task, users: dict[str, User], at: datetime) -> list[Event]:
    there = task.conversation
    match task.action:
        case Snooze(minutes=minutes):
            snoozed = there.snooze(at + timedelta(minutes=minutes))
            return [ConversationSnoozed.of(there)] if snoozed else []
        case Close():
            return _close(there)
        case Notify(users=emails):
            return _notified(task.message, [users[one].id for one in emails if one in users])
        case Callback():
            return [ProgramsNotified.of(task.message)]
        case Tag() | Untag():
            return [ContactChanged.of(there)]
    return []


def _close(there: Conversation) -> list[Event]:
    if not there.close():
        return []
    return [ConversationClosed.of(there)]


def _assign(there: Conversation, to: User | None, email: str, events: list[Event]) -> str:
    if to is None or not can(to, Permission.ANSWER, there.number_id):
        return f"Could not assign it to {email}: they may not answer on this number."
    if there.assignee_id != to.id:
        there.assignee_id = to.id
        events.append(ConversationAssigned.of(there))
    return f"Assigned it to {to.name}."


def _notified(message: MessageIds, user_ids: Sequence[int]) -> list[Event]:
    """One for each of these users; for all of the number's when none is named."""
    every: Sequence[int | None] = user_ids or [None]
    return [
        AgentsNotified(
            conversation_id=message.conversation_id,
            message_id=message.id,
            number_id=message.number_id,
            user_id=one,
        )
        for one in every
    ]


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
