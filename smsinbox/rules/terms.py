"""The words that a rule looks for, as an admin writes them."""

from smsinbox.core.text import clean, normalise
from smsinbox.core.words import consent_word

LONGEST_TERM = 60


def some(terms: tuple[str, ...], noun: str) -> tuple[str, ...]:
    """The terms; raises ValueError when there is none."""
    if not terms:
        raise ValueError(f"Write at least one {noun} to look for.")
    return terms


def meanings(terms: tuple[str, ...], whole: bool) -> tuple[str, ...]:
    """The terms as written, each meaning once; `whole` says that a text must be one of them, as
    words of consent are. Raises ValueError for one that means nothing."""
    meanings: dict[str, str] = {}
    for term in map(str.strip, map(clean, terms)):
        if len(term) > LONGEST_TERM:
            raise ValueError(f"A term has at most {LONGEST_TERM} characters: “{term[:20]}…”.")
        if not normalise(term):
            raise ValueError(f"“{term}” has no letter, digit or emoji to compare.")
        consent = consent_word(term)
        if whole and consent:
            raise ValueError(
                f"“{term}” is a {consent.upper()} word: the law says what it does, "
                "so no rule can answer it."
            )
        meanings.setdefault(normalise(term), term)
    return tuple(meanings.values())
