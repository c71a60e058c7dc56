"""What rules would have done with the texts that really came in. Nothing is stored or sent.

One pass through the past, by the same evaluator as live: what rules answered then is forgotten,
what they would have answered now is remembered (cooldowns, budgets, loops, opt-outs), and what
people and programs wrote stays where it was. Most texts are nothing to any rule; those cost no
more than a look into the rulebook and count as turns of their conversation.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from smsinbox.core import clock
from smsinbox.core.words import meaning_of
from smsinbox.models.message import Author
from smsinbox.queries import facts as facts_query
from smsinbox.queries import past
from smsinbox.queries import rules as rules_query
from smsinbox.queries.past import Known, Said
from smsinbox.rules import facts
from smsinbox.rules.conditions import zone_of, zone_of_number
from smsinbox.rules.decide import after, decide
from smsinbox.rules.decision import Decision
from smsinbox.rules.definition import MatchType
from smsinbox.rules.facts import Facts, Text, Voice
from smsinbox.rules.matching import said
from smsinbox.rules.rulebook import Rulebook
from smsinbox.services import trying
from smsinbox.services.talks import MEMORY, Talk

SHOWN = 50  # of the latest hits
_SOON = 120_000_000  # microseconds within which an agent would have answered anyway
_STEP = 5_000  # texts between two reports of how far it is
_OLD_WAYS = (Author.RULE, Author.CONSENT)  # what is simulated anew
_CONTACT, _THEM = Author.CONTACT.value, Voice.THEM.value  # plain: compared for every text
_VOICES = {
    Author.USER: Voice.HUMAN,
    Author.PROGRAM: Voice.PROGRAM,
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that would have been answered or acted on, by the rule of that name."""

    message_id: int
    conversation_id: int
    contact: str
    phone: str
    at: datetime
    body: str
    rule: str
    reply: str


@dataclass(slots=True)
class Backtest:
    """What came of it; `hits` are the latest ones, newest first. While it grows, `texts` of `all`
    are done."""

    days: int
    texts: int = 0  # that came in
    all: int = 0
    answered: int = 0
    by_agent: int = 0  # of these, an agent answered within 2 minutes
    several: int = 0  # contacts that would have got it more than once
    opted_out: int = 0  # texts for it from contacts who had opted out
    hits: list[Hit] = field(default_factory=list)
    people: dict[int, int] = field(default_factory=dict)  # hits by contact


Told = dict[int, Decision]  # by text: the decisions that say more than that no rule is for it


def run(
    number_id: int, days: int, draft: dict[str, Any] | None = None, told: Told | None = None
) -> Backtest:
    """Over the latest days. With a draft (as `trying.tried` takes it) the figures are its own;
    without, those of all rules that are not off. `told` is filled. Raises Invalid for a draft that
    is none."""
    now = clock.now()
    return _last(_steps(number_id, now - timedelta(days=days), now, draft, days, told))


def steps(number_id: int, days: int, draft: dict[str, Any] | None = None) -> Iterator[Backtest]:
    """The same, growing: the last one is complete."""
    now = clock.now()
    return _steps(number_id, now - timedelta(days=days), now, draft, days)


def between(number_id: int, since: datetime, until: datetime, told: Told) -> Backtest:
    """The same over any stretch."""
    return _last(_steps(number_id, since, until, None, 0, told))


def _steps(
    number_id: int,
    since: datetime,
    until: datetime,
    draft: dict[str, Any] | None,
    days: int,
    told: Told | None = None,
) -> Iterator[Backtest]:
    book = trying.with_draft(number_id, draft) if draft else rules_query.book(number_id)
    walk = _Walk(
        book=book,
        target=None if draft is None else int(draft.get("id") or 0),
        stand_in=facts_query.stand_in(number_id, since, False),
        since=since,
        known=past.known(number_id, since),
        files=past.with_files(number_id, since),
        armed=past.armed_answers(number_id),
        found=Backtest(days, all=past.count(number_id, since)),
        told=told,
    )
    here = since.astimezone(zone_of_number(walk.stand_in))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
    walk.spent = past.spent(number_id, midnight, since)
    return walk.steps(number_id, clock.micros(since), clock.micros(until))


def _last(steps: Iterator[Backtest]) -> Backtest:
    *_, found = steps
    return found


