"""What people type into forms, made fit to keep: storable, trimmed, and of a bearable length."""

from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _
from smsinbox.core.text import clean


def line(text: str, field: str, longest: int, missing: str = "") -> str:
    """One line without space around it; raises Invalid, with `missing` when it is empty."""
    words = " ".join(clean(text).split())
    if missing and not words:
        raise Invalid(missing, field)
    if len(words) > longest:
        raise Invalid(_("Use at most %(longest)s characters.", longest=longest), field)
    return words


def secret(text: str, field: str, longest: int = 500) -> str:
    """A key as it was pasted, without space around it; it must fit into an HTTP header."""
    word = text.strip()
    if len(word) > longest or not all("!" <= char <= "~" for char in word):
        raise Invalid(_("This has characters that no key has. Copy it again."), field)
    return word


def count(text: str, field: str, most: int = 10_000_000) -> int | None:
    """A whole number, or None where nothing was typed."""
    word = text.strip()
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) <= 18 and int(word) <= most):
        raise Invalid(_("Use a whole number, or leave it empty for no limit."), field)
    return int(word)
