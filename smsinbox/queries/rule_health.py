"""What an admin should know about rules before customers find it out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.i18n import _
from smsinbox.models.activity import Activity, ActivityKind, GhostState
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.rule import Rule
from smsinbox.queries import calendars
from smsinbox.queries import rules as rules_query
from smsinbox.queries.rules import Figures
from smsinbox.rules import facts, fields, values
from smsinbox.rules.calendar import Hours
from smsinbox.rules.decision import Mode
from smsinbox.rules.definition import When
from smsinbox.rules.overlaps import overlaps
from smsinbox.rules.sentence import sentence

_SILENT = timedelta(days=30)
_PEOPLE = 100
_PROOF = 5  # ghosts sent and none refused, before a rule in shadow is proposed to be on


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule as its card shows it; `cost` is of the longest text that it sends, `ghosts` says how
    often people sent what it would have sent in shadow, and how often they said no."""

    rule: Rule
    sentence: str
    figures: Figures
    warnings: tuple[str, ...]
    cost: fields.Longest | None
    ghosts: tuple[int, int] = (0, 0)

    @property
    def has_proved_itself(self) -> bool:
        """Whether people sent enough of its ghosts and refused none."""
        sent, refused = self.ghosts
        return self.rule.mode == Mode.SHADOW and sent >= _PROOF and not refused


def standings(number_id: int, name: str) -> list[Standing]:
    """The rules of a number, in their order, each with what is worth knowing."""
    rows = rules_query.of_number(number_id)
    figures = rules_query.figures([row.id for row in rows]) if rows else {}
    readable = {rule.id: rule for rule in rules_query.ready(rows)}
    found = overlaps(readable.values())
    people = latest_people(number_id) if rows else []
    hours = calendars.hours() if rows else {}
    ghosts = _ghosts([row.id for row in rows if row.mode == Mode.SHADOW])
    made = []
    for row in rows:
        told, rule = (
            figures.get(row.id) or Figures(None, [0] * rules_query.DAYS),
            readable.get(row.id),
        )
        if rule is None:
            words = (_("It was written by another version and cannot be read: edit it."),)
            made.append(Standing(row, "", told, words, None))
            continue
        wanted = rule.definition
        cost = longest(texts(wanted.replies, wanted.when, hours), wanted.when, name, people)
        warnings = [one.words for one in found if one.rule_id == row.id]
        warnings += [*_never_fired(row, told), *_several_segments(cost)]
        said = sentence(rule.definition, name if row.number_id else "")
        settled = ghosts.get(row.id, (0, 0))
        made.append(Standing(row, said, told, tuple(warnings), cost, settled))
    return made


def draft_cost(
    number_id: int, name: str, replies: Collection[str], when: When
) -> fields.Longest | None:
    """The same of a rule that is being written; None while it has no reply. Raises ValueError
    for a merge field that nobody knows."""
    for reply in replies:
        fields.check(reply)
    every = texts(tuple(filter(str.strip, replies)), when, calendars.hours())
    return longest(every, when, name, latest_people(number_id)) if every else None


def texts(replies: Collection[str], when: When, hours: Mapping[str, Hours]) -> tuple[str, ...]:
    """All that it may say: its replies, and what special days of its calendar say instead."""
    calendar = hours.get(when.calendar or "")
    if not replies or calendar is None or when.hours == "always":
        return tuple(replies)
    return (*replies, *calendar.texts(clock.now()))


def longest(
    every: Iterable[str], when: When, number: str, people: Collection[Mapping[str, str]]
) -> fields.Longest | None:
    """The costliest of these texts to any of these people."""
    here = {"number.name": number, "date": "30 September", "time": "23:59"}
    if when.calendar:
        here["calendar.opens"] = "on 30 September at 10:30"
    everybody = [{**here, **person} for person in people] or [here]
    each = [fields.longest(text, everybody if "{{" in text else [here]) for text in every]
    return max(each, key=lambda one: (one.parts, one.units), default=None)


def latest_people(number_id: int) -> list[Mapping[str, str]]:
    """What merge fields say to the latest 100 contacts of the number."""
    query = (
        select(Contact.name, Contact.attributes)
        .join(Conversation, Conversation.contact_id == Contact.id)
        .where(Conversation.number_id == number_id)
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(_PEOPLE)
    )
    return [
        values.people_values(facts.Contact(name=name, attributes=attributes or {}))
        for name, attributes in db.session.execute(query)
    ]


def _ghosts(rule_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """By rule: how many of its ghosts people sent, and how many they refused."""
    settled: dict[int | None, dict[str | None, int]] = defaultdict(dict)
    if rule_ids:
        query = select(Activity.rule_id, Activity.ghost, func.count()).where(
            Activity.rule_id.in_(rule_ids), Activity.kind == ActivityKind.GHOST.value
        )
        for of, state, count in db.session.execute(
            query.group_by(Activity.rule_id, Activity.ghost)
        ):
            settled[of][state] = int(count)
    return {
        of: (by_state.get(GhostState.SENT, 0), by_state.get(GhostState.REFUSED, 0))
        for of, by_state in settled.items()
        if of is not None
    }


def _never_fired(row: Rule, told: Figures) -> list[str]:
    now = clock.now()
    is_old = now - row.created_at > _SILENT
    is_silent = told.last_fired is None or now - told.last_fired > _SILENT
    if row.mode == Mode.OFF or not (is_old and is_silent):
        return []
    return [_("It has not fired in 30 days.")]


def _several_segments(cost: fields.Longest | None) -> list[str]:
    if cost is None or cost.parts < 2:
        return []
    return [
        _("%(count)s segments: the longest text it sends is billed as %(count)s.", count=cost.parts)
    ]
