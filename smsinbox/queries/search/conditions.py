"""What each operator means in the tables: a condition on texts, on notes, and on conversations."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, false, func, not_, or_, select, true

from smsinbox.core import clock
from smsinbox.core.i18n import _
from smsinbox.models.activity import Activity, ActivityKind
from smsinbox.models.attachment import Attachment
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation, ConversationStatus
from smsinbox.models.message import Delivery, Direction, Message, MessageState
from smsinbox.models.read_marker import ReadMarker
from smsinbox.models.tag import ContactTag, Tag
from smsinbox.models.user import User
from smsinbox.queries import numbers, users
from smsinbox.queries.search.reading import Asked, Operator, digits_of, phrase_of
from smsinbox.queries.search.words import matches, words_in

Condition = ColumnElement[bool]

_INBOUND = Message.direction == Direction.INBOUND.value
_OUTBOUND = Message.direction == Direction.OUTBOUND.value
_UNDELIVERED = (Message.state == MessageState.ACCEPTED.value) & (
    Message.delivery == Delivery.UNDELIVERED.value
)
_UNANSWERED = Conversation.received - Conversation.unanswered
_OF_CONVERSATIONS: dict[str, Callable[[User], Condition]] = {
    "open": lambda viewer: Conversation.status == ConversationStatus.OPEN.value,
    "snoozed": lambda viewer: Conversation.status == ConversationStatus.SNOOZED.value,
    "closed": lambda viewer: Conversation.status == ConversationStatus.CLOSED.value,
    "starred": lambda viewer: Conversation.starred.is_(True),
    "waiting": lambda viewer: Conversation.waiting_since.is_not(None),
    "unread": lambda viewer: Conversation.received > func.coalesce(_read(viewer), _UNANSWERED),
    "mine": lambda viewer: Conversation.assignee_id == viewer.id,
    "unassigned": lambda viewer: Conversation.assignee_id.is_(None),
}
_OF_TEXTS: dict[str, Condition] = {
    "failed": or_(Message.state == MessageState.FAILED.value, _UNDELIVERED),
    "uncertain": Message.state == MessageState.UNCERTAIN.value,
    "scheduled": Message.state == MessageState.SCHEDULED.value,
    "inbound": _INBOUND,
    "outbound": _OUTBOUND,
}
STATES = (*_OF_CONVERSATIONS, *_OF_TEXTS)
_AGO = re.compile(r"([0-9]{1,4})([dw])")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")


class NotUnderstood(Exception):
    """What stands behind an operator cannot be used; the words say why."""


@dataclass
class Conditions:
    """All of these must hold; `people` is None where contacts by themselves are not asked for."""

    message: list[Condition] = field(default_factory=list)
    note: list[Condition] = field(default_factory=list)
    people: list[Condition] | None = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def conditions(asked: Asked, viewer: User, index: ModuleType) -> Conditions:
    """Of all the operators together."""
    made = Conditions()
    for operator in asked.operators:
        try:
            message, note, people = _MEANINGS[operator.name](operator, viewer, index)
        except NotUnderstood as problem:
            made.problems.append(str(problem))
            continue
        made.message.append(not_(message) if operator.is_negated else message)
        made.note.append(not_(note) if operator.is_negated else note)
        if people is None or made.people is None:
            made.people = None
        else:
            made.people.append(not_(people) if operator.is_negated else people)
    return made


def of_conversation(operator: Operator, viewer: User, index: ModuleType) -> Condition:
    """The same of a conversation: it is so itself, or has such a text. Raises NotUnderstood."""
    message, _notes, whole = _MEANINGS[operator.name](operator, viewer, index)
    if whole is None or message is not whole:
        texts = select(Message.id).where(Message.conversation_id == Conversation.id, message)
        whole = texts.correlate(Conversation).exists()
    return not_(whole) if operator.is_negated else whole


Meaning = tuple[Condition, Condition, Condition | None]


def _from(operator: Operator, viewer: User, index: ModuleType) -> Meaning:
    theirs = _INBOUND & _contact(operator.value, index)
    people = _people(operator.value, viewer)
    ours = or_(Message.user_id.in_(people), Message.number_id.in_(_numbers(operator, viewer)))
    return or_(theirs, _OUTBOUND & ours), Activity.user_id.in_(people), None


def _to(operator: Operator, viewer: User, index: ModuleType) -> Meaning:
    ours = Message.number_id.in_(_numbers(operator, viewer))
    theirs = _OUTBOUND & _contact(operator.value, index)
    return or_(theirs, _INBOUND & ours), false(), None


def _tag(operator: Operator, _viewer: User, _index: ModuleType) -> Meaning:
    tagged = (
        select(ContactTag.contact_id)
        .join(Tag, Tag.id == ContactTag.tag_id)
        .where(Tag.name == operator.value.lower())
    )
    worn = Conversation.contact_id.in_(tagged)
    return worn, worn, worn


def _number(operator: Operator, viewer: User, _index: ModuleType) -> Meaning:
    wanted = _numbers(operator, viewer)
    if not wanted:
        raise NotUnderstood(_("You see no number of ours that is “%(word)s”.", word=operator.value))
    ours = Conversation.number_id.in_(wanted)
    return ours, ours, ours


def _assignee(operator: Operator, viewer: User, _index: ModuleType) -> Meaning:
    if operator.value.lower() == "nobody":
        theirs = Conversation.assignee_id.is_(None)
    else:
        theirs = Conversation.assignee_id.in_(_people(operator.value, viewer))
    return theirs, theirs, theirs


def _before(operator: Operator, _viewer: User, _index: ModuleType) -> Meaning:
    at = _moment(operator)
    return Message.created_at < at, Activity.at < at, None


def _after(operator: Operator, _viewer: User, _index: ModuleType) -> Meaning:
    at = _moment(operator)
    return Message.created_at >= at, Activity.at >= at, None


def _is(operator: Operator, viewer: User, _index: ModuleType) -> Meaning:
    state = operator.value.lower()
    if (of_all := _OF_CONVERSATIONS.get(state)) is not None:
        whole = of_all(viewer)
        return whole, whole, whole
    if (one := _OF_TEXTS.get(state)) is not None:
        return one, false(), None
    raise NotUnderstood(
        _("“is:” knows %(states)s; not “%(word)s”.", states=", ".join(STATES), word=operator.value)
    )


def _read(viewer: User) -> ScalarSelect[int]:
    """How far the viewer has read in the conversation at hand."""
    marker = ReadMarker.conversation_id == Conversation.id, ReadMarker.user_id == viewer.id
    return select(ReadMarker.received).where(*marker).correlate(Conversation).scalar_subquery()


def _has(operator: Operator, _viewer: User, _index: ModuleType) -> Meaning:
    match operator.value.lower():
        case "file" | "files":
            return Message.id.in_(select(Attachment.message_id)), false(), None
        case "note" | "notes":
            noted = Conversation.id.in_(
                select(Activity.conversation_id).where(Activity.kind == ActivityKind.NOTE.value)
            )
            return noted, true(), noted
    raise NotUnderstood(_("“has:” knows file and note; not “%(word)s”.", word=operator.value))


_MEANINGS: dict[str, Callable[[Operator, User, ModuleType], Meaning]] = {
    "from": _from,
    "to": _to,
    "tag": _tag,
    "number": _number,
    "assignee": _assignee,
    "before": _before,
    "after": _after,
    "is": _is,
    "has": _has,
}


def _contact(value: str, index: ModuleType) -> Condition:
    """The text's contact has this name, or these digits in their number."""
    if digits := digits_of(value):
        return Conversation.contact_id.in_(with_digits(digits))
    phrase = phrase_of(value)
    if phrase is None:
        return false()
    found = select(Contact.id).where(index.named([[phrase]], by_notes=False))
    return Conversation.contact_id.in_(found)


