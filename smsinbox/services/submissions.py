"""Texts that programs hand in, many at once: a batch goes into the outbox in one transaction.

What happens to one of them is what `outbound.reply` does; only the statements are shared, so that a
program can hand in hundreds a second. A text that cannot be sent takes no other down with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, case, insert, select, tuple_, update

from smsinbox.core import clock
from smsinbox.core.database import after_commit, atomic, db, is_sqlite
from smsinbox.core.doorbell import ring
from smsinbox.core.errors import Invalid, OptedOut, Problem
from smsinbox.core.events import emit_all
from smsinbox.core.failpoints import failpoint
from smsinbox.core.phones import Kind
from smsinbox.core.segments import measure
from smsinbox.core.text import preview
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import MessageQueued
from smsinbox.models.message import Direction, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.models.opt_out import OptOut
from smsinbox.services.delivery import deliver
from smsinbox.services.ends import CONTACTS, CONVERSATIONS
from smsinbox.services.outbound import checked
from smsinbox.services.outbox import PATIENCE, Writer


@dataclass(slots=True)
class Submission:
    """One text; afterwards it has a `message_id`, or a `problem` that says why not.

    `sender` and `recipient` are E.164; the sender must be a number of ours.
    """

    sender: str
    recipient: str
    body: str = field(repr=False)
    writer: Writer
    message_id: int | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Placed:
    submission: Submission
    number: Number
    body: str = field(repr=False)

    @property
    def ends(self) -> tuple[int, str]:
        return self.number.id, self.submission.recipient


@atomic
def submit(batch: Sequence[Submission]) -> None:
    """Queue every text that can be sent, in the batch's order; each learns what became of it."""
    placed = _place(batch)
    if not placed:
        return
    places = _conversations(placed)
    sendable = _consenting(placed, places)
    if sendable:
        _queue(sendable, places)
    failpoint("submit.before_commit")


def _place(batch: Sequence[Submission]) -> list[_Placed]:
    """Find the numbers and check the texts."""
    wanted = {submission.sender for submission in batch}
    found = db.session.scalars(select(Number).where(Number.phone.in_(wanted)))
    numbers = {number.phone: number for number in found}
    placed = []
    for submission in batch:
        submission.message_id = submission.problem = None
        try:
            placed.append(_placed(submission, numbers.get(submission.sender)))
        except Problem as problem:
            submission.problem = problem
    return placed


def _placed(submission: Submission, number: Number | None) -> _Placed:
    if number is None:
        raise Invalid("'from' is not one of this inbox's numbers.", "from")
    if submission.recipient == number.phone:
        raise Invalid("'to' is the number to send from.", "to")
    return _Placed(submission, number, checked(submission.body))


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
    placed: list[_Placed], places: dict[tuple[int, str], tuple[int, int]]
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
        else:
            sendable.append(one)
    return sendable


def _queue(sendable: list[_Placed], places: dict[tuple[int, str], tuple[int, int]]) -> None:
    rows = [_row(one, places[one.ends][0]) for one in sendable]
    ids = sorted(db.session.scalars(_IN_ORDER if is_sqlite() else _SORTED, rows))
    for one, message_id in zip(sendable, ids, strict=True):
        one.submission.message_id = message_id
    _touch_threads(rows)
    emit_all(
        MessageQueued(
            conversation_id=row["conversation_id"], message_id=of, number_id=row["number_id"]
        )
        for row, of in zip(rows, ids, strict=True)
    )
    last = ids[-1]
    after_commit(lambda: ring(deliver, last))  # one ring: whoever comes takes all that is ready


def _row(one: _Placed, conversation_id: int) -> dict[str, Any]:
    now, measured, writer = clock.now(), measure(one.body), one.submission.writer
    return {
        "conversation_id": conversation_id,
        "account_id": one.number.account_id,
        "number_id": one.number.id,
        "direction": Direction.OUTBOUND.value,
        "body": one.body,
        "encoding": measured.encoding,
        "segments": max(measured.parts, 1),
        "author": writer.author.value,
        "author_name": writer.name,
        "api_key_id": writer.api_key_id,
        "state": MessageState.QUEUED.value,
        "delivery": 0,
        "attempts": 0,
        "next_at": now,
        "expires_at": now + PATIENCE,
        "created_at": now,
    }


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
