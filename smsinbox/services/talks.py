"""A conversation of the past as it would have gone, for the backtest that walks through it."""

from dataclasses import dataclass, field
from datetime import datetime

from smsinbox.core import clock
from smsinbox.core.text import normalise
from smsinbox.queries.past import Known
from smsinbox.rules.facts import REMEMBERED, Sender, Turn, Voice

MEMORY = round(REMEMBERED.total_seconds() * 1_000_000)  # microseconds
_MOST_TURNS = 60


@dataclass(slots=True)
class Talk:
    """One conversation as it would have gone: turns are made ready only when somebody looks."""

    known: Known
    fired: dict[int, datetime]
    opted_out: bool
    paused: bool
    turns: list[Turn | tuple[int, str, str]] = field(default_factory=list)
    automatic_at: int = -MEMORY  # when the latest automatic text was
    resumes: bool = True  # once, when somebody did
    waiting: list[int] = field(default_factory=list)  # hits that an agent may have answered, too

    def ready(self, at: int) -> tuple[Turn, ...]:
        """The turns that are remembered; older ones are forgotten."""
        begin, since = at - MEMORY, clock.from_micros(at - MEMORY)
        ready = [
            turn if isinstance(turn, Turn) else _turn(*turn)
            for turn in self.turns[-_MOST_TURNS:]
            if (turn.at > since if isinstance(turn, Turn) else turn[0] > begin)
        ]
        self.turns[:] = ready
        return tuple(ready)

    def sender(self, at: datetime) -> Sender:
        """What they were at that instant."""
        if self.known.is_ours:
            return Sender.OURS
        if self.known.blocked_at is not None and self.known.blocked_at <= at:
            return Sender.BLOCKED
        return Sender.PERSON if self.known.is_person else Sender.MACHINE

    def forget(self, until: datetime) -> None:
        """Resumed automation knows nothing of before."""
        begin = clock.micros(until)
        self.turns[:] = [turn for turn in self.turns if _micros(turn) > begin]


def _micros(turn: Turn | tuple[int, str, str]) -> int:
    return clock.micros(turn.at) if isinstance(turn, Turn) else turn[0]


def _turn(at: int, voice: str, body: str) -> Turn:
    return Turn(clock.from_micros(at), Voice(voice), normalise(body))
