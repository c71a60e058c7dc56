"""Whether a text is one that a rule is for: whole words only, never a part of one.

`said` hears a text once for all rules; a `Matcher` is built once per definition.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from smsinbox.core.text import clean, normalise, normalise_with_accents, without_signature
from smsinbox.rules.definition import Match, MatchType
from smsinbox.rules.patterns import Pattern, pattern

LONGEST_TEXT = 10_000  # characters that are looked at; no SMS has as many
_FEWEST_LETTERS = 5  # of a word that may have a typo

# Scripts that write no spaces: each character is a token, so that a phrase is found inside a text.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff]"
)

# What an iPhone or an Android phone texts when somebody taps a reaction.
_TAPBACK = re.compile(
    r"""\s*(?:
      (?:liked|loved|disliked|questioned|emphasi[sz]ed|laughed\ at
        |removed\ an?\ .{1,30}?\ from|reacted\ .{1,30}?\ to
        |le\ (?:gustó|gusta|encantó|encanta)|a\ aimé|a\ adoré|gefällt|hat\ .{1,30}?\ reagiert\ auf
        |[^\w\s]{1,8}\ to)
      \s*[“”"„«‘'].*[“”"»’'](?:\s*\W{0,4})
    | (?:liked|loved|disliked|questioned|emphasi[sz]ed|laughed\ at
        |removed\ an?\ .{1,30}?\ from|reacted\ .{1,30}?\ to)
      \ an?\ (?:image|photo|picture|video|movie|audio\ message|attachment|message|sticker|link)
    )\s*""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)

_MISSED = {
    MatchType.ANY: "It is for every text.",
    MatchType.EXACT: "The text is not exactly one of its words.",
    MatchType.FIRST_WORD: "The text does not begin with one of its words.",
    MatchType.WORD: "None of its words is in the text.",
    MatchType.PHRASE: "None of its phrases is in the text.",
    MatchType.REGEX: "The text fits none of its patterns.",
    MatchType.FIRST_CONTACT: "They have written before.",
    MatchType.NO_TEXT: "It is not a picture without words.",
}

Tokens = tuple[str, ...]


class Said(NamedTuple):
    """A text in the forms in which rules look at it."""

    normalised: str
    tokens: Tokens
    written: str  # as it came, without a handset's signature, for patterns
    has_files: bool = False

    @property
    def is_tapback(self) -> bool:
        """Whether nobody wrote it: a reaction to another text."""
        return bool(_TAPBACK.fullmatch(self.written))

    @property
    def is_without_text(self) -> bool:
        """Whether there is nothing but files: characters that nobody sees are no text."""
        seen = (char.isprintable() and not char.isspace() for char in self.written)
        return self.has_files and not self.normalised and not any(seen)


def said(body: str, files: int = 0) -> Said:
    """Hear a text; only its first 10,000 characters count."""
    written = without_signature(clean(body[:LONGEST_TEXT]))
    normalised = normalise(written)
    return Said(normalised, tokens(normalised), written, files > 0)


def tokens(normalised: str) -> Tokens:
    """The words of a normalised text; of scripts without spaces, the characters."""
    if not normalised.isascii() and _UNSPACED.search(normalised):
        normalised = _UNSPACED.sub(r" \g<0> ", normalised)
    return tuple(normalised.split())


