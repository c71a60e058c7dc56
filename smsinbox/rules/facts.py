"""All that a decision may depend on, as plain values: who, where, when, and what came before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from smsinbox.core.words import ConsentWord
from smsinbox.rules.calendar import Hours

REMEMBERED = timedelta(days=2)  # of a conversation: two machines may take six hours a text


class Sender(StrEnum):
    """What wrote the text; rules answer nobody but people."""

    PERSON = "person"
    MACHINE = "machine"  # a short code or a name
    OURS = "ours"  # one of our own numbers
    BLOCKED = "blocked"


class Voice(StrEnum):
    """Who said something in a conversation."""

    THEM = "them"
    HUMAN = "human"  # a person of ours
    PROGRAM = "program"  # one of our programs: no rule keeps silent for it, no loop is made of it
    AUTOMATIC = "automatic"  # a rule or the confirmation of a consent word


@dataclass(frozen=True, slots=True)
class Turn:
    """One text of a conversation, before the one that is being decided about."""

    at: datetime
    voice: Voice
    said: str  # normalised


@dataclass(frozen=True, slots=True)
class Text:
    """The text that came in; `answered` is the consent word its carrier has answered already."""

    body: str
    files: int = 0
    answered: ConsentWord | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Who wrote. Whether `new` means new to the number or to the inbox, the caller decides."""

    name: str = ""
    new: bool = False
    language: str = ""
    tags: frozenset[str] = frozenset()
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where they wrote. `turns` are what is REMEMBERED of its texts, oldest first."""

    started_by_customer: bool = True
    opened_at: datetime | None = None  # when its present opening began
    assignee: str = ""  # the name of the agent it is assigned to
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """Which number of ours; `consent_words` are its own spellings, normalised."""

    name: str = ""
    zone: str = "UTC"  # an IANA name, for dates where no calendar is chosen
    consent_words: Mapping[str, ConsentWord] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything at the instant `at` when the text was received."""

    at: datetime
    contact: Contact = Contact()
    conversation: Conversation = Conversation()
    number: Number = Number()
    calendars: Mapping[str, Hours] = field(default_factory=dict)  # by name
    fired: Mapping[int, datetime] = field(default_factory=dict)  # by rule, last for this contact
    spent: Mapping[int, int] = field(default_factory=dict)  # by rule, automatic texts today to all
    sender: Sender = Sender.PERSON
    paired: bool = False  # the sender is a number of another inbox that we know of
    opted_out: bool = False
    paused: bool = False  # automation was paused for this contact
    duplicate: bool = False
    late: timedelta = timedelta(0)  # how long after its sending we learnt of it
