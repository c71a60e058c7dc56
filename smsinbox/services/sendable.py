"""Files that a person wants to send: what carriers take, and words for what they do not."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from smsinbox.core import pictures
from smsinbox.core.aside import one_at_a_time
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _
from smsinbox.core.kinds import SENDABLE, judge
from smsinbox.core.text import clean
from smsinbox.models.number import Number
from smsinbox.models.upload import Upload
from smsinbox.services.carriage import obstacle

MOST_FILES = 10
SMALLEST = 20_000  # bytes: smaller photos show nothing
MOST_BYTES = 1_000_000  # all files of a text: https://developers.telnyx.com/docs/messaging
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
_LONGEST_NAME = 100
FIELD = "files"


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file as it came from a browser, whose word on it does not count."""

    name: str
    content: bytes = field(repr=False)


def checked(
    files: Sequence[RawFile], number: Number, beside: Sequence[Upload] = ()
) -> list[RawFile]:
    """The files with names fit to keep, which may go `beside` those that are kept already; raises
    Invalid with what to do about it."""
    if not files and not beside:
        return []
    if words := obstacle(number):
        raise Invalid(words, FIELD)
    found = [named(file) for file in files]
    sizes = [(one.name, one.size) for one in beside]
    if words := trouble(sizes + [(one.name, _size(one)) for one in found]):
        raise Invalid(words, FIELD)
    return found


def named(file: RawFile) -> RawFile:
    """The file with a name fit to keep; raises Invalid for one that carriers never take."""
    fit = RawFile(_name(file.name), file.content)
    _check_kind(fit)
    return fit


def trouble(files: Sequence[tuple[str, int]]) -> str:
    """What to do about files, by name and size, that carriers do not take together; empty for
    others."""
    if len(files) > MOST_FILES:
        return _(
            "Attach at most %(most)s files; these are %(count)s.", most=MOST_FILES, count=len(files)
        )
    return too_large(files) if sum(size for _title, size in files) >= MOST_BYTES else ""


def fitted(files: Sequence[RawFile]) -> list[RawFile]:
    """The files with photos made small enough to go together, because somebody asked for it.

    Takes a while, in which nothing should be kept open. Where it cannot be done, `trouble` says
    what to do; raises Invalid for a photo that cannot be read.
    """
    photos = [file for file in files if _is_photo(file)]
    room = MOST_BYTES - 1 - sum(len(file.content) for file in files if file not in photos)
    smaller = dict[int, RawFile]()
    for left, photo in zip(range(len(photos), 0, -1), sorted(photos, key=_size), strict=True):
        share = room // left
        if share < SMALLEST or len(files) > MOST_FILES:
            return list(files)
        smaller[id(photo)] = _fitted(photo, share)
        room -= _size(smaller[id(photo)])
    return [smaller.get(id(file), file) for file in files]


def _fitted(photo: RawFile, most: int) -> RawFile:
    if _size(photo) <= most:
        return photo
    content = one_at_a_time(lambda: _shrunk(photo.content, most))
    if isinstance(content, pictures.NotAPhoto):
        shown = _name(photo.name) or _("The picture")
        raise Invalid(_("%(file)s cannot be made smaller. %(why)s", file=shown, why=content), FIELD)
    return RawFile(f"{PurePath(_name(photo.name)).stem}.jpg", content)


def _is_photo(file: RawFile) -> bool:
    return judge(file.content[:4096]) in PHOTOS


def _size(file: RawFile) -> int:
    return len(file.content)


def _shrunk(content: bytes, most: int) -> bytes | pictures.NotAPhoto:
    """A thread would print what it raises."""
    try:
        return pictures.shrunk(content, most)
    except pictures.NotAPhoto as problem:
        return problem


def too_large(files: Sequence[tuple[str, int]]) -> str:
    """What to do about files, by name and size, that are more than carriers take together."""
    total, (name, size) = sum(one[1] for one in files), max(files, key=lambda one: one[1])
    shown = name or _("the largest file")
    if len(files) == 1:
        return _(
            "%(file)s has %(size)s; carriers take less than 1 MB. Make it smaller.",
            file=shown,
            size=_kb(total),
        )
    return _(
        "Together the files have %(total)s; carriers take less than 1 MB. "
        "Make %(file)s (%(size)s) smaller or leave it out.",
        total=_kb(total),
        file=shown,
        size=_kb(size),
    )


def _check_kind(file: RawFile) -> None:
    shown = file.name or _("A file")
    if not file.content:
        raise Invalid(_("%(file)s is empty.", file=shown), FIELD)
    if judge(file.content[:4096]) not in SENDABLE:
        words = _(
            "%(file)s: carriers do not take this kind of file. "
            "Attach pictures, audio, video, PDF or contact cards.",
            file=shown,
        )
        raise Invalid(words, FIELD)


def _kb(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{-(-size // 1000)} kB"


def _name(typed: str) -> str:
    """The last part of a path, without what no name needs: controls, and marks that turn it
    around and so hide its ending."""
    leaf = re.split(r"[/\\]", clean(typed))[-1]
    plain = "".join(char for char in leaf if unicodedata.category(char)[0] != "C")
    plain = " ".join(plain.split()).lstrip(".")
    if len(plain) <= _LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: _LONGEST_NAME - 10]}{dot}{ending[:8]}" if dot else plain[:_LONGEST_NAME]
