"""Texts that programs hand in, many at once: a batch goes into the outbox in one transaction.

What happens to one of them is what `outbound.reply` does; only the statements are shared, so that a
program can hand in hundreds a second. A text that cannot be sent takes no other down with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, insert, select, tuple_, update

from smsinbox.core import clock
from smsinbox.core.database import after_commit, atomic, db, is_sqlite
from smsinbox.core.doorbell import ring
from smsinbox.core.errors import Invalid, OptedOut, Problem
from smsinbox.core.events import emit_all
from smsinbox.core.failpoints import failpoint
from smsinbox.core.phones import Kind
from smsinbox.core.segments import Measure, measure
from smsinbox.core.text import preview
from smsinbox.dialects.base import Stage, Taken
from smsinbox.dialects.errors import Refusal
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import MessageQueued
from smsinbox.models.message import Direction, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.models.opt_out import OptOut
from smsinbox.queries import content_rules
from smsinbox.services import repetition
from smsinbox.services.compliance import Scan
from smsinbox.services.delivery import deliver
from smsinbox.services.ends import CONTACTS, CONVERSATIONS
from smsinbox.services.outbound import checked
from smsinbox.services.outbox import PATIENCE
from smsinbox.services.pools import Pools, pools_for
from smsinbox.services.quotas import Ledger
from smsinbox.services.submission import Submission
from smsinbox.services.taken import written_down


@dataclass(frozen=True, slots=True)
class _Placed:
    submission: Submission
    number: Number
    body: str = field(repr=False)
    measured: Measure

    @property
    def ends(self) -> tuple[int, str]:
        return self.number.id, self.submission.recipient


@atomic
def submit(batch: Sequence[Submission]) -> None:
    """Queue every text that can be sent, in the batch's order; each learns what became of it."""
    for submission in batch:
        submission.message_id = submission.taken = submission.reply = submission.problem = None
    fresh = repetition.first_ones(batch)
    ledger = Ledger(one.quota for one in fresh if one.quota)
    placed = _place(fresh, ledger)
    if placed:
        places = _conversations(placed)
        sendable = _consenting(placed, places, ledger)
        if sendable:
            _queue(sendable, places)
    ledger.close()
    repetition.remember(batch, fresh)
    failpoint("submit.before_commit")


def _place(batch: Sequence[Submission], ledger: Ledger) -> list[_Placed]:
    """Find the numbers, check the texts, and count them against their keys' limits."""
    if not batch:
        return []
    pools, scan = pools_for(one.asked for one in batch), Scan(content_rules.all_rules())
    placed = []
    for submission in batch:
        try:
            one = _placed(submission, pools, scan)
            if submission.quota:
                ledger.take(submission.quota)
        except (Problem, Refusal) as problem:
            submission.problem = problem
        else:
            placed.append(one)
    return placed


def _placed(submission: Submission, pools: Pools, scan: Scan) -> _Placed:
    asked = submission.asked
    body = checked(asked.text.body)
    measured = measure(body)
    scan.check(asked, measured)
    number = pools.choose(asked)
    if asked.text.recipient == number.phone:
        raise Invalid("'to' is the number to send from.", "to")
    return _Placed(submission, number, body, measured)


