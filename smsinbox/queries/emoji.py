"""Emoji by group, and by what they are called (Unicode's CLDR, as static/vendor records it)."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import orjson

from smsinbox.core.i18n import _l

_NEWEST = 15.0  # versions of Emoji that phones in use can draw
_MOST = 60
GROUPS = {
    0: _l("Smileys"),
    1: _l("People"),
    3: _l("Nature"),
    4: _l("Food"),
    5: _l("Places"),
    6: _l("Activities"),
    7: _l("Objects"),
    8: _l("Symbols"),
    9: _l("Flags"),
}


class Emoji(NamedTuple):
    """One of them, its name in English, and what it is looked for by."""

    text: str
    name: str
    words: frozenset[str]
    group: int


@lru_cache(maxsize=1)
def every(file: Path) -> tuple[Emoji, ...]:
    """All of them in Unicode's order, out of that file."""
    rows = orjson.loads(file.read_bytes())
    fit = (row for row in rows if row["group"] in GROUPS and row["version"] <= _NEWEST)
    return tuple(
        Emoji(row["emoji"], row["annotation"], _words(row), row["group"])
        for row in sorted(fit, key=lambda row: int(row["order"]))
    )


def found(file: Path, typed: str) -> list[Emoji]:
    """Those each typed word begins a word of."""
    wanted = typed.lower().split()
    fit = (
        one
        for one in every(file)
        if all(any(word.startswith(part) for word in one.words) for part in wanted)
    )
    return [one for one, _ in zip(fit, range(_MOST), strict=False)]


def _words(row: dict[str, object]) -> frozenset[str]:
    tags = row["tags"]
    named = str(row["annotation"]).lower().split()
    return frozenset([*named, *(str(tag).lower() for tag in tags)])  # type: ignore[attr-defined]
