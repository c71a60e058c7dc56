"""The shelf: the files of MMS in the instance folder, each named by the SHA-256 of its content.

So the same picture is kept once, and a name never comes from a stranger. A file is whole or not
there: it is written beside its place and moved in. Processes on several machines share the folder.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

_HEAD = 4096  # bytes, by which a file's type is judged


class TooLarge(Exception):
    """It has more bytes than it may have; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on the shelf: `size` in bytes, and how it begins."""

    sha256: str
    size: int
    head: bytes = field(repr=False)


class Shelf:
    """One per process, below a folder that nobody else can read."""

    def __init__(self) -> None:
        self._folder = Path("instance/media")

    def configure(self, folder: Path) -> None:
        """Where the files are; made on first use."""
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where a file with this content lies."""
        return self._folder / sha256[:2] / sha256

    def drop(self, sha256: str) -> None:
        """Throw a file away; one that is gone already stays so."""
        self.path(sha256).unlink(missing_ok=True)

    def keep(self, parts: Iterable[bytes], most: int) -> Kept:
        """Write a file as it comes; raises TooLarge as soon as it has more than `most` bytes."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                kept = _written(file, parts, most)
            place = self.path(kept.sha256)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            os.replace(name, place)
        except BaseException:
            os.unlink(name)
            raise
        return kept


def _written(file: BinaryIO, parts: Iterable[bytes], most: int) -> Kept:
    digest, size, head = hashlib.sha256(), 0, b""
    for part in parts:
        size += len(part)
        if size > most:
            raise TooLarge
        if len(head) < _HEAD:
            head = (head + part)[:_HEAD]
        digest.update(part)
        file.write(part)
    file.flush()
    os.fsync(file.fileno())
    return Kept(digest.hexdigest(), size, head)


shelf = Shelf()
