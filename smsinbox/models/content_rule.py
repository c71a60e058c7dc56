"""A ContentRule: words, a pattern, or the host of links, that no program's text may have in it."""

import re
from datetime import datetime

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.core.text import clean, normalise
from smsinbox.rules.patterns import pattern

_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
_HOST_IN_TEXT = re.compile(r"(?<![\w.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w-])")


class ContentRule(Base):
    """A word or a phrase is found as whole words, whatever their case; a pattern anywhere, by an
    engine that cannot run away."""

    __tablename__ = "content_rule"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    words: Mapped[str] = mapped_column(String(500), unique=True)
    is_pattern: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def is_host(self) -> bool:
        """Whether it is about links: `bit.ly`, not `bit`."""
        return not self.is_pattern and _HOST.fullmatch(self.words) is not None

    def matches(self, content: "Content") -> bool:
        """Whether the text has it."""
        if self.is_pattern:
            return pattern(self.words).search(content.body) is not None
        if self.is_host:
            return self.words in content.hosts
        return f" {normalise(self.words)} " in content.words


class Content:
    """A text as rules look at it: as it is, its words, and the hosts that are named in it."""

    def __init__(self, body: str) -> None:
        self.body = clean(body)
        self.words = f" {normalise(body)} "
        found = _HOST_IN_TEXT.findall(body.lower()) if "." in body else []
        self.hosts = frozenset(host.removeprefix("www.") for host in found)
