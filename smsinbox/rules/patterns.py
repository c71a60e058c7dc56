"""Regular expressions that cannot run away: google-re2 alone, and small ones.

The engine is linear in the text, whatever the pattern; it knows no look-around and no
back-references. Its \\w and \\b are ASCII: \\pL is a letter of any script.
"""

from functools import lru_cache
from typing import Protocol

import re2

LONGEST_PATTERN = 500  # characters
_MEMORY = 1 << 20  # bytes, for a pattern's automaton


class Pattern(Protocol):
    """A pattern that is ready; `search` finds it anywhere."""

    def search(self, text: str) -> object | None:
        """Something when it occurs."""


class BadPattern(ValueError):
    """It cannot be used; the message says why."""


@lru_cache(maxsize=1024)
def pattern(written: str) -> Pattern:
    """The pattern, blind to case; raises BadPattern."""
    if not written.strip():
        raise BadPattern("An empty pattern would match every text; choose “any” for that.")
    if len(written) > LONGEST_PATTERN:
        raise BadPattern(f"A pattern has at most {LONGEST_PATTERN} characters.")
    try:
        found: Pattern = re2.compile(written, _options())
    except (re2.error, UnicodeEncodeError) as error:
        raise BadPattern(f"The pattern “{written}” cannot be used: {_reason(error)}.") from None
    if found.search("") is not None:
        raise BadPattern(f"The pattern “{written}” would match every text.")
    return found


def _options() -> object:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.case_sensitive = False
    return options


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else b""
    words = said.decode(errors="replace") if isinstance(said, bytes) else "it is not valid text"
    if "(?=" in words or "(?!" in words or "(?<" in words:
        return "it looks ahead or behind, which patterns here cannot"
    if "invalid escape sequence" in words and words[-1].isdigit():
        return "it refers back to a group, which patterns here cannot"
    if "repetition" in words or "too large" in words:
        return "it repeats too much"
    return words.rstrip(".")
