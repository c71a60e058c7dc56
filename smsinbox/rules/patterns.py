"""Regular expressions that cannot run away: google-re2 alone, and small ones.

The engine is linear in the text, whatever the pattern; it knows no look-around and no
back-references. Its \\w and \\b are ASCII: \\pL is a letter of any script.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

import re2

from smsinbox.core.i18n import _

LONGEST_PATTERN = 500  # characters
_MEMORY = 1 << 20  # bytes, for a pattern's automaton
_MEMORY_TOGETHER = 8 << 20


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
        raise BadPattern(_("An empty pattern would match every text; choose “any” for that."))
    if len(written) > LONGEST_PATTERN:
        raise BadPattern(_("A pattern has at most %(count)s characters.", count=LONGEST_PATTERN))
    try:
        found: Pattern = re2.compile(written, _options())
    except (re2.error, UnicodeEncodeError) as error:
        raise BadPattern(
            _(
                "The pattern “%(pattern)s” cannot be used: %(reason)s.",
                pattern=written,
                reason=_reason(error),
            )
        ) from None
    if found.search("") is not None:
        raise BadPattern(_("The pattern “%(pattern)s” would match every text.", pattern=written))
    return found


def any_of(written: Iterable[str]) -> Pattern | None:
    """One pattern that occurs wherever any of these does; None where they cannot be one."""
    together = "|".join(f"(?:{one})" for one in dict.fromkeys(written))
    try:
        found: Pattern = re2.compile(together, _options(_MEMORY_TOGETHER))
    except re2.error:
        return None  # two name a group alike, or they are too much together
    return found


def _options(memory: int = _MEMORY) -> object:
    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    options.case_sensitive = False
    return options


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else b""
    words = said.decode(errors="replace") if isinstance(said, bytes) else _("it is not valid text")
    if "(?=" in words or "(?!" in words or "(?<" in words:
        return _("it looks ahead or behind, which patterns here cannot")
    if "invalid escape sequence" in words and words[-1].isdigit():
        return _("it refers back to a group, which patterns here cannot")
    if "repetition" in words or "too large" in words:
        return _("it repeats too much")
    return words.rstrip(".")
