"""The words that a rule looks for, as an admin writes them."""

from smsinbox.core.i18n import _
from smsinbox.core.text import clean, normalise
from smsinbox.core.words import consent_word

LONGEST_TERM = 60


def some(terms: tuple[str, ...], none: str) -> tuple[str, ...]:
    """The terms; raises ValueError, saying `none`, when there is none."""
    if not terms:
        raise ValueError(none)
    return terms


def meanings(terms: tuple[str, ...], whole: bool) -> tuple[str, ...]:
    """The terms as written, each meaning once; `whole` says that a text must be one of them, as
    words of consent are. Raises ValueError for one that means nothing."""
    meanings: dict[str, str] = {}
    for term in map(str.strip, map(clean, terms)):
        if len(term) > LONGEST_TERM:
            raise ValueError(
                _(
                    "A term has at most %(count)s characters: “%(term)s…”.",
                    count=LONGEST_TERM,
                    term=term[:20],
                )
            )
        if not normalise(term):
            raise ValueError(_("“%(term)s” has no letter, digit or emoji to compare.", term=term))
        consent = consent_word(term)
        if whole and consent:
            raise ValueError(
                _(
                    "“%(term)s” is a %(word)s word: the law says what it does, "
                    "so no rule can answer it.",
                    term=term,
                    word=consent.upper(),
                )
            )
        meanings.setdefault(normalise(term), term)
    return tuple(meanings.values())
