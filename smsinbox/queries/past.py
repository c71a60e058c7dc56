"""A stretch of a number's past, in a few wide reads: what a backtest walks through."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Row, case, exists, func, select, type_coerce

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.phones import Kind
from smsinbox.models.attachment import Attachment
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.firing import Firing
from smsinbox.models.message import Author, Direction, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.models.opt_out import OptOut
from smsinbox.models.paired_number import PairedNumber
from smsinbox.models.tag import ContactTag, Tag
from smsinbox.models.user import User
from smsinbox.rules.facts import REMEMBERED

_UNSAID = (MessageState.SCHEDULED, MessageState.CANCELED, MessageState.FAILED)
LEAD = REMEMBERED  # of turns before the first text that is decided about


class Said(NamedTuple):
    """A text, times in microseconds."""

    id: int
    conversation_id: int
    author: str
    body: str
    at: int
    occurred: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """Who a conversation is with and how it stands. Tags and language are those of today."""

    conversation_id: int
    contact_id: int
    name: str
    phone: str
    is_person: bool
    is_ours: bool
    is_paired: bool
    blocked_at: datetime | None
    language: str
    attributes: dict[str, str]
    tags: frozenset[str]
    assignee: str
    opened_at: datetime
    paused_at: datetime | None
    resumed_at: datetime | None
    opted_out_at: datetime | None
    opted_out_by: str
    first_id: int  # its first text
    first_inbound_id: int | None
    fired: dict[int, datetime] = field(default_factory=dict)  # before the stretch, by rule

    @property
    def started_by_customer(self) -> bool:
        return self.first_id == self.first_inbound_id


def known(number_id: int, since: datetime) -> dict[int, Known]:
    """All conversations of the number."""
    tags, fired, firsts = _tags(), _fired(number_id, since), _firsts(number_id)
    ours = exists().where(Number.phone == Contact.phone)
    paired = exists().where(PairedNumber.phone == Contact.phone)
    query = (
        select(
            Conversation.id,
            Conversation.contact_id,
            Conversation.opened_at,
            Conversation.created_at,
            Conversation.paused_at,
            Conversation.resumed_at,
            Contact.name,
            Contact.phone,
            Contact.kind,
            Contact.language,
            Contact.attributes,
            Contact.blocked_at,
            User.name.label("assignee"),
            OptOut.at.label("opted_out_at"),
            OptOut.source,
            ours.label("is_ours"),
            paired.label("is_paired"),
        )
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(User, User.id == Conversation.assignee_id)
        .outerjoin(OptOut, OptOut.covers(Contact.id, Conversation.number_id))
        .where(Conversation.number_id == number_id)
        .order_by(OptOut.at.desc())  # one for this number beside one for all: the older counts
    )
    return {
        row.id: _known(row, tags[row.contact_id], firsts.get(row.id), fired[row.contact_id])
        for row in db.session.execute(query)
    }


def texts(number_id: int, since: datetime) -> Iterator[Said]:
    """Everything said since then and a while before, oldest first."""
    at, occurred = (
        type_coerce(column, BigInteger) for column in (Message.created_at, Message.occurred_at)
    )
    query = (
        select(
            Message.id,
            Message.conversation_id,
            Message.author,
            Message.body,
            at,
            occurred,
        )
        .where(
            Message.number_id == number_id,
            at >= clock.micros(since - LEAD),
            Message.state.not_in([state.value for state in _UNSAID]),
        )
        .order_by(Message.id)
        .execution_options(yield_per=5000)
    )
    return map(Said._make, db.session.connection().execute(query))  # plain rows, in a third


def count(number_id: int, since: datetime) -> int:
    """How many texts came in since then."""
    query = select(func.count()).where(
        Message.number_id == number_id,
        Message.direction == Direction.INBOUND.value,
        Message.created_at >= since,
    )
    return db.session.scalar(query) or 0


def armed_answers(number_id: int) -> set[int]:
    """The texts that a program had armed a reply for: rules were not asked about them."""
    query = select(Message.answers_id).where(
        Message.number_id == number_id,
        Message.author == Author.ARMED.value,
        Message.answers_id.is_not(None),
    )
    return {answers_id for answers_id in db.session.scalars(query) if answers_id}


def with_files(number_id: int, since: datetime) -> dict[int, int]:
    """How many files each inbound text brought; those without are missing."""
    query = (
        select(Message.id, func.count())
        .join(Attachment, Attachment.message_id == Message.id)
        .where(Message.number_id == number_id, Message.created_at >= since - LEAD)
        .group_by(Message.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def spent(number_id: int, since: datetime, until: datetime) -> dict[int, int]:
    """How many texts each rule sent to everybody in that stretch."""
    query = (
        select(Firing.rule_id, func.count())
        .where(Firing.at >= since, Firing.at < until, Firing.replied)
        .group_by(Firing.rule_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _known(
    row: Row[*tuple[Any, ...]],
    tags: frozenset[str],
    first: tuple[int, int | None] | None,
    fired: dict[int, datetime],
) -> Known:
    first_id, first_inbound_id = first or (0, None)
    return Known(
        conversation_id=row.id,
        contact_id=row.contact_id,
        name=row.name,
        phone=row.phone,
        is_person=row.kind == Kind.PERSON,
        is_ours=bool(row.is_ours),
        is_paired=bool(row.is_paired),
        blocked_at=row.blocked_at,
        language=row.language,
        attributes=row.attributes or {},
        tags=tags,
        assignee=row.assignee or "",
        opened_at=row.opened_at or row.created_at,
        paused_at=row.paused_at,
        resumed_at=row.resumed_at,
        opted_out_at=row.opted_out_at,
        opted_out_by=row.source or "",
        first_id=first_id,
        first_inbound_id=first_inbound_id,
        fired=fired,
    )


def _tags() -> dict[int, frozenset[str]]:
    worn: dict[int, set[str]] = defaultdict(set)
    query = select(ContactTag.contact_id, Tag.name).join(Tag, Tag.id == ContactTag.tag_id)
    for contact_id, name in db.session.execute(query):
        worn[contact_id].add(name)
    return defaultdict(frozenset, {who: frozenset(names) for who, names in worn.items()})


def _fired(number_id: int, since: datetime) -> dict[int, dict[int, datetime]]:
    last: dict[int, dict[int, datetime]] = defaultdict(dict)
    query = (
        select(Firing.contact_id, Firing.rule_id, func.max(Firing.at))
        .join(Message, Message.id == Firing.message_id)
        .where(Message.number_id == number_id, Firing.at < since)
        .group_by(Firing.contact_id, Firing.rule_id)
    )
    for contact_id, rule_id, at in db.session.execute(query):
        last[contact_id][rule_id] = at
    return last


def _firsts(number_id: int) -> dict[int, tuple[int, int | None]]:
    inbound = case((Message.direction == Direction.INBOUND.value, Message.id))
    query = (
        select(Message.conversation_id, func.min(Message.id), func.min(inbound))
        .where(Message.number_id == number_id)
        .group_by(Message.conversation_id)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}
