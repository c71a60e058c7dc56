"""How a person sends a text: what they looked at, what they agreed to, and when it shall leave."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """`seen` is the id of the newest text on their screen, None where nothing is known of one;
    `agreed` the kinds of doubt they were told of; `drafts` the tokens of the drafts it was;
    `uploads` the ids of those that go with it."""

    seen: int | None = None
    agreed: frozenset[str] = frozenset()
    at: datetime | None = None
    unless_texted: bool = False  # a scheduled text gives way when the contact is faster
    close: bool = False  # and the conversation is put away
    literal: bool = False  # a rule made the words: they are final, and nobody doubts them
    starts: bool = False  # with it they begin a conversation, unless there is one already
    drafts: frozenset[str] = frozenset()
    uploads: tuple[int, ...] = ()


PLAIN = Manner()
