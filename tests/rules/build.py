"""Rules and facts, built from what matters to a test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from smsinbox.rules.calendar import Hours, calendar
from smsinbox.rules.decide import after, decide
from smsinbox.rules.decision import Decision, Mode
from smsinbox.rules.definition import definition
from smsinbox.rules.facts import Conversation, Facts, Text, Turn, Voice
from smsinbox.rules.rulebook import Rule, Rulebook

MONDAY_NOON = datetime(2026, 5, 4, 16, tzinfo=UTC)  # noon in New York
OFFICE = {
    "name": "Office",
    "zone": "America/New_York",
    "weekly": {day: ["09:00-12:30", "13:30-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    "special": [{"from": "2026-12-25", "label": "Christmas", "text": "Merry Christmas!"}],
}


_IDS = count(1000)


def a_rule(name: str = "Hours", *terms: str, mode: str = "on", **written: Any) -> Rule:
    """A rule without rest or grace, so that only what is written counts; in the order made."""
    everywhere, position = written.pop("everywhere", False), written.pop("position", 0)
    rule_id = written.pop("id", 0) or next(_IDS)
    raw = {"match": {"terms": list(terms)}} if terms else {"match": {"type": "any"}}
    raw |= {"reply": f"{name}!", "cooldown": "none", "human_grace": 0, **written}
    return Rule(rule_id, name, definition(raw), Mode(mode), position, everywhere)


def facts(at: datetime = MONDAY_NOON, **more: Any) -> Facts:
    return Facts(**{"at": at, "calendars": {"Office": Hours(calendar(OFFICE))}, **more})


def decided(body: str, *rules: Rule, given: Facts | None = None, files: int = 0) -> Decision:
    return decide(Text(body, files), given or facts(), Rulebook(rules))


def answer(body: str, *rules: Rule, given: Facts | None = None) -> str | None:
    reply = decided(body, *rules, given=given).reply
    return reply.text if reply else None


def outcomes(decision: Decision) -> dict[str, str]:
    return {one.name: one.outcome.value for one in decision.rules}


def reason(decision: Decision, name: str) -> str:
    return next(one.reason for one in decision.rules if one.name == name)


def turns(*said: tuple[float, str, str], at: datetime = MONDAY_NOON) -> Conversation:
    """What was said so many minutes ago, by whom."""
    return Conversation(
        turns=tuple(Turn(at - timedelta(minutes=ago), Voice(who), text) for ago, who, text in said)
    )


class Talk:
    """One contact texting, each text decided with what the ones before have changed."""

    def __init__(self, *rules: Rule, given: Facts | None = None) -> None:
        self.book, self.facts = Rulebook(rules), given or facts()

    def says(self, body: str, later: float = 60.0) -> Decision:
        """They write, so many seconds after the text before."""
        self.facts = replace(self.facts, at=self.facts.at + timedelta(seconds=later))
        decision = decide(Text(body), self.facts, self.book)
        self.facts = after(self.facts, decision)
        return decision
