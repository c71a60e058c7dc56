"""A text arrives: a batch of webhooks becomes messages in conversations, in one transaction.

Texts that are there already are known by (account, the carrier's id) and change nothing. What is
genuine but cannot be used is quarantined, never lost. One text is a batch of one.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from smsinbox.core import clock
from smsinbox.core.database import atomic
from smsinbox.core.events import emit_all
from smsinbox.core.failpoints import failpoint
from smsinbox.core.phones import Address, BadAddress, address
from smsinbox.core.segments import measure
from smsinbox.core.text import preview
from smsinbox.core.words import asks_to_stop
from smsinbox.dialects.base import InboundText
from smsinbox.models.events import MessageReceived
from smsinbox.services import auto_replies, webhooks
from smsinbox.services.intake_sql import (
    CONTACTS,
    CONVERSATIONS,
    MESSAGES,
    NUMBERS,
    THREADS,
    WEBHOOKS,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A verified webhook with one text in it, and the bytes it came in."""

    account_id: int
    body: bytes
    text: InboundText

    @property
    def key(self) -> str:
        """By what a repeated webhook is known."""
        return f"sms.received:{self.text.carrier_id}"


@dataclass(frozen=True, slots=True)
class _Placed:
    """An arrival whose two ends we know."""

    arrival: Arrival
    number: auto_replies.OurNumber
    contact: Address


@atomic
def receive(arrivals: Sequence[Arrival]) -> None:
    """Keep a batch of texts, thread them, answer those that a rule answers, tell the screens."""
    placed = _place(arrivals)
    if placed:
        _store(placed)
    failpoint("intake.before_commit")


def _place(arrivals: Sequence[Arrival]) -> list[_Placed]:
    """Find our numbers and read the senders; what has no place goes to quarantine."""
    wanted = {(arrival.account_id, _ours(arrival)) for arrival in arrivals}
    found = NUMBERS.run([{"account": account, "phone": phone} for account, phone in wanted])
    numbers = {
        (account, phone): auto_replies.OurNumber(number_id, bool(has_rules))
        for account, phone, number_id, has_rules in found
    }
    placed: dict[tuple[int, str], _Placed] = {}
    for arrival in arrivals:
        number = numbers.get((arrival.account_id, _ours(arrival)))
        try:
            sender = address(arrival.text.sender)
        except BadAddress as error:
            webhooks.quarantine(arrival.account_id, arrival.key, arrival.body, f"Sender: {error}")
            continue
        if number is None:
            ours = arrival.text.recipient[:20]
            reason = f"This account has no number {ours}. Add it, then replay."
            webhooks.quarantine(arrival.account_id, arrival.key, arrival.body, reason)
        else:
            place = arrival.account_id, arrival.key
            placed.setdefault(place, _Placed(arrival, number, sender))
    return list(placed.values())


def _ours(arrival: Arrival) -> str:
    try:
        return address(arrival.text.recipient).value
    except BadAddress:
        return ""


def _store(placed: list[_Placed]) -> None:
    now = clock.now_micros()
    rows = [_row(index, item) for index, item in enumerate(placed)]
    fresh = {(account, key) for account, key in WEBHOOKS.run(rows, now=now)}
    kept = [
        (row, item)
        for row, item in zip(rows, placed, strict=True)
        if (row["account"], row["key"]) in fresh
    ]
    if not kept:
        return
    batch = _in_lock_order([row for row, _ in kept])
    CONTACTS.run(batch, now=now)
    CONVERSATIONS.run(batch, now=now)
    ids = {
        (account, carrier): (message, conversation)
        for message, conversation, account, carrier in MESSAGES.run(batch, now=now)
    }
    received = [
        auto_replies.Received(*ids[place], item.number, item.contact, row["body"])
        for row, item in kept
        if (place := (row["account"], row["carrier"])) in ids
    ]
    THREADS.run(_threads(received), now=now)
    emit_all(
        MessageReceived(
            conversation_id=one.conversation_id, message_id=one.message_id, number_id=one.number.id
        )
        for one in received
    )
    auto_replies.answer(received)


def _row(index: int, item: _Placed) -> dict[str, Any]:
    text = item.arrival.text
    measured = measure(text.body)
    return {
        "i": index,
        "account": item.arrival.account_id,
        "key": item.arrival.key,
        "raw": item.arrival.body.decode("utf-8", "replace"),
        "number": item.number.id,
        "phone": item.contact.value,
        "kind": item.contact.kind.value,
        "body": text.body,
        "encoding": measured.encoding,
        "segments": max(measured.parts, 1),
        "carrier": text.carrier_id,
        "occurred": None if text.occurred_at is None else clock.micros(text.occurred_at),
    }


def _in_lock_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # Two processes that insert the same contacts in different orders would wait for each other.
    return sorted(rows, key=lambda row: str(row["phone"]))


def _threads(received: list[auto_replies.Received]) -> list[dict[str, Any]]:
    """What the lists show, brought up to the newest text of each conversation."""
    threads: dict[int, list[auto_replies.Received]] = defaultdict(list)
    for one in received:
        threads[one.conversation_id].append(one)
    return [
        {
            "conversation": conversation_id,
            "count": len(texts),
            "message": texts[-1].message_id,
            "preview": preview(texts[-1].body),
            "wants_out": any(asks_to_stop(text.body) for text in texts),
        }
        for conversation_id, texts in sorted(threads.items())
    ]
