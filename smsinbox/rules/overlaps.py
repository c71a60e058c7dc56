"""Which rules of a number stand in each other's way: found on saving, not by customers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from smsinbox.core.i18n import _
from smsinbox.rules import fields
from smsinbox.rules.actions import OptIn
from smsinbox.rules.definition import Cooldown, Definition, Match, MatchType
from smsinbox.rules.matching import Said, said
from smsinbox.rules.rulebook import Compiled, Rule, Rulebook


class Trouble(StrEnum):
    """How bad it is for the rule behind."""

    SHARES = "shares"  # some of its texts go to the other
    LOSES = "loses"  # all do, unless the other keeps silent
    NEVER = "never"  # all do, always: it can be deleted


@dataclass(frozen=True, slots=True)
class Overlap:
    """`rule_id` loses to `by_id`, which comes before it."""

    rule_id: int
    by_id: int
    trouble: Trouble
    words: str


def overlaps(rules: Iterable[Rule]) -> tuple[Overlap, ...]:
    """All that can be known without seeing texts; what patterns have in common cannot."""
    compiled = Rulebook(rules).compiled
    found: list[Overlap] = []
    for place, behind in enumerate(compiled):
        found += _before(behind, compiled[:place])
    return tuple(found)


def _before(behind: Compiled, others: Iterable[Compiled]) -> Iterator[Overlap]:
    for first in others:
        if first.shadow and not behind.shadow:
            continue
        if not _takes(first.definition, behind.definition):
            continue
        taken = _taken(first, behind)
        if not taken:
            continue
        trouble = _trouble(first, behind)
        yield Overlap(behind.rule.id, first.rule.id, trouble, _words(first, behind, trouble, taken))
        if trouble is Trouble.NEVER:
            return


def _takes(first: Definition, behind: Definition) -> bool:
    """Whether one that fires leaves the other nothing, or no reply, to send."""
    if {first.when.hours, behind.when.hours} == {"open", "closed"}:
        return first.when.calendar != behind.when.calendar
    if {first.who.kind, behind.who.kind} in ({"new", "known"}, {"has_tag", "lacks_tag"}):
        return first.who.of != behind.who.of
    return first.stop or bool(first.reply and behind.reply)


def _taken(first: Compiled, behind: Compiled) -> list[str]:
    """The terms of the one behind that the first answers; "" for all its texts."""
    ours, theirs = first.definition.match, behind.definition.match
    if ours.type is MatchType.ANY or (ours.type is theirs.type and not theirs.terms):
        return [""]
    if not theirs.type.has_words:
        return [term for term in theirs.terms if ours.type is theirs.type and term in ours.terms]
    return [
        term for term in theirs.terms if first.matcher.hit(_heard(term), is_new=False) is not None
    ]


@lru_cache(maxsize=2048)  # each term is held against every rule before it
def _heard(term: str) -> Said:
    return said(term)


def _trouble(first: Compiled, behind: Compiled) -> Trouble:
    if not _covers(first, behind):
        return Trouble.SHARES
    always = _is_as_wide(first.definition, behind.definition)
    return Trouble.NEVER if always else Trouble.LOSES


def _covers(first: Compiled, behind: Compiled) -> bool:
    """Whether every text that the one behind is for is one for the first, too."""
    ours, theirs = first.definition.match, behind.definition.match
    if ours.not_terms:
        return False
    if len(_taken(first, behind)) < max(1, len(theirs.terms)) and ours.type is not MatchType.ANY:
        return False
    return _is_wider(ours, theirs)


def _is_wider(ours: Match, theirs: Match) -> bool:
    if ours.type in (MatchType.ANY, MatchType.REGEX) or not ours.type.has_words:
        return ours.type is MatchType.ANY or ours.type is theirs.type
    if theirs.typos and not ours.typos:
        return False
    anywhere = (MatchType.WORD, MatchType.PHRASE)
    if ours.type in anywhere:
        return True
    if ours.type is MatchType.FIRST_WORD:
        return theirs.type in (MatchType.FIRST_WORD, MatchType.EXACT)
    return theirs.type is MatchType.EXACT


def _is_as_wide(first: Definition, behind: Definition) -> bool:
    """Whether the first fires whenever the one behind would."""
    return (
        first.stop
        and first.cooldown is Cooldown.NONE
        and first.daily_budget is None
        and first.human_grace <= behind.human_grace
        and first.valid_from is None
        and first.valid_until is None
        and first.who.kind in ("everyone", behind.who.kind)
        and (first.who.kind == "everyone" or first.who.of == behind.who.of)
        and first.started_by in ("any", behind.started_by)
        and (first.when.hours == "always" or first.when == behind.when)
        and _always_can(first, behind)
    )


def _always_can(first: Definition, behind: Definition) -> bool:
    """The limit of automatic texts silences both or none; a merge field may lack its value."""
    if any(isinstance(action, OptIn) for action in behind.actions):
        return False
    lacks_nothing = not any(map(fields.may_lack_a_value, first.replies))
    return not first.reply or (bool(behind.reply) and lacks_nothing)


def _words(first: Compiled, behind: Compiled, trouble: Trouble, taken: list[str]) -> str:
    other = behind.rule.name
    what = _what_it_takes(first, taken)
    match trouble:
        case Trouble.NEVER:
            return _(
                "%(what)s: “%(other)s” is never reached. Move it up, or delete it.",
                what=what,
                other=other,
            )
        case Trouble.LOSES:
            return _(
                "%(what)s: “%(other)s” only gets what that one leaves. Move it up?",
                what=what,
                other=other,
            )
        case Trouble.SHARES:
            return _("%(what)s; “%(other)s” gets the rest.", what=what, other=other)


def _what_it_takes(first: Compiled, taken: list[str]) -> str:
    name = first.rule.name
    if first.definition.match.type is MatchType.ANY:
        return _("“%(name)s” is for every text and comes first", name=name)
    terms = ", ".join(_("“%(term)s”", term=term) for term in taken if term)
    if terms:
        return _("“%(name)s” comes first and takes %(terms)s", name=name, terms=terms)
    return _("“%(name)s” comes first and takes the same texts", name=name)
