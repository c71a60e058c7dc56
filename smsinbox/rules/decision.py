"""What was decided about one text and why: for every rule an outcome, a reason and its checks.

Written down as JSON when it is made (`records`) and read back years later; nothing is computed
again.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
from pydantic import TypeAdapter

from smsinbox.core.words import ConsentWord
from smsinbox.rules.actions import Action


class Mode(StrEnum):
    """A rule's switch. In shadow it decides as if it were on, and nothing is sent or done."""

    OFF = "off"
    SHADOW = "shadow"
    ON = "on"


class Hold(StrEnum):
    """What kept all rules from looking at a text."""

    DUPLICATE = "duplicate"
    OURS = "ours"
    CONSENT = "consent"
    TAPBACK = "tapback"
    MACHINE = "machine"
    BLOCKED = "blocked"
    LATE = "late"
    ECHO = "echo"
    PAUSED = "paused"
    LOOP = "loop"


class Outcome(StrEnum):
    """What came of one rule."""

    ANSWERED = "answered"  # its reply goes out
    ACTED = "acted"  # it fired without a reply
    SHADOW = "shadow"  # it would have fired
    NO_MATCH = "no_match"  # the text is not for it
    SILENT = "silent"  # the text is, but a condition does not hold
    BEHIND = "behind"  # another one came first and stopped
    HELD = "held"  # no rule was looked at

    @property
    def has_fired(self) -> bool:
        return self in (self.ANSWERED, self.ACTED, self.SHADOW)


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of a rule: did it hold, and what was found."""

    name: str
    passed: bool
    words: str


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What came of one rule; a rule whose words do not occur has no checks but its reason."""

    rule_id: int
    name: str
    outcome: Outcome
    reason: str
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A text to send, rendered, so many seconds from now."""

    rule_id: int
    text: str
    delay: int = 0
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """Something else to do; `index` is its place among the rule's actions. Notes are rendered."""

    rule_id: int
    index: int
    action: Action
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """About one text. At most one real reply is among `replies`, beside it one shadow one."""

    normalised: str
    consent: ConsentWord | None = None
    confirms: bool = False  # the consent word's one confirmation goes out
    held: Hold | None = None
    reason: str = ""  # of the hold, or of the winner, or that no rule was for it
    rules: tuple[RuleOutcome, ...] = ()  # every candidate, in their order
    winner: int | None = None  # the rule that replies, else the first that acts
    ghost: int | None = None  # the same among those in shadow
    replies: tuple[Reply, ...] = ()
    actions: tuple[Planned, ...] = ()
    quiet: bool = False  # agents need not be alerted
    counts_as_response: bool = False
    wants_to_stop: bool = False  # seems to refuse texts in other words: show an agent
    score: int = 0  # how much it looks like a machine
    signs: tuple[str, ...] = ()
    rest: Outcome | None = None  # in a record: what came of the rules it leaves out

    @property
    def reply(self) -> Reply | None:
        """The one automatic text that goes out."""
        return next((reply for reply in self.replies if not reply.shadow), None)

    @property
    def shadow_reply(self) -> Reply | None:
        """The one that would have gone out."""
        return next((reply for reply in self.replies if reply.shadow), None)

    @property
    def pauses(self) -> bool:
        """Whether automation must now be paused for this contact."""
        return self.held is Hold.LOOP

    @property
    def fired(self) -> tuple[int, ...]:
        """The rules that begin their cooldown, those in shadow included."""
        if self.winner is None and self.ghost is None:
            return ()
        return tuple(one.rule_id for one in self.rules if one.checks and one.outcome.has_fired)

    def name_of(self, rule_id: int | None) -> str | None:
        return next((one.name for one in self.rules if one.rule_id == rule_id), None)

    def to_json(self) -> dict[str, Any]:
        """As the database keeps it: without what is as it mostly is."""
        kept: dict[str, Any] = _ADAPTER.dump_python(self, mode="json", exclude_defaults=True)
        return kept

    def written(self) -> bytes:
        """The same as a JSON document."""
        return _ADAPTER.dump_json(self, exclude_defaults=True)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Decision":
        """What `to_json` wrote; also by an older version that knew fewer fields."""
        return _ADAPTER.validate_json(orjson.dumps(kept))  # JSON knows no tuples


_ADAPTER = TypeAdapter(Decision)
