"""What a word is, and where the words of a question stand in a text.

The databases decide what is found (FTS5's `unicode61`, `search_fold` of migration 0016); here the
same words are made of the question, and marked in what came back.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import re2

_WORD = re2.compile(r"[\p{L}\p{N}\p{Mn}\p{Mc}]+")
_EMOJI_STYLE = str.maketrans("\ufe0e\ufe0f", "  ")  # marks by category, yet no part of a word
_ACCENTS = re.compile("[\u0300-\u036f]")
_SPACE = re.compile(r"\s+")
_WIDTH = 160  # characters of a snippet
_LEAD = 40  # of them before the first match


class Word(NamedTuple):
    """A word as it is compared, and where it stands."""

    folded: str
    start: int
    end: int


class Phrase(NamedTuple):
    """Words in this order; the last of an open one may go on: "deliv" finds "delivery"."""

    words: tuple[str, ...]
    is_open: bool


class Piece(NamedTuple):
    """A part of a text, and whether it is what was looked for."""

    text: str
    is_match: bool


def words_in(text: str) -> list[Word]:
    """The words of a text in their order."""
    spans = (
        (match, _fold(match.group())) for match in _WORD.finditer(text.translate(_EMOJI_STYLE))
    )
    return [Word(folded, match.start(), match.end()) for match, folded in spans if folded]


def snippet(text: str, phrases: Sequence[Phrase]) -> list[Piece]:
    """The part of a text around what was looked for, on one line, cut into pieces."""
    line = _SPACE.sub(" ", text).strip()
    places = _places(line, phrases)
    first = places[0][0] if places else 0
    start = 0
    if first + _LEAD > _WIDTH:
        start = line.rfind(" ", 0, max(first - _LEAD, 1)) + 1 or first
    end = start + _WIDTH
    shown = _cut(line, places, start, end)
    if start:
        shown.insert(0, Piece("…", False))
    if end < len(line):
        shown.append(Piece("…", False))
    return shown


def marked(text: str, phrases: Sequence[Phrase]) -> list[Piece]:
    """The whole text in pieces."""
    return _cut(text, _places(text, phrases), 0, len(text))


def marked_digits(text: str, digits: str) -> list[Piece]:
    """A phone number as it is written, with these digits marked."""
    at = [place for place, sign in enumerate(text) if sign.isdigit()]
    found = "".join(text[place] for place in at).find(digits) if digits else -1
    if found < 0:
        return [Piece(text, False)]
    return _cut(text, [(at[found], at[found + len(digits) - 1] + 1)], 0, len(text))


def matches(phrase: Phrase, words: Sequence[str]) -> bool:
    """Whether these folded words begin with the phrase."""
    *before, last = phrase.words
    rest = words[len(before) :]
    if list(words[: len(before)]) != before or not rest:
        return False
    return rest[0].startswith(last) if phrase.is_open else rest[0] == last


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare).lower().replace("ς", "σ")


def _places(text: str, phrases: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Where the phrases stand, in order, without overlaps."""
    words = words_in(text)
    folded = [word.folded for word in words]
    found: list[tuple[int, int]] = []
    for at, word in enumerate(words):
        for phrase in phrases:
            length = len(phrase.words)
            if matches(phrase, folded[at : at + length]):
                found.append((word.start, words[at + length - 1].end))
    return _apart(found)


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    apart: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _cut(text: str, places: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    """The text from start to end, cut where a match begins or ends."""
    pieces, at = [], start
    for begins, ends in places:
        if ends <= start or begins >= end:
            continue
        pieces += [Piece(text[at:begins], False), Piece(text[max(begins, start) : ends], True)]
        at = ends
    pieces.append(Piece(text[at : max(at, end)], False))
    return [piece for piece in pieces if piece.text]
