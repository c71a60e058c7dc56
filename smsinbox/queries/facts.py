"""What a decision depends on, read for all texts of a batch at once, as plain values."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.phones import Kind
from smsinbox.core.text import normalise
from smsinbox.core.words import ConsentWord
from smsinbox.models.conversation import Conversation
from smsinbox.models.firing import Firing
from smsinbox.models.message import ARMED_FOR, LEFT, Arming, Author, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.models.tag import ContactTag, Tag
from smsinbox.queries import calendars, numbers, rules
from smsinbox.queries.messages import opt_outs
from smsinbox.rules import facts as plain
from smsinbox.rules.calendar import Hours
from smsinbox.rules.conditions import zone_of
from smsinbox.rules.definition import Cooldown
from smsinbox.rules.facts import Facts, Sender, Turn, Voice
from smsinbox.rules.matching import said
from smsinbox.rules.rulebook import Rule, Rulebook

DAY = timedelta(days=1)
MOST_TURNS = 60  # of a conversation: as many as the evaluator remembers

_VOICES = {
    Author.CONTACT: Voice.THEM,
    Author.USER: Voice.HUMAN,
    Author.PROGRAM: Voice.PROGRAM,
    Author.RULE: Voice.AUTOMATIC,
    Author.CONSENT: Voice.AUTOMATIC,
    Author.ARMED: Voice.AUTOMATIC,
}
_UNSAID = (MessageState.SCHEDULED, MessageState.CANCELED, MessageState.FAILED)
_IS_DELAYED = (Message.state == MessageState.SCHEDULED.value) & (
    Message.author == Author.RULE.value
)


@dataclass(frozen=True, slots=True)
class Background:
    """By conversation: its row, the facts, and the text whose reply is armed there."""

    conversations: dict[int, Conversation]
    facts: dict[int, Facts]
    armed: dict[int, Message]


def facts_of(conversation_ids: Collection[int], at: datetime) -> dict[int, Facts]:
    """The facts about a text that comes to each of these conversations at that instant."""
    found = db.session.scalars(select(Conversation).where(Conversation.id.in_(conversation_ids)))
    stamps = {one.number_id: one.number.rules_stamp for one in found}
    return background(dict.fromkeys(conversation_ids), at, rules.books(stamps)).facts


def background(
    texts: Mapping[int, int | None],
    at: datetime,
    books: Mapping[int, Rulebook],
    armed_ids: Collection[int] = (),
) -> Background:
    """The same, and more, for the texts that have come: by conversation the message, which is no
    fact about itself; the rulebooks by number tell what need not be asked."""
    rows = db.session.scalars(
        select(Conversation).where(Conversation.id.in_(texts)),
        execution_options={"populate_existing": True},
    )
    there = {row.id: row for row in rows}
    known = _Known.about(there, at, books)
    return Background(
        there,
        {of: known.facts(row, texts[of]) for of, row in there.items()},
        _armed(armed_ids) if armed_ids else {},
    )


def stand_in(number_id: int, at: datetime, is_new: bool) -> Facts:
    """The facts about somebody who is like most: nothing was said or answered yet."""
    number = numbers.found(number_id)
    return Facts(
        at,
        contact=plain.Contact(new=is_new),
        number=_number(number, consent_words([number_id])),
        calendars=calendars.hours(),
    )


def consent_words(number_ids: Collection[int]) -> dict[int, Mapping[str, ConsentWord]]:
    """Further spellings of the consent words, normalised, by number; without any it is missing."""
    return {}


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that was read, before it is sorted by conversation."""

    at: datetime
    opted_out: Collection[int]
    ours: Collection[str]
    turns: Mapping[int, list[tuple[int, Turn]]]
    firsts: Mapping[int, tuple[int | None, bool]]
    fired: Mapping[int, dict[int, datetime]]
    spent: Mapping[int, int]
    tags: Mapping[int, frozenset[str]]
    words: Mapping[int, Mapping[str, ConsentWord]]
    hours: Mapping[str, Hours]

    @classmethod
    def about(
        cls, there: Mapping[int, Conversation], at: datetime, books: Mapping[int, Rulebook]
    ) -> "_Known":
        every = {rule.id: rule for book in books.values() for rule in book.rules}
        contacts = {row.contact_id for row in there.values()}
        by_hours = any(rule.definition.when.calendar for rule in every.values())
        hours = calendars.hours() if by_hours else {}
        by_tag = any(rule.definition.who.kind.endswith("_tag") for rule in every.values())
        return cls(
            at,
            opt_outs(list(there.values())).keys(),
            _ours({row.contact.phone for row in there.values()}),
            _turns(there, at),
            _firsts(there),
            _fired(every.values(), contacts),
            _spent(every.values(), hours, at),
            _tags(contacts) if by_tag else {},
            consent_words({row.number_id for row in there.values()}),
            hours,
        )

    def facts(self, row: Conversation, before: int | None) -> Facts:
        """About the text `before`, of which nothing here may know, in this conversation."""
        contact, number = row.contact, row.number
        first, began = self.firsts.get(row.id, (None, True))
        since = row.resumed_at or clock.EPOCH
        turns = tuple(
            turn
            for of, turn in self.turns.get(row.id, ())
            if (before is None or of < before) and turn.at > since
        )
        return Facts(
            self.at,
            contact=plain.Contact(
                name=contact.name,
                new=first is None or first == before,
                language=contact.language,
                tags=self.tags.get(contact.id, frozenset()),
                attributes=contact.attributes or {},
            ),
            conversation=plain.Conversation(
                started_by_customer=began,
                opened_at=row.opened_at,
                assignee=row.assignee.name if row.assignee else "",
                turns=turns,
            ),
            number=_number(number, self.words),
            calendars=self.hours,
            fired=self.fired.get(contact.id, {}),
            spent=self.spent,
            sender=_sender(row, self.ours),
            opted_out=row.id in self.opted_out,
            paused=row.paused_at is not None,
        )


