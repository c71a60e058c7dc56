"""The shelf: the files of MMS in the instance folder, each named by the SHA-256 of its content.

So the same picture is kept once, and a name never comes from a stranger. A file is whole or not
there: it is written beside its place and moved in. Processes on several machines share the folder.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

_HEAD = 4096  # bytes, by which a file's type is judged
_FRESH = 60.0  # seconds in which the row that names a file may still be on its way
_OLD = 600.0


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
        """Throw a file away; one that is gone already stays so. One that was laid down only now
        stays as well, as somebody else may be about to name it: `old` finds it later."""
        if self._age(self.path(sha256)) >= _FRESH:
            self.path(sha256).unlink(missing_ok=True)

    def old(self, part: int) -> list[str]:
        """The files of one of 256 parts that were not laid down lately."""
        folder = self._folder / f"{part % 256:02x}"
        files = folder.iterdir() if folder.is_dir() else ()
        return [file.name for file in files if self._age(file) >= _OLD]

    def _age(self, place: Path) -> float:
        try:
            return time.time() - place.stat().st_mtime
        except FileNotFoundError:
            return 0.0

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