def with_digits(digits: str) -> Any:
    """Contacts with these digits in their number; people write 079 for +4179, too."""
    parts = dict.fromkeys((digits, digits.lstrip("0") if len(digits) > 6 else digits))
    return select(Contact.id).where(or_(*(Contact.phone.like(f"%{part}%") for part in parts)))


def _people(value: str, viewer: User) -> list[int]:
    """Colleagues of this name; `me` is whoever asks."""
    if value.lower() == "me":
        return [viewer.id]
    return [user.id for user in users.all_users() if _is_called(value, user.name)]


def _numbers(operator: Operator, viewer: User) -> list[int]:
    """Numbers of ours with this name or these digits, as far as the viewer may see them."""
    digits = digits_of(operator.value)
    return [
        number.id
        for number in numbers.granted(viewer)
        if (digits and digits in number.phone) or _is_called(operator.value, number.name)
    ]


def _is_called(value: str, name: str) -> bool:
    phrase, said = phrase_of(value), [word.folded for word in words_in(name)]
    return phrase is not None and any(matches(phrase, said[at:]) for at in range(len(said)))


def _moment(operator: Operator) -> datetime:
    """Where a day begins, in UTC: 2026, 2026-11, 2026-11-05, today, yesterday, 7d, 2w."""
    said = operator.value.lower()
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    ago = {"today": 0, "yesterday": 1}.get(said)
    if match := _AGO.fullmatch(said):
        ago = int(match[1]) * (7 if match[2] == "w" else 1)
    try:
        if ago is not None:
            return today - timedelta(days=ago)
        if match := _DATE.fullmatch(said):
            year, month, day = (int(part or 1) for part in match.groups())
            return datetime(year, month, day, tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise NotUnderstood(
        _(
            "“%(operator)s” is no day. Write one as %(name)s:2026-11-05, %(name)s:2026-11,"
            " %(name)s:yesterday or %(name)s:7d.",
            operator=operator,
            name=operator.name,
        )
    )
