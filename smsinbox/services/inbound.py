"""A text arrives: a batch of webhooks becomes messages in conversations, in one transaction.

Texts that are there already are known by (account, the carrier's id) and change nothing. What is
genuine but cannot be used is quarantined, never lost. One text is a batch of one.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from smsinbox.core import clock
from smsinbox.core.database import atomic
from smsinbox.core.events import Event, emit_all
from smsinbox.core.failpoints import failpoint
from smsinbox.core.kinds import in_words
from smsinbox.core.phones import Address, BadAddress, address
from smsinbox.core.segments import measure
from smsinbox.core.text import preview
from smsinbox.core.words import asks_to_stop
from smsinbox.dialects.base import InboundText
from smsinbox.models.events import MessageIds, MessageReceived, RefusalNoticed
from smsinbox.services import attachments, auto_replies, reacting, watching, webhooks
from smsinbox.services.answering import Received
from smsinbox.services.intake import Row, Stored, store

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

    @property
    def ours(self) -> str:
        """The number of ours that it came to; empty when it is none that could be."""
        try:
            return address(self.text.recipient).value
        except BadAddress:
            return ""


@dataclass(frozen=True, slots=True)
class _Readable:
    """An arrival whose sender we can read."""

    arrival: Arrival
    contact: Address
    refuses: bool  # "please stop texting me": for a person to read

    def row(self, i: int) -> Row:
        arrival, text = self.arrival, self.arrival.text
        measured = measure(text.body)
        return {
            "i": i,
            "account": arrival.account_id,
            "ours": arrival.ours,
            "key": arrival.key,
            "raw": arrival.body.decode("utf-8", "replace"),
            "carrier": text.carrier_id,
            "phone": self.contact.value,
            "kind": self.contact.kind.value,
            "body": text.body,
            "encoding": measured.encoding,
            "segments": max(measured.parts, 1),
            "occurred": None if text.occurred_at is None else clock.micros(text.occurred_at),
            "preview": preview(text.body) or in_words(file.content_type for file in text.media),
            "wants_out": self.refuses,
        }


@atomic
def receive(arrivals: Sequence[Arrival]) -> None:
    """Keep a batch of texts, thread them, answer those that a rule answers, tell the screens."""
    readable = _readable(arrivals)
    now = clock.now()
    stored = store([one.row(i) for i, one in enumerate(readable)], now)
    _quarantine_strays(readable, stored)
    new = [one for one in stored if one.message_id is not None]
    received = [_received(readable[one.i], one, now) for one in new]
    emit_all(_happened(readable, new))
    attachments.announce(
        (one.message_id, readable[one.i].arrival.text.media)
        for one in new
        if one.message_id is not None
    )
    folded = reacting.fold(received)
    theirs = [one for one in received if one.message_id not in folded]
    watching.received(theirs, {one.number_id: one.rules_stamp for one in new})
    auto_replies.answer(theirs)
    failpoint("intake.before_commit")


def _happened(readable: list[_Readable], stored: list[Stored]) -> Iterator[Event]:
    for one in stored:
        if one.message_id is not None:
            yield MessageReceived.of(
                MessageIds(one.message_id, one.conversation_id or 0, one.number_id)
            )
            if readable[one.i].refuses:
                yield RefusalNoticed(conversation_id=one.conversation_id, number_id=one.number_id)


def _readable(arrivals: Sequence[Arrival]) -> list[_Readable]:
    """The first of each text, its sender read; who cannot be read goes to quarantine."""
    found: dict[tuple[int, str], _Readable] = {}
    for arrival in arrivals:
        try:
            sender = address(arrival.text.sender)
        except BadAddress as error:
            webhooks.quarantine(arrival.account_id, arrival.key, arrival.body, f"Sender: {error}")
        else:
            one = _Readable(arrival, sender, asks_to_stop(arrival.text.body))
            found.setdefault((arrival.account_id, arrival.key), one)
    return list(found.values())


def _quarantine_strays(readable: list[_Readable], stored: list[Stored]) -> None:
    """Texts to a number that is not this account's."""
    for i in set(range(len(readable))) - {one.i for one in stored}:
        arrival = readable[i].arrival
        ours = arrival.text.recipient[:20]
        reason = f"This account has no number {ours}. Add it, then replay."
        webhooks.quarantine(arrival.account_id, arrival.key, arrival.body, reason)


def _received(what: _Readable, stored: Stored, now: datetime) -> Received:
    assert stored.message_id is not None
    assert stored.conversation_id is not None
    text = what.arrival.text
    return Received(
        message_id=stored.message_id,
        conversation_id=stored.conversation_id,
        number_id=stored.number_id,
        rules_stamp=stored.rules_stamp if stored.has_rules else None,
        contact=what.contact,
        body=text.body,
        at=now,
        files=len(text.media),
        late=max(timedelta(0), now - (text.occurred_at or now)),
        answered=text.answered,
        armed_id=stored.armed_id,
    )
