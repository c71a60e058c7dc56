"""A ContentRule: words, a pattern, or the host of links, and what comes of a text that has them."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.core.text import clean, normalise
from smsinbox.rules.patterns import pattern

_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
_HOST_IN_TEXT = re.compile(r"(?<![\w.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w-])")


class Does(StrEnum):
    """What comes of it."""

    REFUSE = "refuse"  # no program may send it
    ALERT = "alert"  # the admins hear of people who write it, in or out
    BLOCK = "block"  # the same, and no agent may send it


class Content:
    """A text as rules look at it: as it is, its words, and the hosts that are named in it."""

    def __init__(self, body: str) -> None:
        self.body = clean(body)
        self.words = f" {normalise(body)} "
        found = _HOST_IN_TEXT.findall(body.lower()) if "." in body else []
        self.hosts = frozenset(host.removeprefix("www.") for host in found)


@dataclass(frozen=True, slots=True)
class Needle:
    """What a rule looks for, made ready to be found many times."""

    words: str
    is_pattern: bool
    is_host: bool
    blocks: bool
    folded: str

    def is_in(self, content: Content) -> bool:
        if self.is_pattern:
            return pattern(self.words).search(content.body) is not None
        if self.is_host:
            return self.words in content.hosts
        return self.folded in content.words


class ContentRule(Base):
    """A word or a phrase is found as whole words, whatever their case; a pattern anywhere, by an
    engine that cannot run away. `does` is a Does."""

    __tablename__ = "content_rule"
    __table_args__ = (UniqueConstraint("words", "does"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    words: Mapped[str] = mapped_column(String(500))
    is_pattern: Mapped[bool] = mapped_column(default=False, server_default=false())
    does: Mapped[str] = mapped_column(
        String(6), default=Does.REFUSE.value, server_default=Does.REFUSE.value
    )
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def is_host(self) -> bool:
        """Whether it is about links: `bit.ly`, not `bit`."""
        return self.needle.is_host

    @property
    def needle(self) -> Needle:
        """What it looks for."""
        return _needle(self.words, self.is_pattern, self.does == Does.BLOCK)


@lru_cache(maxsize=4096)  # as the gate for programs reads its rules for every batch
def _needle(words: str, is_pattern: bool, blocks: bool) -> Needle:
    is_host = not is_pattern and _HOST.fullmatch(words) is not None
    folded = "" if is_pattern else f" {normalise(words)} "
    return Needle(words, is_pattern, is_host, blocks, folded)
