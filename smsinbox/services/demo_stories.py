"""The demo's stories: reads `demo_week.txt`, and says when each text of the week was written."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_WEEK = Path(__file__).with_name("demo_week.txt")
_LINE = re.compile(r"(?:<|(?P<agent>\w+)>) (?P<body>.+?)(?: \{(?P<fate>\w+)\})?")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_APART = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Words:
    """One text, `after` the one before: by an agent or, without one, by the customer."""

    agent: str
    body: str
    fate: str
    after: timedelta
    is_first: bool


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation; `holder` and `ending` say how it was left."""

    name: str
    phone: str
    number: str
    begins: str
    words: tuple[Words, ...]
    holder: str
    ending: str


Beat = tuple[datetime, Story, Words]


def stories() -> list[Story]:
    """All of them, in the order of the file."""
    lines = [line for line in _WEEK.read_text("utf-8").splitlines() if not line.startswith("#")]
    blocks = "\n".join(lines).strip().split("\n\n")
    return [_story(block.splitlines()) for block in blocks]


def beats(told: list[Story], now: datetime) -> list[Beat]:
    """Every text with its moment, oldest first and well apart, as one carrier would bring them."""
    found = [beat for story in told for beat in _moments(story, now)]
    found.sort(key=lambda beat: beat[0])
    spaced: list[Beat] = []
    for at, story, words in found:
        earliest = spaced[-1][0] + _APART if spaced else at
        spaced.append((max(at, earliest), story, words))
    return spaced


def _story(lines: Sequence[str]) -> Story:
    name, phone, number, begins = lines[0].split(", ")
    holder, _, ending = lines[-1].removeprefix("= ").partition(" ")
    return Story(name, phone, number, begins, tuple(_words(name, lines[1:-1])), holder, ending)


def _words(name: str, lines: Sequence[str]) -> Iterator[Words]:
    """The texts, with pauses as people make them; the same every time for the same name."""
    chance = random.Random(name)
    speaker, pause = None, timedelta()
    for line in lines:
        if line.startswith(".. "):
            pause += _duration(line[3:])
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"not a line of a story: {line}")
        agent = found["agent"] or ""
        is_first = speaker is None
        seconds = chance.randint(25, 70) if agent == speaker else chance.randint(60, 300)
        after = timedelta() if is_first else pause + timedelta(seconds=seconds)
        yield Words(agent, found["body"], found["fate"] or "", after, is_first)
        speaker, pause = agent, timedelta()


def _moments(story: Story, now: datetime) -> Iterator[Beat]:
    at = _beginning(story.begins, now)
    for words in story.words:
        at += words.after
        yield at, story, words


def _beginning(begins: str, now: datetime) -> datetime:
    """`3d 14:05` is a time of day where this machine stands, `40m` so many minutes ago."""
    ago, _, time_of_day = begins.partition(" ")
    if not time_of_day:
        return now - _duration(ago)
    hour, minute = map(int, time_of_day.split(":"))
    there = (now - _duration(ago)).astimezone()
    return there.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)


def _duration(short: str) -> timedelta:
    return timedelta(**{_UNITS[short[-1]]: int(short[:-1])})
