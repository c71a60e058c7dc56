"""The rules of a number, made ready: built once when they change, asked for every text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

from pydantic import TypeAdapter

from smsinbox.rules.decision import Mode, Outcome, RuleOutcome
from smsinbox.rules.definition import Definition, MatchType
from smsinbox.rules.matching import Matcher, Said, occurs
from smsinbox.rules.patterns import any_of
from smsinbox.rules.terms import LONGEST_TERM

MOST_RULES = 200  # of one number; the evaluator's 2 ms hold for as many


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with what its row knows: `everywhere` means of all numbers, not of this one alone."""

    id: int
    name: str
    definition: Definition
    mode: Mode = Mode.ON
    position: int = 0
    everywhere: bool = False


class Compiled:
    """One rule and its matcher; `missed` is what comes of it for a text without its words."""

    __slots__ = ("definition", "matcher", "missed", "rule", "shadow")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.definition = rule.definition
        self.matcher = Matcher(rule.definition.match)
        self.shadow = rule.mode is Mode.SHADOW
        self.missed = self._no_match(self.matcher.missed)

    def outcome_of_miss(self, heard: Said, is_new: bool) -> RuleOutcome:
        """Why the text is not for this rule."""
        veto = self.matcher.vetoed(heard, is_new)
        return self.missed if veto is None else self._no_match(veto)

    def _no_match(self, reason: str) -> RuleOutcome:
        return RuleOutcome(self.rule.id, self.rule.name, Outcome.NO_MATCH, reason)


class Edition(NamedTuple):
    """What the rules of a book say about a text that is for none of them: the same words, the same
    id, on every machine."""

    id: int
    written: bytes  # JSON

    @staticmethod
    def outcomes(kept: object) -> tuple[RuleOutcome, ...]:
        """What was written, read back."""
        return _OUTCOMES.validate_python(kept)


class Rulebook:
    """The candidates in their order: by position, of the number before of all numbers, by id.

    Rules that are off are none. Keep it as long as no rule of the number changes.
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        ordered = sorted(rules, key=lambda rule: (rule.position, rule.everywhere, rule.id))
        self.rules = tuple(rule for rule in ordered if rule.mode is not Mode.OFF)
        self.compiled = tuple(map(Compiled, self.rules))
        self.missed = tuple(one.missed for one in self.compiled)
        self._wordless: set[int] = set()
        self._by_pattern: set[int] = set()
        self._by_word: dict[str, set[int]] = {}
        self._typos = False
        for place, one in enumerate(self.compiled):
            self._index(place, one)
        written = (
            term for at in self._by_pattern for term in self.rules[at].definition.match.terms
        )
        self._always = sorted(self._wordless)
        self._patterns = any_of(written) if self._by_pattern else None

    @cached_property
    def edition(self) -> Edition:
        """As which it is kept beside the decisions made by it (`records`)."""
        written = _OUTCOMES.dump_json(self.missed, exclude_defaults=True)
        digest = blake2b(written, digest_size=8).digest()
        return Edition(int.from_bytes(digest) >> 1, written)

    def worth_a_look(self, heard: Said) -> Sequence[int]:
        """The places of the rules that could be for this text: the others need not be asked."""
        found: list[Iterable[int]] = []
        if not self._by_word.keys().isdisjoint(heard.tokens):
            found += [self._by_word.get(word, ()) for word in heard.tokens]
        if self._typos:
            found += self._but_for_a_letter(heard)
        if self._by_pattern and (self._patterns is None or occurs(self._patterns, heard)):
            found.append(self._by_pattern)
        return sorted(self._wordless.union(*found)) if found else self._always

    def _but_for_a_letter(self, heard: Said) -> Iterator[Iterable[int]]:
        for word in heard.tokens:
            if len(word) <= LONGEST_TERM + 1:
                for shorter in _with_one_letter_less(word):
                    if shorter in self._by_word:
                        yield self._by_word[shorter]

    def _index(self, place: int, one: Compiled) -> None:
        """Under the longest word of each term; where a typo may be, also with a letter less.

        Two words that are one typo apart are the same, or become so, without some letter each.
        """
        if one.definition.match.type is MatchType.REGEX:
            self._by_pattern.add(place)
        elif not one.matcher.terms:
            self._wordless.add(place)
        for words in one.matcher.terms:
            longest = max(words, key=len)
            keys = {longest}
            if one.definition.match.typos:
                self._typos = True
                keys.update(_with_one_letter_less(longest))
            for key in keys:
                self._by_word.setdefault(key, set()).add(place)


_OUTCOMES = TypeAdapter(tuple[RuleOutcome, ...])


def _with_one_letter_less(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}
