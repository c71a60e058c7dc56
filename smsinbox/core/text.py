"""Texts as people write them: made storable, shown on one line, reduced to what a rule compares.

`clean` is for the database, `preview` for lists, `normalise` for matching, with `without_signature`
before it where only the writer's own words count; the text itself is never changed for any of them
beyond what a database refuses to hold.
"""

import re
import unicodedata
from collections.abc import Callable
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
_PICTURE = "[\u2190-\u2bff\U0001f000-\U0001faff]"  # once punctuation is gone, nothing else is there
_JOINED = re.compile(f"(?<={_PICTURE}) +{_JOINER} +(?={_PICTURE})")
_LOOSE_JOINER = re.compile(f"(?<!{_PICTURE}){_JOINER}|{_JOINER}(?!{_PICTURE})")
_APOSTROPHES = dict.fromkeys(map(ord, "‘’‛ʼ′´`"), "'")
_INNER_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_ASCII_WORDS = {at: " " for at in range(128) if not chr(at).isalnum()}

# What handsets, carriers and mail gateways put below a text, each on a line of its own. A line that
# only begins like one ("Sent from my mother's house") is the writer's.
_DEVICE = (
    "(?:apple|i(?:phone|pad|pod|os)|mac|android|samsung|galaxy|google|pixel|moto|lg|htc|huawei"
    "|xiaomi|oneplus|sony|xperia|nokia|windows|blackberry|verizon|at&t|t-?mobile|sprint|metro"
    "|cricket|boost|tracfone|us cellular|(?:mobile|cell|smart) ?phone|phone|mobile|tablet|outlook"
    "|yahoo|gmail|proton|aol|handy|móvil|telefon|téléphone|telefono)"
)
_SIGNATURE = re.compile(
    rf"""[\W_]*(?:
      sent\ (?:from|via|using|with|by)\ (?:my\ |the\ |an?\ )?{_DEVICE}
    | get\ (?:outlook|yahoo|gmail|aol)\ (?:mail\ )?for\ (?:ios|android|mobile)
    | envoyé\ (?:de(?:puis)?|à\ partir\ de)\ (?:mon\ )?{_DEVICE}
    | enviado\ (?:desde|de|do)\ (?:mi\ |meu\ )?{_DEVICE}
    | (?:von\ meinem|gesendet\ von|gesendet\ mit)\ (?:meinem\ )?{_DEVICE}
    | inviato\ da(?:l\ mio)?\ {_DEVICE}
    | verzonden\ (?:vanaf|met|via)\ (?:mijn\ )?{_DEVICE}
    )\b.{{0,60}}""",
    re.VERBOSE | re.IGNORECASE,
)
_BLANK = " \t\r\n\v\f\u00a0\u200b\u200d\ufeff"


def clean(text: str) -> str:
    """The text as a database can hold it; all but NUL and broken surrogates stays byte for byte.

    Two surrogates that make a pair become the character they stand for, a lone one becomes U+FFFD,
    and NUL becomes its picture, U+2400.
    """
    if not text.isascii() and _SURROGATE.search(text):
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
    and so is a flag or a family that is joined from several.
    Normalising twice changes nothing.
    """
    if not text.isascii():
        return _tokens(text, _token)
    folded = text.lower()
    if "'" in folded or "`" in folded:
        folded = _INNER_APOSTROPHE.sub("", folded.replace("`", "'"))
    return " ".join(folded.translate(_ASCII_WORDS).split())


def normalise_with_accents(text: str) -> str:
    """The same, only that accents count: for patterns that spell them out."""
    return normalise(text) if text.isascii() else _tokens(text, _accented_token)


def without_signature(text: str) -> str:
    """The text without lines at its end such as "Sent from my iPhone"; never nothing at all."""
    if "\n" not in text:
        return text
    kept = text
    while True:
        rest, _, last = kept.rstrip(_BLANK).rpartition("\n")
        if not rest.strip(_BLANK) or not _SIGNATURE.fullmatch(last):
            return kept
        kept = rest


def ascii_digits(text: str) -> str:
    """The same text with the decimal digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _tokens(text: str, token: Callable[[str], str]) -> str:
    folded = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).casefold()
    parts = "".join(map(token, unicodedata.normalize("NFKD", folded)))
    if _JOINER in parts:
        parts = _LOOSE_JOINER.sub("", _JOINED.sub(_JOINER, parts))
    words = _INNER_APOSTROPHE.sub("", unicodedata.normalize("NFC", parts)).replace("'", " ")
    return " ".join(_FLAG.sub(r" \g<0> ", words).split())


@lru_cache(maxsize=8192)
def _accented_token(char: str) -> str:
    return char if unicodedata.category(char) == "Mn" and _is_accent(char) else _token(char)


@lru_cache(maxsize=8192)
def _token(char: str) -> str:
    """What one decomposed, folded character leaves behind in the normalised text."""
    if char == _JOINER:
        return char  # what it joins decides
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
