"""Rules at work: texts that arrive, and what was decided about them."""

from typing import Any

from smsinbox.core import clock
from smsinbox.dialects.base import InboundText
from smsinbox.models import (
    Decision,
    Message,
    Number,
    Rule,
)
from smsinbox.queries import decisions
from smsinbox.rules import decision as decided
from smsinbox.services import (
    delivery,
    inbound,
)
from smsinbox.services import rules as rules_service
from smsinbox.services.inbound import Arrival
from tests import build
from tests.build import THEIRS


def receive(number: Number, *bodies: str, sender: str = THEIRS, **fields) -> None:
    texts = [
        InboundText(f"{sender}{clock.now_micros()}{n}", sender, number.phone, body, **fields)
        for n, body in enumerate(bodies)
    ]
    inbound.receive([Arrival(number.account_id, b"{}", text) for text in texts])


def a_rule(number: Number | None, **definition: Any) -> Rule:
    name, mode = definition.pop("name", "Any"), decided.Mode(definition.pop("mode", "on"))
    wanted = {"match": {"type": "any"}, "cooldown": "none", "human_grace": 0} | definition
    return rules_service.create(number.id if number else None, name, wanted, None, mode)


def replies() -> list[Message]:
    return [message for message in build.every(Message) if not message.is_inbound]


def outcomes_kept() -> list[str]:
    return [one.outcome for one in build.every(Decision)]


def kept(at: int = -1) -> decided.Decision:
    found = decisions.whole(build.every(Decision)[at])
    assert found
    return found


def said(decision: decided.Decision) -> str | None:
    return decision.reply.text if decision.reply else None


def claimed() -> delivery.Claim:
    taken = delivery.claim()
    assert taken is not None
    return taken
