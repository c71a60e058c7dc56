"""Texts as people write them: made storable, shown on one line, reduced to what a rule compares.

`clean` is for the database, `preview` for lists, `normalise` for matching; the text itself is never
changed for any of them beyond what a database refuses to hold.
"""

import re
import unicodedata
from functools import lru_cache

_SURROGATE = re.compile("[\ud800-\udfff]")
_NUL_PICTURE = "\N{SYMBOL FOR NULL}"
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_JOINER = "\N{ZERO WIDTH JOINER}"
_LONGEST_CLUSTER = 16  # code points; a longer one is no emoji but a heap of accents

_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{1,2}")  # a flag is a pair of regional indicators
_INVISIBLE = re.compile("[\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # yet marks by category
_EMOJI = re.compile("[\U0001f000-\U0001faff]")  # by range: newer ones are unknown to unicodedata
_SYMBOL = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u25b6\u25c0\u2600-\u275a\u2761-\u27bf\u2b00-\u2bff]"
)
_APOSTROPHES = dict.fromkeys(map(ord, "‘’‛ʼ′´`"), "'")
_INNER_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_WORD = re.compile("[a-z0-9]+")


def clean(text: str) -> str:
    """The text as a database can hold it; all but NUL and broken surrogates stays byte for byte.

    Two surrogates that make a pair become the character they stand for, a lone one becomes U+FFFD,
    and NUL becomes its picture, U+2400.
    """
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", _NUL_PICTURE)


def preview(text: str, limit: int = 120) -> str:
    """The beginning of a text on one line, at most `limit` characters, an ellipsis included."""
    line = " ".join(_without_controls(text[: limit * 4]).split())
    if len(line) <= limit and len(text) <= limit * 4:
        return line
    return line[: _cut(line, limit - 1)].rstrip() + _ELLIPSIS


def normalise(text: str) -> str:
    """What rules and consent words compare: folded words, digits and emoji, joined by one space.

    Case, accents, punctuation, width, invisible characters and skin tones do not count; digits of
    any script are ASCII; an apostrophe inside a word vanishes; each emoji is a token of its own,
    a flag is one, and a family joined from several is as many.
    Normalising twice changes nothing.
    """
    if text.isascii():
        folded = _INNER_APOSTROPHE.sub("", text.replace("`", "'").lower())
        return " ".join(_WORD.findall(folded))
    folded = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).casefold()
    parts = "".join(map(_token, unicodedata.normalize("NFKD", folded)))
    words = _INNER_APOSTROPHE.sub("", unicodedata.normalize("NFC", parts)).replace("'", " ")
    return " ".join(_FLAG.sub(r" \g<0> ", words).split())


def ascii_digits(text: str) -> str:
    """The same text with the decimal digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


@lru_cache(maxsize=8192)
def _token(char: str) -> str:
    """What one decomposed, folded character leaves behind in the normalised text."""
    category = unicodedata.category(char)
    if category in ("Cf", "Me") or char in _SKIN_TONES or _INVISIBLE.match(char):
        return ""
    if category == "Mn" and _is_accent(char):
        return ""
    if category == "Nd":
        return ascii_digits(char)
    if ord(char) in _APOSTROPHES:  # some only appear when a letter is decomposed
        return "'"
    if char == "'" or category[0] in "LNM" or _FLAG.match(char):
        return char
    if _EMOJI.match(char) or (category in ("So", "Sm") and _SYMBOL.match(char)):
        return f" {char} "
    return " "


def _is_accent(char: str) -> bool:
    """Whether a mark may go without making another word.

    Accents, Hebrew points and Arabic vowel signs may. A kana's voicing, an Indic vowel or virama
    and a Thai tone may not: without them the word is a different one.
    """
    combining = unicodedata.combining(char)
    return combining == 1 or 10 <= combining <= 36 or combining >= 200


def _without_controls(text: str) -> str:
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)


def _cut(line: str, limit: int) -> int:
    """The last place up to `limit` where no emoji and no accented letter is torn apart."""
    for at in range(limit, max(limit - _LONGEST_CLUSTER, 0), -1):
        if at >= len(line) or not (_continues(line[at]) or line[at - 1] == _JOINER):
            return at
    return limit


def _continues(char: str) -> bool:
    return char == _JOINER or char in _SKIN_TONES or unicodedata.category(char).startswith("M")
