"""What a decision depends on, read for all texts of a batch at once, as plain values."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from sqlalchemy import and_, func, or_, select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.phones import Kind
from smsinbox.core.text import normalise
from smsinbox.core.words import ConsentWord
from smsinbox.models.conversation import Conversation
from smsinbox.models.firing import Firing
from smsinbox.models.message import ARMED_FOR, LEFT, Arming, Author, Direction, Message
from smsinbox.models.tag import ContactTag, Tag
from smsinbox.queries import calendars, numbers
from smsinbox.queries.consent_words import additions
from smsinbox.queries.messages import opt_outs
from smsinbox.queries.places import Place, places, sayings
from smsinbox.rules import facts as plain
from smsinbox.rules.calendar import Hours
from smsinbox.rules.conditions import zone_of
from smsinbox.rules.definition import Cooldown
from smsinbox.rules.facts import REMEMBERED, Facts, Sender, Turn, Voice
from smsinbox.rules.matching import said
from smsinbox.rules.rulebook import Rule, Rulebook

_VOICES = {
    Author.CONTACT: Voice.THEM,
    Author.USER: Voice.HUMAN,
    Author.PROGRAM: Voice.PROGRAM,
    Author.RULE: Voice.AUTOMATIC,
    Author.CONSENT: Voice.AUTOMATIC,
    Author.ARMED: Voice.AUTOMATIC,
}


@dataclass(frozen=True, slots=True)
class Background:
    """By conversation: where it is, the facts, and the text whose reply is armed there."""

    places: dict[int, Place]
    facts: dict[int, Facts]
    armed: dict[int, Message]


def background(
    texts: Mapping[int, int | None],
    at: datetime,
    books: Mapping[int, Rulebook],
    armed_ids: Collection[int] = (),
) -> Background:
    """For texts that have come, or could come now: by conversation the message, which is no fact
    about itself, or None; the rulebooks by number tell what need not be asked."""
    there = places(texts)
    known = _Known.about(there, texts, at, books)
    return Background(
        there,
        {of: known.facts(place, texts[of]) for of, place in there.items()},
        _armed(armed_ids) if armed_ids else {},
    )


def stand_in(number_id: int, at: datetime, is_new: bool) -> Facts:
    """The facts about somebody who is like most: nothing was said or answered yet."""
    number = numbers.found(number_id)
    return Facts(
        at,
        contact=plain.Contact(new=is_new),
        number=plain.Number(
            number.name, number.zone, consent_words=additions([number_id]).get(number_id, {})
        ),
        calendars=calendars.hours(),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that was read, before it is sorted by conversation."""

    at: datetime
    opted_out: Collection[int]
    turns: Mapping[int, list[tuple[int, Turn]]]
    fired: Mapping[int, dict[int, datetime]]
    spent: Mapping[str, Mapping[int, int]]  # by the zone of the number
    tags: Mapping[int, frozenset[str]]
    words: Mapping[int, Mapping[str, ConsentWord]]
    hours: Mapping[str, Hours]

    @classmethod
    def about(
        cls,
        by_id: Mapping[int, Place],
        texts: Mapping[int, int | None],
        at: datetime,
        books: Mapping[int, Rulebook],
    ) -> "_Known":
        every = {rule.id: rule for book in books.values() for rule in book.rules}.values()
        there = by_id.values()
        by_hours = any(rule.definition.when.calendar for rule in every)
        hours = calendars.hours() if by_hours else {}
        by_tag = any(rule.definition.who.kind.endswith("_tag") for rule in every)
        return cls(
            at,
            _opted_out([place.id for place in there if place.may_be_opted_out]),
            _turns([one.id for one in there if one.began_with != texts[one.id]], at),
            _fired(every, [place.contact_id for place in there if place.has_fired]),
            {zone: _spent(every, hours, at, zone) for zone in {one.number_zone for one in there}},
            _tags({place.contact_id for place in there}) if by_tag else {},
            additions({place.number_id for place in there if place.has_own_words}),
            hours,
        )

    def facts(self, place: Place, before: int | None) -> Facts:
        """About the text `before`, of which nothing here may know, in this conversation."""
        since = clock.from_micros(place.resumed_at or 0)
        turns = tuple(
            turn
            for of, turn in self.turns.get(place.id, ())
            if (before is None or of < before) and turn.at > since
        )
        return Facts(
            self.at,
            contact=plain.Contact(
                name=place.name,
                new=place.first is None or place.first == before,
                language=place.language,
                tags=self.tags.get(place.contact_id, frozenset()),
                attributes=_attributes(place.attributes),
            ),
            conversation=plain.Conversation(
                started_by_customer=place.began in (None, Direction.INBOUND),
                opened_at=None if place.opened_at is None else clock.from_micros(place.opened_at),
                assignee=place.assignee or "",
                turns=turns,
            ),
            number=plain.Number(
                place.number_name, place.number_zone, self.words.get(place.number_id, {})
            ),
            calendars=self.hours,
            fired=self.fired.get(place.contact_id, {}),
            spent=self.spent[place.number_zone],
            sender=_sender(place),
            paired=bool(place.is_paired),
            opted_out=place.id in self.opted_out,
            paused=bool(place.is_paused),
        )


def _sender(place: Place) -> Sender:
    if place.is_ours:
        return Sender.OURS
    if place.is_blocked:
        return Sender.BLOCKED
    return Sender.PERSON if place.kind == Kind.PERSON.value else Sender.MACHINE


def _attributes(kept: object) -> dict[str, str]:
    found = orjson.loads(kept) if isinstance(kept, str) else kept
    return found if isinstance(found, dict) else {}


def _opted_out(conversation_ids: Collection[int]) -> Collection[int]:
    if not conversation_ids:
        return ()
    rows = db.session.scalars(select(Conversation).where(Conversation.id.in_(conversation_ids)))
    return opt_outs(list(rows)).keys()


def _turns(conversation_ids: Collection[int], at: datetime) -> dict[int, list[tuple[int, Turn]]]:
    found: dict[int, list[tuple[int, Turn]]] = defaultdict(list)
    for one in sayings(conversation_ids, at - REMEMBERED):
        voice = _VOICES[Author(one.author)]
        turn = Turn(clock.from_micros(one.at), voice, _heard(voice, one.body))
        found[one.conversation_id].append((one.id, turn))
    return found


def _heard(voice: Voice, body: str) -> str:
    """What the evaluator compares; what people of ours say it does not look at."""
    match voice:
        case Voice.THEM:
            return said(body).normalised
        case Voice.AUTOMATIC:
            return normalise(body)
        case _:
            return ""


def _fired(every: Iterable[Rule], contact_ids: Collection[int]) -> dict[int, dict[int, datetime]]:
    """By contact: when each rule that rests fired last."""
    rests = [rule.id for rule in every if rule.definition.cooldown is not Cooldown.NONE]
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    if rests and contact_ids:
        query = (
            select(Firing.contact_id, Firing.rule_id, func.max(Firing.at))
            .where(Firing.contact_id.in_(contact_ids), Firing.rule_id.in_(rests))
            .group_by(Firing.contact_id, Firing.rule_id)
        )
        for contact_id, rule_id, at in db.session.execute(query):
            found[contact_id][rule_id] = at
    return found


def _spent(
    every: Iterable[Rule], hours: Mapping[str, Hours], at: datetime, zone: str
) -> dict[int, int]:
    """By rule with a budget: the texts since midnight, by its calendar's clock or in that zone."""
    limited = [rule for rule in every if rule.definition.daily_budget is not None]
    if not limited:
        return {}
    where = Facts(at, number=plain.Number(zone=zone), calendars=hours)
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