def _conversations(placed: list[_Placed]) -> dict[tuple[int, str], tuple[int, int]]:
    """Conversation and contact of each pair of ends: made when missing, held until we commit."""
    ends = sorted({one.ends for one in placed}, key=lambda pair: pair[1])
    rows = [{"number": number, "phone": phone, "kind": Kind.PERSON.value} for number, phone in ends]
    now = clock.now_micros()
    CONTACTS.run(rows, now=now)
    CONVERSATIONS.run(rows, now=now)
    held = db.session.execute(
        select(Conversation.number_id, Contact.phone, Conversation.id, Contact.id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(tuple_(Conversation.number_id, Contact.phone).in_(ends))
        .order_by(Conversation.id)
        .with_for_update(of=Conversation)
    )
    return {
        (number, phone): (conversation, contact) for number, phone, conversation, contact in held
    }


def _consenting(
    placed: list[_Placed], places: dict[tuple[int, str], tuple[int, int]], ledger: Ledger
) -> list[_Placed]:
    """Those whose contact may be texted; asked under the lock, so that no STOP slips past."""
    pairs = [(contact, number) for (number, _), (_, contact) in places.items()]
    both = tuple_(OptOut.contact_id, OptOut.number_id)
    found = db.session.execute(select(OptOut.contact_id, OptOut.number_id).where(both.in_(pairs)))
    out = {(contact, number) for contact, number in found}
    sendable = []
    for one in placed:
        if (places[one.ends][1], one.number.id) in out:
            words = "The contact opted out. You can text them after they text START."
            one.submission.problem = OptedOut(words)
            if one.submission.quota:
                ledger.give_back(one.submission.quota)
        else:
            sendable.append(one)
    return sendable


def _queue(sendable: list[_Placed], places: dict[tuple[int, str], tuple[int, int]]) -> None:
    now = clock.now()
    rows = [_row(one, places[one.ends][0], now) for one in sendable]
    ids = sorted(db.session.scalars(_IN_ORDER if is_sqlite() else _SORTED, rows))
    for one, row, message_id in zip(sendable, rows, ids, strict=True):
        one.submission.message_id = message_id
        one.submission.taken = _taken(one, row, message_id)
    _touch_threads(rows)
    emit_all(
        MessageQueued(
            conversation_id=row["conversation_id"], message_id=of, number_id=row["number_id"]
        )
        for row, of in zip(rows, ids, strict=True)
    )
    last = ids[-1]
    if any(row["state"] == MessageState.QUEUED.value for row in rows):
        after_commit(lambda: ring(deliver, last))  # one ring: whoever comes takes all that is ready


def _row(one: _Placed, conversation_id: int, now: datetime) -> dict[str, Any]:
    submission, send_at = one.submission, one.submission.asked.send_at
    at = max(now, send_at or now)
    state = MessageState.SCHEDULED if at > now else MessageState.QUEUED
    return {
        "conversation_id": conversation_id,
        "account_id": one.number.account_id,
        "number_id": one.number.id,
        "direction": Direction.OUTBOUND.value,
        "body": one.body,
        "encoding": one.measured.encoding,
        "segments": max(one.measured.parts, 1),
        "author": submission.writer.author.value,
        "author_name": submission.writer.name,
        "api_key_id": submission.writer.api_key_id,
        "state": state.value,
        "delivery": 0,
        "attempts": 0,
        "next_at": at,
        "expires_at": at + PATIENCE,
        "asked": written_down(submission.dialect, submission.asked),
        "created_at": now,
    }


def _taken(one: _Placed, row: dict[str, Any], message_id: int) -> Taken:
    asked = one.submission.asked
    text = replace(asked.text, sender=one.number.phone, body=one.body)
    return Taken(
        str(message_id),
        replace(asked, text=text),
        row["created_at"],
        row["encoding"],
        row["segments"],
        stage=Stage(row["state"]),
    )


def _touch_threads(rows: list[dict[str, Any]]) -> None:
    """Bring what the lists show up to the newest text of each conversation."""
    newest = {row["conversation_id"]: row for row in rows}
    db.session.connection().execute(
        _TOUCH,
        [
            {"of": of, "at": row["created_at"], "preview_of": preview(row["body"])}
            for of, row in sorted(newest.items())
        ],
    )


# SQLite counts its rows up as they come; asked to prove it, SQLAlchemy would insert one by one.
_IN_ORDER = insert(Message).returning(Message.id)
_SORTED = insert(Message).returning(Message.id, sort_by_parameter_order=True)
_TOUCH = (
    update(Conversation)
    .where(Conversation.id == bindparam("of"))
    .values(
        last_message_at=case(
            (Conversation.last_message_at > bindparam("at"), Conversation.last_message_at),
            else_=bindparam("at"),
        ),
        last_direction=Direction.OUTBOUND.value,
        preview=bindparam("preview_of"),
    )
)
