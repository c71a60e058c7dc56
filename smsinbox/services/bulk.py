"""One deed on one conversation, of those that are done to many; and how it is taken back."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.events import emit, emit_all
from smsinbox.core.i18n import _
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import (
    ConversationReopened,
    ConversationSnoozed,
    MessageChanged,
    TroubleDismissed,
)
from smsinbox.models.message import TROUBLED, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.services import contact_tags, conversations, outbound, outbox, read_markers

MORNING = time(9)


class Standing(NamedTuple):
    """How a conversation stood before; what a deed may be taken back to."""

    status: str
    assignee_id: int | None
    snoozed_until: int | None  # microseconds since 1970, as the next two
    waiting_since: int | None
    last_message_at: int
    unanswered: int
    wants_out: bool

    @classmethod
    def of(cls, there: Conversation) -> Self:
        """How it stands now."""
        return cls(
            there.status,
            there.assignee_id,
            _micros(there.snoozed_until),
            _micros(there.waiting_since),
            clock.micros(there.last_message_at),
            there.unanswered,
            there.wants_out,
        )


@atomic
def do(verb: str, value: str, conversation_id: int, by: User) -> Standing:
    """Do it; how the conversation stood before. Raises Invalid for a verb that is none."""
    deed = DEEDS.get(verb)
    if deed is None:
        raise Invalid(_("There is nothing like this to do."))
    before = Standing.of(outbox.lock(conversation_id))
    deed(conversation_id, value, by)
    return before


@atomic
def take_back(conversation_id: int, before: Standing, by: User) -> None:
    """Let it stand as before; raises Conflict when somebody wrote there meanwhile."""
    there = outbox.lock(conversation_id)
    if clock.micros(there.last_message_at) != before.last_message_at:
        raise Conflict(_("Somebody wrote there meanwhile, so it was left as it is."))
    if there.assignee_id != before.assignee_id:
        conversations.assign(conversation_id, before.assignee_id, by)
    there.status, there.wants_out = before.status, before.wants_out
    there.snoozed_until = _instant(before.snoozed_until)
    there.unanswered, there.waiting_since = before.unanswered, _instant(before.waiting_since)
    db.session.flush()
    emit(ConversationReopened.of(there))


@atomic
def snooze(conversation_id: int, until: datetime, by: User) -> Conversation:
    """Put it away until then, or until they text."""
    there = outbox.lock(conversation_id)
    if until <= clock.now():
        raise Invalid(_("Choose a time to come."), "until")
    if not there.snooze(until):
        raise Conflict(_("It is closed. Reopen it before you snooze it."))
    db.session.flush()
    emit(ConversationSnoozed.of(there))
    return there


@atomic
def retry(conversation_id: int, by: User) -> int:
    """Send the failed texts of it again; how many. Uncertain ones are left to a look at each."""
    failed = [one for one in _troubled(conversation_id) if one.state != MessageState.UNCERTAIN]
    if not failed:
        raise Conflict(_("These may have arrived. Look at each before you send it again."))
    for one in failed:
        outbound.resend(one.id, by)
    return len(failed)


@atomic
def dismiss(conversation_id: int, by: User) -> int:
    """The trouble of its texts was seen; how many. They stay unsent, and leave *Failed*."""
    there, seen = outbox.lock(conversation_id), _troubled(conversation_id)
    for one in seen:
        one.dismissed_at = clock.now()
    db.session.flush()
    if seen:
        emit_all(map(MessageChanged.of, seen))
        emit(TroubleDismissed.of(there))
    return len(seen)


def _troubled(conversation_id: int) -> list[Message]:
    theirs = Message.conversation_id == conversation_id
    return list(db.session.scalars(select(Message).where(theirs, text(TROUBLED)).order_by("id")))


def _assign(conversation_id: int, value: str, by: User) -> None:
    if value and value != "me" and not (value.isascii() and value.isdigit() and len(value) < 16):
        raise Invalid(_("Choose somebody from the list."), "assignee")
    who = by.id if value == "me" else int(value) if value else None
    conversations.assign(conversation_id, who, by)


def _tag(conversation_id: int, value: str, by: User) -> None:
    contact_tags.put_on(db.session.get_one(Conversation, conversation_id).contact_id, value, by)


def _snooze(conversation_id: int, value: str, by: User) -> None:
    there = db.session.get_one(Conversation, conversation_id)
    snooze(conversation_id, preset(value, db.session.get_one(Number, there.number_id).zone), by)


def preset(name: str, zone: str) -> datetime:
    """When *hour*, *evening* (three hours on), *tomorrow* or *monday* (at 9) is in that zone."""
    now = clock.now()
    hours = {"hour": 1, "evening": 3}.get(name)
    if hours:
        return now + timedelta(hours=hours)
    today = now.astimezone(ZoneInfo(zone)).date()
    days = {"tomorrow": 1, "monday": 7 - today.weekday()}.get(name)
    if days is None:
        raise Invalid(_("Choose when it shall come back."), "until")
    return datetime.combine(today + timedelta(days=days), MORNING, ZoneInfo(zone))


DEEDS: dict[str, Callable[[int, str, User], object]] = {
    "assign": _assign,
    "tag": _tag,
    "close": lambda id_, value, by: conversations.close(id_, by),
    "reopen": lambda id_, value, by: conversations.reopen(id_, by),
    "snooze": _snooze,
    "star": lambda id_, value, by: conversations.star(id_, by, value != "off"),
    "settle": lambda id_, value, by: conversations.settle(id_, by),
    "read": lambda id_, value, by: read_markers.read(id_, by),
    "unread": lambda id_, value, by: read_markers.leave_unread(id_, by),
    "retry": lambda id_, value, by: retry(id_, by),
    "dismiss": lambda id_, value, by: dismiss(id_, by),
}
PERSONAL = ("read", "unread")  # whoever may see may do these
UNDONE = ("close", "snooze", "assign", "settle")  # and nothing else is changed by them


def _micros(at: datetime | None) -> int | None:
    return None if at is None else clock.micros(at)


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else clock.from_micros(micros)