class Matcher:
    """A `Match` made ready. `hit` gives the term that was found, as it was written."""

    def __init__(self, match: Match) -> None:
        self.match = match
        self._vetoes = [tokens(normalise(term)) for term in match.not_terms]
        self.terms: dict[Tokens, str] = {}  # empty where no words are looked for
        if match.type.has_words:
            self.terms = {tokens(normalise(term)): term for term in match.terms}
        self._patterns = []
        if match.type is MatchType.REGEX:
            self._patterns = [(pattern(term), term) for term in match.terms]
        self._find = self._finder()

    def hit(self, heard: Said, is_new: bool) -> str | None:
        """The term that fits, "" where none is needed, None when the text is not for this rule."""
        found = self._find(heard, is_new)
        if found is not None and self._vetoes and self._veto(heard):
            return None
        return found

    @property
    def missed(self) -> str:
        """Why a text is not for this rule, in words."""
        return _MISSED[self.match.type]

    def vetoed(self, heard: Said, is_new: bool) -> str | None:
        """The same where only a word that it leaves alone is in the way, else None."""
        if self._vetoes and self._find(heard, is_new) is not None:
            return f"It has “{self._veto(heard)}” in it, which this rule leaves alone."
        return None

    def _veto(self, heard: Said) -> str | None:
        for term, words in zip(self.match.not_terms, self._vetoes, strict=True):
            if _within(heard.tokens, words, typos=False):
                return term
        return None

    def _finder(self) -> Callable[[Said, bool], str | None]:
        match self.match.type:
            case MatchType.ANY:
                return lambda heard, is_new: ""
            case MatchType.FIRST_CONTACT:
                return lambda heard, is_new: "" if is_new else None
            case MatchType.NO_TEXT:
                return lambda heard, is_new: "" if heard.is_without_text else None
            case MatchType.REGEX:
                return self._by_pattern
            case MatchType.EXACT:
                return self._exactly
            case MatchType.FIRST_WORD:
                return self._at_the_beginning
            case _:
                return self._anywhere

    def _exactly(self, heard: Said, is_new: bool) -> str | None:
        found = self.terms.get(heard.tokens)
        if found is None and self.match.typos:
            return self._first(lambda words: _alike(heard.tokens, words))
        return found

    def _at_the_beginning(self, heard: Said, is_new: bool) -> str | None:
        typos = bool(self.match.typos)
        return self._first(lambda words: _begins(heard.tokens, words, 0, typos))

    def _anywhere(self, heard: Said, is_new: bool) -> str | None:
        typos = bool(self.match.typos)
        return self._first(lambda words: _within(heard.tokens, words, typos))

    def _first(self, fits: Callable[[Tokens], bool]) -> str | None:
        return next((term for words, term in self.terms.items() if fits(words)), None)

    def _by_pattern(self, heard: Said, is_new: bool) -> str | None:
        return next((term for each, term in self._patterns if occurs(each, heard)), None)


def occurs(pattern: Pattern, heard: Said) -> bool:
    """Whether it is found in a text: as it was written, folded, or folded but for its accents."""
    if pattern.search(heard.written) or pattern.search(heard.normalised):
        return True
    return not heard.written.isascii() and bool(
        pattern.search(normalise_with_accents(heard.written))
    )


def _within(text: Tokens, words: Tokens, typos: bool) -> bool:
    if not typos and words[0] not in text:
        return False
    initial, last = words[0][0], len(text) - len(words)  # a typo never changes the first letter
    places = [at for at, token in enumerate(text) if token[0] == initial and at <= last]
    return any(_begins(text, words, at, typos) for at in places)


def _begins(text: Tokens, words: Tokens, at: int, typos: bool) -> bool:
    part = text[at : at + len(words)]
    return part == words or (typos and _alike(part, words))


def _alike(text: Tokens, words: Tokens) -> bool:
    """Whether they are the same words but for one typo in one of them."""
    if len(text) != len(words):
        return False
    wrong = [(said, meant) for said, meant in zip(text, words, strict=True) if said != meant]
    return len(wrong) <= 1 and all(_is_typo(said, meant) for said, meant in wrong)


def _is_typo(said: str, meant: str) -> bool:
    """One letter too many, too few or wrong, or two swapped, in a word of five letters or more.

    The first letter must be right: "yours" is no typo of "hours".
    """
    if len(meant) < _FEWEST_LETTERS or abs(len(said) - len(meant)) > 1 or said[:1] != meant[0]:
        return False
    if any(map(str.isdigit, meant)):
        return False
    at = next((i for i, (a, b) in enumerate(zip(said, meant, strict=False)) if a != b), len(meant))
    if len(said) > len(meant):
        return said[at + 1 :] == meant[at:]
    if len(said) < len(meant):
        return said[at:] == meant[at + 1 :]
    swapped = said[at : at + 2] == meant[at : at + 2][::-1] and said[at + 2 :] == meant[at + 2 :]
    return swapped or said[at + 1 :] == meant[at + 1 :]
