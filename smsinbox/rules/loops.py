"""Whether it looks as if a machine were answering our automatic texts, and how many may be sent.

Evidence adds up to a score; at 100 automation pauses for the contact. No single sign but being a
known machine suffices, and quick fingers alone never do: people answer menus within seconds and
send the same word thrice. Whatever the score says, the caps hold: they are what stops two machines
that behave like people, however long they take: who has got three automatic texts in strict turn
and says the same for the third time gets no fourth. That pauses nothing: another text is heard.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from smsinbox.rules.facts import Turn, Voice

THRESHOLD = 100
MOST_PER_HOUR = 3  # automatic texts in a conversation while no person of ours writes
MOST_PER_DAY = 10
MOST_ROUNDS = 3  # automatic texts in turn with texts that say the same

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SLOWEST = timedelta(hours=13)  # there and back; who asks every day at nine is a person
_QUICK = 8.0  # seconds
_TYPED = 15.0  # characters a second: nobody types so fast
_LONG = 30  # characters; shorter texts are tapped from suggestions
_FIGURES = re.compile(r"\d+")
_SENTENCE = 10  # characters; a shorter text may be the answer to a menu


@dataclass(frozen=True, slots=True)
class Answer:
    """One of their texts: how long after an automatic text of ours, and how long it is."""

    seconds: float
    characters: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known when a text comes in, the text itself included."""

    answers: tuple[Answer, ...] = ()  # to our latest automatic texts, oldest first
    repeats: int = 0  # how often the same text came within the hour before
    characters: int = 0  # of the normalised text
    alternation: int = 0  # texts in strict turn, theirs and automatic ones
    rounds: int = 0  # automatic texts in turn with theirs, which repeat themselves
    own_or_paired: bool = False
    automatic_in_hour: int = 0  # without a person of ours in between
    automatic_in_day: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """`words` are the signs, for people."""

    points: int = 0
    signs: tuple[str, ...] = ()

    @property
    def is_machine(self) -> bool:
        return self.points >= THRESHOLD

    @property
    def words(self) -> str:
        """The note for the thread."""
        return f"Looks like a robot: {'; '.join(self.signs)}."


def score(evidence: Evidence) -> Score:
    """How much it looks like a machine."""
    latest = evidence.answers[-2:]
    quick = len(latest) == 2 and all(one.seconds < _QUICK for one in latest)
    typed = len(latest) == 2 and all(map(_beyond_typing, latest))
    again = evidence.repeats >= 2
    sentence = evidence.characters >= _SENTENCE
    signs = (
        (THRESHOLD, evidence.own_or_paired, "it is a number of another inbox"),
        (40, quick, "answered two automatic texts within 8 seconds each"),
        (30, typed, "wrote faster than anybody types"),
        (40, again and sentence, "says the same for at least the third time within an hour"),
        (15, again and not sentence, "says the same short word again and again"),
        (30, evidence.alternation >= 4, "its texts and automatic ones take turns"),
        (10, evidence.automatic_in_hour >= MOST_PER_HOUR, "got many automatic texts"),
    )
    found = [(points, words) for points, holds, words in signs if holds]
    return Score(sum(points for points, _ in found), tuple(words for _, words in found))


def over_a_cap(evidence: Evidence) -> str | None:
    """Why no further automatic text may go out now, or None."""
    if evidence.automatic_in_hour >= MOST_PER_HOUR:
        return f"{MOST_PER_HOUR} automatic texts within an hour and no text by an agent since."
    if evidence.automatic_in_day >= MOST_PER_DAY:
        return f"{MOST_PER_DAY} automatic texts within a day."
    if evidence.rounds >= MOST_ROUNDS:
        return f"{evidence.rounds} automatic texts in turn, and they say the same again."
    return None


def evidence(
    turns: Sequence[Turn], said: str, at: datetime, own_or_paired: bool = False
) -> Evidence:
    """What is remembered of a conversation, oldest first, and the text that comes now tell."""
    if not turns:
        return Evidence(characters=len(said), own_or_paired=own_or_paired)
    remembered = _since_a_human(turns)
    alone = [turn for turn in remembered if at - turn.at < _DAY]
    automatic = [turn.at for turn in turns if turn.voice is Voice.AUTOMATIC]
    return Evidence(
        answers=_answers(alone, said, at),
        repeats=sum(
            turn.voice is Voice.THEM and turn.said == said and at - turn.at < _HOUR
            for turn in turns
        ),
        characters=len(said),
        alternation=_alternation(alone),
        rounds=_rounds(remembered, said, at),
        own_or_paired=own_or_paired,
        automatic_in_hour=sum(
            turn.voice is Voice.AUTOMATIC and at - turn.at < _HOUR for turn in alone
        ),
        automatic_in_day=sum(at - then < _DAY for then in automatic),
    )


def _since_a_human(turns: Sequence[Turn]) -> Sequence[Turn]:
    for at in range(len(turns), 0, -1):
        if turns[at - 1].voice is Voice.HUMAN:
            return turns[at:]
    return turns


def _answers(turns: Sequence[Turn], said: str, at: datetime) -> tuple[Answer, ...]:
    """Their texts that came right after an automatic one; the latest is the one that comes now."""
    found: list[Answer] = []
    later = Turn(at, Voice.THEM, said)
    for turn in reversed(turns):
        if turn.voice is Voice.AUTOMATIC and later.voice is Voice.THEM:
            found.append(Answer((later.at - turn.at).total_seconds(), len(later.said)))
            if len(found) == 2:
                break
        later = turn
    return tuple(reversed(found))


def _alternation(turns: Sequence[Turn]) -> int:
    """How many turns before the text that comes now were strictly theirs, ours, theirs, ours."""
    count, later = 0, Voice.THEM
    for turn in reversed(turns):
        if turn.voice is later or turn.voice is Voice.PROGRAM:
            break
        count, later = count + 1, turn.voice
    return count


def _rounds(turns: Sequence[Turn], said: str, at: datetime) -> int:
    """The automatic texts of the same strict turns, none of them left unanswered for long, when
    the text that comes now is twice among their four before; else none."""
    rounds, theirs, shape = 0, list[bool](), _shape(said)
    later, goes_on = Turn(at, Voice.THEM, said), True
    for turn in reversed(turns):
        again = turn.voice is Voice.THEM and _shape(turn.said) == shape
        # What got no answer is no answer: saying the same once more begins nothing anew.
        in_turn = turn.voice is not later.voice or (again and goes_on)
        if turn.voice is Voice.PROGRAM or not in_turn:
            break
        if turn.voice is Voice.THEM:
            theirs.append(again)
        elif later.at - turn.at > _SLOWEST:
            break
        else:
            rounds += 1
        later, goes_on = turn, again
    return rounds if sum(theirs[:4]) >= 2 else 0


def _shape(said: str) -> str:
    """A sentence without its figures: machines give the time, or the number of a ticket."""
    return _FIGURES.sub("", said) if len(said) >= _SENTENCE else said


def _beyond_typing(answer: Answer) -> bool:
    return answer.characters >= _LONG and answer.characters > answer.seconds * _TYPED
