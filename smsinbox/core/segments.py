"""How many billed segments a text makes, by 3GPP TS 23.038 and TS 23.040.

A text of GSM-7 characters has 160 septets in one segment and 153 in each of several; any other
character turns the whole text to UCS-2 with 70 and 67 UTF-16 units. Neither an escaped character
nor a surrogate pair is ever split. The page's twin of this file is static/js/segments.js.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Encoding(StrEnum):
    """What a character costs on the air."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class Measure:
    """A text's encoding, its length in septets or UTF-16 units, and its number of segments."""

    encoding: Encoding
    units: int
    parts: int


_ESCAPE = "\x1b"
_PLAIN = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = "\f^{}\\[~]|€"  # two septets each

# What word processors put into texts, and its plain twin; accented letters have none.
TWINS = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u0060", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\u2022", "-"),
    **dict.fromkeys("\u00a0\u2009\u202f\t", " "),
    **dict.fromkeys("\u200b\ufeff", ""),
    "\u2026": "...",
}
_TWINS = str.maketrans(TWINS)

_FORCING = re.compile(f"[^{re.escape(_PLAIN + _ESCAPED)}]")
_PLAIN_ASCII = "".join(c for c in _PLAIN if c.isascii()).encode()


def measure(text: str, wanted: str = "") -> Measure:
    """What a text costs; an empty one makes no segment.

    One that is `wanted` as "ucs2" is that, even where GSM-7 would do."""
    if wanted == "ucs2":
        return _measure_ucs_2(text)
    if text.isascii() and not text.encode().translate(None, _PLAIN_ASCII):
        units = len(text)  # the common case: every character is one septet
        return Measure(Encoding.GSM_7, units, _plain_parts(units))
    if _FORCING.search(text):
        return _measure_ucs_2(text)
    septets = text
    for char in _ESCAPED:
        septets = septets.replace(char, _ESCAPE + char)
    parts = _parts(len(septets), 160, 153, lambda at: septets[at - 1] == _ESCAPE)
    return Measure(Encoding.GSM_7, len(septets), parts)


def forcing(text: str) -> str | None:
    """The first character that forces UCS-2 on the whole text, or None."""
    found = _FORCING.search(text)
    return found[0] if found else None


def fold(text: str) -> str:
    """The text with what word processors put into it made plain; accented letters stay."""
    return text.translate(_TWINS)


def _plain_parts(septets: int) -> int:
    return min(septets, 1) if septets <= 160 else -(-septets // 153)


def _measure_ucs_2(text: str) -> Measure:
    octets = text.encode("utf-16-be", "surrogatepass")

    def splits_a_pair(at: int) -> bool:
        return octets[2 * at - 2] & 0xFC == 0xD8 and octets[2 * at] & 0xFC == 0xDC

    units = len(octets) // 2
    return Measure(Encoding.UCS_2, units, _parts(units, 70, 67, splits_a_pair))


def _parts(units: int, alone: int, joined: int, splits_a_pair: Callable[[int], bool]) -> int:
    """Fill segments one after the other; a pair that would be split moves on to the next."""
    if units <= alone:
        return min(units, 1)
    parts = at = 0
    while at < units:
        at += joined
        if at < units and splits_a_pair(at):
            at -= 1
        parts += 1
    return parts