def _number(number: Number, words: Mapping[int, Mapping[str, ConsentWord]]) -> plain.Number:
    return plain.Number(number.name, consent_words=words.get(number.id, {}))


def _sender(row: Conversation, ours: Collection[str]) -> Sender:
    if row.contact.phone in ours:
        return Sender.OURS
    return Sender.PERSON if row.contact.kind == Kind.PERSON.value else Sender.MACHINE


def _ours(phones: Collection[str]) -> set[str]:
    return set(db.session.scalars(select(Number.phone).where(Number.phone.in_(phones))))


def _turns(conversation_ids: Collection[int], at: datetime) -> dict[int, list[tuple[int, Turn]]]:
    found: dict[int, list[tuple[int, Turn]]] = defaultdict(list)
    query = _TURNS.where(Conversation.id.in_(conversation_ids), Message.created_at > at - DAY)
    for of, conversation_id, author, body, then in db.session.execute(query):
        voice = _VOICES[Author(author)]
        found[conversation_id].append((of, Turn(then, voice, _heard(voice, body))))
    return found


_other = aliased(Message)
_in_thread = select(_other.id).where(_other.conversation_id == Conversation.id)
_too_old = _in_thread.order_by(_other.id.desc()).limit(1).offset(MOST_TURNS)
_TURNS = (
    select(Message.id, Message.conversation_id, Message.author, Message.body, Message.created_at)
    .join(Conversation, Conversation.id == Message.conversation_id)
    .where(
        Message.id > func.coalesce(_too_old.scalar_subquery(), 0),
        or_(Message.state.not_in([state.value for state in _UNSAID]), _IS_DELAYED),
    )
    .order_by(Message.id)
)


def _heard(voice: Voice, body: str) -> str:
    """What the evaluator compares; what people of ours say it does not look at."""
    match voice:
        case Voice.THEM:
            return said(body).normalised
        case Voice.AUTOMATIC:
            return normalise(body)
        case _:
            return ""


def _firsts(conversation_ids: Collection[int]) -> dict[int, tuple[int | None, bool]]:
    """By conversation: the contact's first text, and whether the very first was theirs."""
    rows = db.session.execute(_FIRSTS.where(Conversation.id.in_(conversation_ids)))
    return {of: (first, direction in (None, "inbound")) for of, first, direction in rows}


_theirs = _in_thread.where(_other.direction == "inbound").order_by(_other.id).limit(1)
_began = select(_other.direction).where(_other.conversation_id == Conversation.id)
_FIRSTS = select(
    Conversation.id,
    _theirs.scalar_subquery(),
    _began.order_by(_other.id).limit(1).scalar_subquery(),
)


def _fired(every: Iterable[Rule], contact_ids: Collection[int]) -> dict[int, dict[int, datetime]]:
    """By contact: when each rule that rests fired last."""
    rests = [rule.id for rule in every if rule.definition.cooldown is not Cooldown.NONE]
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    if rests:
        query = (
            select(Firing.contact_id, Firing.rule_id, func.max(Firing.at))
            .where(Firing.contact_id.in_(contact_ids), Firing.rule_id.in_(rests))
            .group_by(Firing.contact_id, Firing.rule_id)
        )
        for contact_id, rule_id, at in db.session.execute(query):
            found[contact_id][rule_id] = at
    return found


def _spent(every: Iterable[Rule], hours: Mapping[str, Hours], at: datetime) -> dict[int, int]:
    """By rule with a budget: the texts since midnight, where its clock hangs."""
    limited = [rule for rule in every if rule.definition.daily_budget is not None]
    if not limited:
        return {}
    where = Facts(at, calendars=hours)
    today = [
        and_(Firing.rule_id == rule.id, Firing.at >= _midnight(rule, where)) for rule in limited
    ]
    query = select(Firing.rule_id, func.count()).where(Firing.replied, or_(*today))
    return {of: int(count) for of, count in db.session.execute(query.group_by(Firing.rule_id))}


def _midnight(rule: Rule, where: Facts) -> datetime:
    local = where.at.astimezone(zone_of(rule.definition, where))
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def _tags(contact_ids: Collection[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    query = select(ContactTag.contact_id, Tag.name).join(Tag, Tag.id == ContactTag.tag_id)
    for contact_id, name in db.session.execute(query.where(ContactTag.contact_id.in_(contact_ids))):
        found[contact_id].add(name)
    return {contact_id: frozenset(names) for contact_id, names in found.items()}


def _armed(ids: Collection[int]) -> dict[int, Message]:
    """Those that are armed, have left, and not too long ago."""
    found = db.session.scalars(
        select(Message).where(
            Message.id.in_(ids),
            Message.arming == Arming.ARMED.value,
            Message.state.in_([state.value for state in LEFT]),
            Message.expires_at > clock.now() - ARMED_FOR,
        ),
        execution_options={"populate_existing": True},
    )
    return {message.conversation_id: message for message in found}
