"""What a carrier billed for a text: its price, what that is made of, and how many segments.

The answer to a send may tell it, and receipts, of which the last has the final word.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from smsinbox.dialects.base import Accepted, Cost
from smsinbox.models.message import Message
from smsinbox.models.receipt import Receipt


def of_answer(accepted: Accepted) -> dict[str, Any]:
    """The columns of a message that its carrier's answer fills."""
    cost = accepted.cost
    return {
        "cost_micros": cost.micros if cost else None,
        "cost_currency": cost.currency if cost else None,
        "billed": _billed(accepted.segments, breakdown_of(cost)),
    }


def take(message: Message, receipts: Sequence[Receipt]) -> None:
    """Let the message say what its receipts do, given in order of their weight."""
    for receipt in receipts:
        known = message.billed or {}
        breakdown = known.get("breakdown")
        if receipt.cost_micros is not None:
            message.cost_micros, message.cost_currency = receipt.cost_micros, receipt.cost_currency
            breakdown = receipt.cost_breakdown
        message.billed = _billed(receipt.segments or known.get("segments"), breakdown)


def breakdown_of(cost: Cost | None) -> dict[str, Any] | None:
    """What a cost is made of, fit to keep."""
    if cost is None or not cost.breakdown:
        return None
    return {name: [part.micros, part.currency] for name, part in cost.breakdown.items()}


def cost_of(message: Message) -> Cost | None:
    """What the text cost, as far as its carrier said."""
    if message.cost_micros is None or not message.cost_currency:
        return None
    kept: Mapping[str, Any] = (message.billed or {}).get("breakdown") or {}
    breakdown = {name: Cost(*part) for name, part in kept.items()}
    return Cost(message.cost_micros, message.cost_currency, breakdown)


def _billed(segments: int | None, breakdown: Mapping[str, Any] | None) -> dict[str, Any] | None:
    said = {"segments": segments, "breakdown": breakdown}
    return {name: value for name, value in said.items() if value} or None
