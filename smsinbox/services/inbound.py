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

    @property
    def text(self) -> InboundText:
        return self.arrival.text

    @property
    def ends(self) -> tuple[int, str]:
        return self.number.id, self.contact.value


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
    fresh = set(WEBHOOKS.run([_webhook(one.arrival) for one in placed], now=now))
    new = [one for one in placed if (one.arrival.account_id, one.arrival.key) in fresh]
    if not new:
        return
    threads = _threads(new)
    CONTACTS.run(threads, now=now)
    conversations = {
        (number, phone): conversation
        for conversation, number, phone in THREADS.run(threads, now=now)
    }
    messages = [_message(one, conversations[one.ends]) for one in new]
    ids = {(account, carrier): of for of, account, carrier in MESSAGES.run(messages, now=now)}
    received = [
        auto_replies.Received(of, conversations[one.ends], one.number, one.contact, one.text.body)
        for one in new
        if (of := ids.get((one.arrival.account_id, one.text.carrier_id)))
    ]
    emit_all(
        MessageReceived(
            conversation_id=one.conversation_id, message_id=one.message_id, number_id=one.number.id
        )
        for one in received
    )
    auto_replies.answer(received)


def _webhook(arrival: Arrival) -> dict[str, Any]:
    return {
        "account": arrival.account_id,
        "key": arrival.key,
        "carrier": arrival.text.carrier_id,
        "raw": arrival.body.decode("utf-8", "replace"),
    }


def _threads(placed: list[_Placed]) -> list[dict[str, Any]]:
    """What the lists show, brought up to the newest text between each pair of ends.

    In the order of the contacts: two processes that took the same ones in different orders would
    wait for each other.
    """
    threads: dict[tuple[int, str], list[_Placed]] = defaultdict(list)
    for one in placed:
        threads[one.ends].append(one)
    return [
        {
            "number": number,
            "phone": phone,
            "kind": texts[-1].contact.kind.value,
            "count": len(texts),
            "preview": preview(texts[-1].text.body),
            "wants_out": any(asks_to_stop(one.text.body) for one in texts),
        }
        for (number, phone), texts in sorted(threads.items(), key=lambda thread: thread[0][1])
    ]


def _message(one: _Placed, conversation_id: int) -> dict[str, Any]:
    text, measured = one.text, measure(one.text.body)
    return {
        "conversation": conversation_id,
        "account": one.arrival.account_id,
        "number": one.number.id,
        "body": text.body,
        "encoding": measured.encoding,
        "segments": max(measured.parts, 1),
        "carrier": text.carrier_id,
        "occurred": None if text.occurred_at is None else clock.micros(text.occurred_at),
    }
