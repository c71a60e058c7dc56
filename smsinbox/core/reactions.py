"""Reactions that phones send as texts: Liked “See you at 5”, 👍 to “See you at 5”, Loved an image.

iPhones write them to whoever has no iMessage, Google's Messages to whoever has no RCS. The wordings
are those of both in English, as people's phones send them.
"""

import re
import unicodedata
from dataclasses import dataclass

_TAPBACKS = {
    "liked": "👍", "loved": "❤️", "disliked": "👎", "laughed at": "😂", "emphasized": "‼️",
    "emphasised": "‼️", "questioned": "❓",
}  # fmt: skip
_REMOVED = {
    "like": "👍", "heart": "❤️", "dislike": "👎", "laugh": "😂", "exclamation": "‼️",
    "exclamation mark": "‼️", "question mark": "❓",
}  # fmt: skip
_WHAT = (
    '(?:[“"](?P<quoted>.+)[”"]'
    "|(?P<file>an? (?:image|photo|picture|movie|video|audio message|attachment)))"
)
_SHAPES = [
    (re.compile(rf"(?P<word>{'|'.join(_TAPBACKS)}) {_WHAT}", re.IGNORECASE | re.DOTALL), False),
    (
        re.compile(rf"removed an? (?P<word>{'|'.join(_REMOVED)}) from {_WHAT}", re.I | re.DOTALL),
        True,
    ),
    (re.compile(rf"reacted (?P<emoji>\S{{1,14}}) to {_WHAT}", re.IGNORECASE | re.DOTALL), False),
    (re.compile(rf"removed an? (?P<emoji>\S{{1,14}}) from {_WHAT}", re.I | re.DOTALL), True),
    (re.compile(rf"(?P<emoji>\S{{1,14}}) to {_WHAT}", re.IGNORECASE | re.DOTALL), False),
    (re.compile(rf"(?P<emoji>\S{{1,14}}) removed from {_WHAT}", re.I | re.DOTALL), True),
]
_INVISIBLE = re.compile("[\u200a\u200b\u2060\ufeff]")
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Reaction:
    """`quoted` is the text it is about, tidied, None for a file; `removed`: it was taken back."""

    emoji: str
    quoted: str | None
    removed: bool = False

    @property
    def stored(self) -> str:
        """As `Message.reaction` keeps it."""
        return f"-{self.emoji}" if self.removed else self.emoji


def read(text: str) -> Reaction | None:
    """The reaction that a text is, or None when it is an ordinary one."""
    if len(text) > _LONGEST or text.rstrip(" \n\u200a\u200b")[-1:].lower() not in _ENDS:
        return None
    whole = _INVISIBLE.sub("", text).strip()
    for shape, removed in _SHAPES:
        found = shape.fullmatch(whole)
        if found is not None and (emoji := _emoji(found)):
            quoted = found["quoted"]
            return Reaction(emoji, None if quoted is None else tidy(quoted), removed)
    return None


def tidy(text: str) -> str:
    """What is compared: phones change nothing but the white space around and within."""
    return " ".join(_INVISIBLE.sub("", text).split())


def standing(stored: list[str]) -> list[str]:
    """What is left of these, oldest first, each once."""
    left: dict[str, None] = {}
    for one in stored:
        if one.startswith("-"):
            left.pop(one[1:], None)
        else:
            left[one] = None
    return list(left)


_ENDS = frozenset('”"eotd')  # quotes, or an image, a photo, an attachment, a video: mostly neither


def _emoji(found: re.Match[str]) -> str:
    groups = found.groupdict()
    if word := (groups.get("word") or "").lower():
        return _TAPBACKS.get(word) or _REMOVED[word]
    emoji = groups.get("emoji") or ""
    return emoji if all(_is_part(char) for char in emoji) else ""


def _is_part(char: str) -> bool:
    """Of an emoji: a symbol, what joins them, or what colours them."""
    return (
        unicodedata.category(char) in ("So", "Sk", "Mn", "Cf", "Me", "Po") and char not in '"“”.,!?'
    )
