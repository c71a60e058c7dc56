"""The wrong window: does a draft speak to, or of, somebody whom its thread never mentions?

It looks for whole names anywhere, for first names where people are addressed, and for phone
numbers; a first name elsewhere may be a word ("will", "may") and says nothing.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from smsinbox.core.text import normalise

_DIGITS = 7  # the fewest that tell a phone number apart
_PHONE = re.compile(r"\+?\d[\d\s().-]{5,}\d")
_GREETINGS = frozenset(
    "hi hello hey dear morning afternoon evening thanks thank you hallo hola bonjour ciao liebe "
    "lieber sorry".split()
)
_AFTER = frozenset("you good so no yes ok okay many much".split())


class Person(NamedTuple):
    """A contact, as people know them."""

    name: str
    phone: str


def mixed_up(
    draft: str, others: Iterable[Person], thread: Iterable[str], here: Person | None = None
) -> str:
    """The name or phone of another person in the draft that neither the thread nor `here` has;
    empty when there is none."""
    words, numbers = normalise(draft).split(), _numbers(draft)
    named = _addressed(draft)
    found = [(one, how) for one in others if (how := _how(one, words, named, numbers))]
    if not found:
        return ""
    told = list(thread)
    known = f" {' '.join(normalise(text) for text in told)} "
    dialled = "|".join(number for text in told for number in _numbers(text))
    if here is not None:
        known += f"{normalise(here.name)} "
        dialled += f"|{_plain(here.phone)}"
    for one, how in found:
        if how.isdigit():
            if how not in dialled:
                return one.name or one.phone
        elif f" {how} " not in known:
            return one.name
    return ""


def _how(one: Person, words: list[str], named: set[str], numbers: list[str]) -> str:
    """By which words or digits the draft has this person."""
    phone = _plain(one.phone)
    for number in numbers:
        if len(number) >= _DIGITS and (phone.endswith(number) or number.endswith(phone)):
            return number
    parts = normalise(one.name).split()
    if len(parts) > 1 and f" {' '.join(parts)} " in f" {' '.join(words)} ":
        return " ".join(parts)
    if parts and len(parts[0]) > 1 and parts[0] in named:
        return parts[0]
    return ""


def _addressed(draft: str) -> set[str]:
    """The words in places where a name stands: at the beginning before a comma, behind a greeting,
    or behind "Mr" and its like; capitalised ones only, as names are."""
    found = set()
    tokens = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[,.!?\n]", draft)
    for at, token in enumerate(tokens):
        if not token[:1].isupper():
            continue
        before = normalise(tokens[at - 1]) if at else ""
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        begins = at == 0 and after in (",", "!", "\n")
        ends = at > 0 and tokens[at - 1] == "," and after in ("", ".", "!", "?", ",")
        if begins or ends or before in _GREETINGS | {"mr", "mrs", "ms", "frau", "herr"}:
            found.add(normalise(token))
    return found - _AFTER - _GREETINGS


def _numbers(text: str) -> list[str]:
    return [_plain(found) for found in _PHONE.findall(text)]


def _plain(phone: str) -> str:
    return re.sub(r"\D", "", phone)
