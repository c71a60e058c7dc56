"""A text arrives: a batch of webhooks becomes messages in conversations, in one transaction.

Texts that are there already are known by (account, the carrier's id) and change nothing. What is
genuine but cannot be used is quarantined, never lost. One text is a batch of one.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.events import emit_all
from smsinbox.core.failpoints import failpoint
from smsinbox.core.phones import Address, BadAddress, address
from smsinbox.core.segments import measure
from smsinbox.core.text import preview
from smsinbox.core.words import asks_to_stop
from smsinbox.dialects.base import InboundText
from smsinbox.models.events import MessageReceived
from smsinbox.models.number import Number
from smsinbox.services import auto_replies, webhooks
from smsinbox.services.intake_sql import POSTGRES, SQLITE, Statements

log = logging.getLogger(__name__)

PREVIEW = 120


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
    number: Number
    contact: Address


@atomic
def receive(arrivals: Sequence[Arrival]) -> None:
    """Keep a batch of texts, thread them, answer those that a rule answers, tell the screens."""
    placed = _place(arrivals)
    if placed:
        _store(placed, SQLITE if is_sqlite() else POSTGRES)
    failpoint("intake.before_commit")


def _place(arrivals: Sequence[Arrival]) -> list[_Placed]:
    """Find our numbers and read the senders; what has no place goes to quarantine."""
    wanted = {(arrival.account_id, _ours(arrival)) for arrival in arrivals}
    found = db.session.scalars(select(Number).where(Number.phone.in_([p for _, p in wanted])))
    numbers = {(number.account_id, number.phone): number for number in found}
    placed: dict[tuple[int, str], _Placed] = {}
    for arrival in arrivals:
        number = numbers.get((arrival.account_id, _ours(arrival)))
        try:
            sender = address(arrival.text.sender)
        except BadAddress as error:
            webhooks.quarantine(arrival.account_id, arrival.key, arrival.body, f"Sender: {error}")
            continue
        if number is None:
            reason = (
                f"This account has no number {arrival.text.recipient[:20]}. Add it, then replay."
            )
            webhooks.quarantine(arrival.account_id, arrival.key, arrival.body, reason)
        else:
            placed.setdefault((arrival.account_id, arrival.key), _Placed(arrival, number, sender))
    return list(placed.values())


def _ours(arrival: Arrival) -> str:
    try:
        return address(arrival.text.recipient).value
    except BadAddress:
        return ""


def _store(placed: list[_Placed], sql: Statements) -> None:
    now = clock.now_micros()
    rows = [_row(index, item) for index, item in enumerate(placed)]
    fresh = {
        (account, key)
        for account, key in db.session.execute(sql.webhooks, {"rows": _json(rows), "now": now})
    }
    kept = [
        (row, item)
        for row, item in zip(rows, placed, strict=True)
        if (row["account"], row["key"]) in fresh
    ]
    if not kept:
        return
    batch = {"rows": _json(_in_lock_order([row for row, _ in kept])), "now": now}
    db.session.execute(sql.contacts, batch)
    db.session.execute(sql.conversations, batch)
    ids = {
        (account, carrier): (message, conversation)
        for message, conversation, account, carrier in db.session.execute(sql.messages, batch)
    }
    received = [
        auto_replies.Received(*ids[place], item.number, item.contact, row["body"])
        for row, item in kept
        if (place := (row["account"], row["carrier"])) in ids
    ]
    _touch_threads(received, sql, now)
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


def _touch_threads(received: list[auto_replies.Received], sql: Statements, now: int) -> None:
    """Bring what the lists show up to the newest text of each conversation."""
    threads: dict[int, list[auto_replies.Received]] = defaultdict(list)
    for one in received:
        threads[one.conversation_id].append(one)
    rows = [
        {
            "id": conversation_id,
            "count": len(texts),
            "message": texts[-1].message_id,
            "preview": preview(texts[-1].body, PREVIEW),
            "wants_out": int(any(asks_to_stop(text.body) for text in texts)),
        }
        for conversation_id, texts in sorted(threads.items())
    ]
    if rows:
        db.session.execute(sql.threads, {"rows": _json(rows), "now": now})


def _json(rows: list[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()
