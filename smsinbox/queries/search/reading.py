"""What somebody typed into the search box, read: words, phrases, what must not be, operators.

Nothing that is typed is wrong: what cannot be understood is left out, and said so in words.
"""

import re
from dataclasses import dataclass

from smsinbox.core.i18n import _
from smsinbox.core.text import ascii_digits
from smsinbox.queries.search.words import Phrase, words_in

LONGEST = 200  # characters that are read
MOST_PARTS = 20
FEWEST_DIGITS = 4  # of a number: fewer are in too many of them
OPERATORS = ("from", "to", "tag", "number", "assignee", "before", "after", "is", "has")

_PART = re.compile(r'(-?)(?:([A-Za-z]+):(?!//))?(?:"([^"]*)"?|(\S*))')
_NUMBER = re.compile(r"[+0-9 ().\-/]+")


@dataclass(frozen=True, slots=True)
class Operator:
    """`from:ann`, `-is:closed`."""

    name: str
    value: str
    is_negated: bool

    def __str__(self) -> str:
        return f"{self.name}:{self.value}"


@dataclass(frozen=True, slots=True)
class Asked:
    """All of `wanted` must be there, in one of its spellings each; nothing of `unwanted` may."""

    text: str
    wanted: tuple[tuple[Phrase, ...], ...] = ()
    unwanted: tuple[Phrase, ...] = ()
    operators: tuple[Operator, ...] = ()
    digits: str = ""  # when the words are some shape of a phone number
    problems: tuple[str, ...] = ()

    @property
    def phrases(self) -> list[Phrase]:
        """Everything that is to be marked."""
        return [spelling for spellings in self.wanted for spelling in spellings]


def read(text: str) -> Asked:
    """The question in this text."""
    said = text.replace("\0", " ").strip()[:LONGEST]
    wanted, unwanted = list[Phrase](), list[Phrase]()
    operators, problems, plain = list[Operator](), list[str](), list[str]()
    for match in list(_PART.finditer(said))[: MOST_PARTS * 2]:
        minus, name, quoted, bare = match.groups()
        if name:
            problem = _operator(name.lower(), quoted or bare or "", bool(minus), operators)
            problems += [problem] if problem else []
        elif phrase := _phrase(quoted, bare):
            (unwanted if minus else wanted).append(phrase)
            plain.append("" if minus else quoted or bare or "")
    digits = digits_of(" ".join(plain))
    spellings = _as_number(wanted, digits) if digits else tuple((one,) for one in wanted)
    return Asked(
        said,
        spellings[:MOST_PARTS],
        tuple(unwanted[:MOST_PARTS]),
        tuple(operators[:MOST_PARTS]),
        digits,
        tuple(dict.fromkeys(problems)),
    )


def digits_of(text: str) -> str:
    """The digits of any shape of a phone number, or of the end of one; else empty."""
    plain = ascii_digits(text).strip()
    digits = re.sub(r"\D", "", plain)
    return digits if len(digits) >= FEWEST_DIGITS and _NUMBER.fullmatch(plain) else ""


def phrase_of(text: str, *, is_open: bool = True) -> Phrase | None:
    """The words of a text as one phrase; a single letter is taken as it stands."""
    words = tuple(word.folded for word in words_in(text))
    if not words:
        return None
    return Phrase(words, is_open and len(words[-1]) > 1)


def _phrase(quoted: str | None, bare: str | None) -> Phrase | None:
    if quoted is not None:
        return phrase_of(quoted, is_open=False)
    return phrase_of(bare or "")


def _as_number(wanted: list[Phrase], digits: str) -> tuple[tuple[Phrase, ...], ...]:
    """People write a number with spaces and without."""
    parts = tuple(word for phrase in wanted for word in phrase.words)
    spellings = dict.fromkeys((Phrase(parts, True), Phrase((digits,), True)))
    return (tuple(spellings),)


def _operator(name: str, value: str, is_negated: bool, into: list[Operator]) -> str | None:
    """Keep it; or say why not."""
    if name not in OPERATORS:
        return _(
            "There is no “%(name)s:” here, so it was left out. To look for the words themselves,"
            " put them in quotes.",
            name=name,
        )
    if not value.strip():
        return _("Write something right behind “%(name)s:”.", name=name)
    into.append(Operator(name, value.strip(), is_negated))
    return None