@dataclass(slots=True)
class _Walk:
    book: Rulebook
    target: int | None
    stand_in: Facts
    since: datetime
    known: dict[int, Known]
    files: dict[int, int]
    armed: set[int]
    found: Backtest
    told: Told | None
    spent: dict[int, int] = field(default_factory=dict)
    days: dict[int, date] = field(default_factory=dict)  # by rule with a budget
    talks: dict[int, Talk] = field(default_factory=dict)
    worth: dict[tuple[str, int], tuple[bool, bool]] = field(default_factory=dict)

    def steps(self, number_id: int, begin: int, end: int) -> Iterator[Backtest]:
        """Walk through all texts. They are asked for with the first step, as a page that streams
        takes it in another transaction than it began with."""
        found, hear = self.found, self.hear
        for place, one in enumerate(past.texts(number_id, self.since)):
            if place % _STEP == 0:
                yield found
            if one.at <= end:
                hear(one, one.at < begin)
        found.several = sum(count > 1 for count in found.people.values())
        found.hits = found.hits[: -SHOWN - 1 : -1]
        yield found

    def hear(self, one: Said, is_past: bool) -> None:
        """The next text of all, theirs or ours."""
        talk = self.talks.get(one.conversation_id)
        if talk is None:
            talk = self._begin(one.conversation_id)
        if one.author != _CONTACT:
            self._ours(talk, one, is_past)
            return
        if is_past or one.id in self.armed or not self._is_worth_it(talk, one):
            if not is_past:
                self.found.texts += 1
            talk.turns.append((one.at, _THEM, one.body))
            return
        self.found.texts += 1
        self._decide(talk, one)

    def _begin(self, conversation_id: int) -> Talk:
        known, since = self.known[conversation_id], self.since
        out = known.opted_out_at is not None and known.opted_out_at < since
        paused = known.paused_at is not None and known.paused_at < since
        talk = self.talks[conversation_id] = Talk(known, dict(known.fired), out, paused)
        return talk

    def _ours(self, talk: Talk, one: Said, is_past: bool) -> None:
        if one.author in _OLD_WAYS and not is_past:
            return
        voice = _VOICES.get(Author(one.author), Voice.AUTOMATIC)
        talk.turns.append((one.at, voice.value, one.body))
        if voice is Voice.AUTOMATIC:
            talk.automatic_at = one.at
        elif voice is Voice.HUMAN and talk.waiting:
            self.found.by_agent += sum(one.at - at <= _SOON for at in talk.waiting)
            talk.waiting.clear()

    def _is_worth_it(self, talk: Talk, one: Said) -> bool:
        """Whether the evaluator could say more than that nothing is for this text: without an
        automatic text to answer, nobody looks like a machine."""
        if one.at - talk.automatic_at <= MEMORY or talk.known.is_ours or talk.known.is_paired:
            return True
        files = self.files.get(one.id, 0)
        found = self.worth.get((one.body, files))
        if found is None:
            found = self.worth[one.body, files] = self._look(one.body, files)
        return found[one.id == talk.known.first_inbound_id]

    def _look(self, body: str, files: int) -> tuple[bool, bool]:
        """For somebody known, and for somebody new."""
        heard = said(body, files)
        if meaning_of(heard.normalised, self.stand_in.number.consent_words):
            return True, True
        looked = self.book.worth_a_look(heard)
        if not looked:
            return False, False
        places = [self.book.compiled[place].matcher for place in looked]
        if any(place.hit(heard, False) is not None for place in places):
            return True, True
        firsts = (one for one in places if one.match.type is MatchType.FIRST_CONTACT)
        return False, any(one.hit(heard, True) is not None for one in firsts)

    def _decide(self, talk: Talk, one: Said) -> None:
        given = self._facts(talk, one)
        decision = decide(Text(one.body, self.files.get(one.id, 0)), given, self.book)
        then = after(given, decision)
        talk.turns[:] = then.conversation.turns
        talk.fired, self.spent = dict(then.fired), dict(then.spent)
        talk.opted_out, talk.paused = then.opted_out, then.paused
        if decision.reply or decision.confirms:
            talk.automatic_at = one.at
        if self.told is not None:
            self.told[one.id] = decision
        self._count(talk, one, decision)

    def _count(self, talk: Talk, one: Said, decision: Decision) -> None:
        found, fired = self.found, decision.fired
        if self.target is not None:
            fired = tuple(rule_id for rule_id in fired if rule_id == self.target)
        found.opted_out += any(
            not check.passed and check.name == "consent"
            for outcome in decision.rules
            if outcome.checks and self.target in (None, outcome.rule_id)
            for check in outcome.checks
        )
        if not fired:
            return
        who, reply = talk.known, decision.reply or decision.shadow_reply
        first = reply.rule_id if reply and reply.rule_id in fired else fired[0]
        found.answered += 1
        found.people[who.contact_id] = found.people.get(who.contact_id, 0) + 1
        talk.waiting.append(one.at)
        found.hits.append(
            Hit(
                message_id=one.id,
                conversation_id=one.conversation_id,
                contact=who.name,
                phone=who.phone,
                at=clock.from_micros(one.at),
                body=one.body,
                rule=decision.name_of(first) or "",
                reply=reply.text if reply and reply.rule_id == first else "",
            )
        )

    def _forget(self, talk: Talk, at: datetime) -> None:
        """Budgets begin anew at midnight; resumed automation knows nothing of before."""
        for rule in self.book.rules:
            if rule.definition.daily_budget is not None:
                here = at.astimezone(zone_of(rule.definition, self.stand_in)).date()
                if self.days.get(rule.id, here) != here:
                    self.spent.pop(rule.id, None)
                self.days[rule.id] = here
        resumed = talk.known.resumed_at
        if resumed and talk.resumes and resumed < at:
            talk.resumes = talk.paused = False
            talk.forget(resumed)

    def _facts(self, talk: Talk, one: Said) -> Facts:
        at, who = clock.from_micros(one.at), talk.known
        self._forget(talk, at)
        by_others = who.opted_out_by != "word" and who.opted_out_at is not None
        late = timedelta(microseconds=max(0, one.at - (one.occurred or one.at)))
        return Facts(
            at,
            number=self.stand_in.number,
            calendars=self.stand_in.calendars,
            contact=facts.Contact(
                who.name, one.id == who.first_inbound_id, who.language, who.tags, who.attributes
            ),
            conversation=facts.Conversation(
                who.started_by_customer, who.opened_at, who.assignee, talk.ready(one.at)
            ),
            fired=talk.fired,
            spent=self.spent,
            sender=talk.sender(at),
            paired=who.is_paired,
            opted_out=talk.opted_out or (by_others and (who.opted_out_at or at) <= at),
            paused=talk.paused,
            late=late,
        )
