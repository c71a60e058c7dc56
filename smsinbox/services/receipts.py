"""A receipt comes back: always kept, matched by (account, carrier's id), in any order and number.

`Message.delivery` is the highest rank over its receipts, so order and repetition cannot matter. A
receipt may come before the send is committed: it waits unmatched, and is matched by `accept`. One
for a text whose answer we lost proves that the carrier took it, and settles the doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import CursorResult, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.events import emit
from smsinbox.core.phones import BadAddress, address
from smsinbox.dialects.base import Receipt as Report
from smsinbox.dialects.words import SILENT
from smsinbox.models.attempt import Attempt
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import MessageChanged
from smsinbox.models.message import Delivery, Direction, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.models.receipt import Receipt
from smsinbox.services import billing, notifications, strange_words

BEFORE = timedelta(seconds=2)  # a carrier may tell about a send a little before it answers
AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Reported:
    """A verified receipt, the account it came to, and the attempt that its address named."""

    account_id: int
    report: Report
    fence: int | None = None


@atomic
def receive(reports: Sequence[Reported]) -> None:
    """Keep receipts and move the messages they are about."""
    strange = []
    for reported in sorted(reports, key=lambda one: one.report.carrier_id):
        receipt = _keep(reported)
        message = _message_of(receipt) if receipt else None
        if message is not None:
            match(message)
        if receipt is not None and receipt.rank is None:
            strange.append(strange_words.status(receipt.account_id, receipt.status))
    if strange:
        strange_words.hear(strange)


def match(message: Message) -> None:
    """Tie every receipt with this message's carrier id to it, and raise its delivery."""
    found = list(
        db.session.scalars(
            select(Receipt).where(
                Receipt.account_id == message.account_id, Receipt.carrier_id == message.carrier_id
            )
        )
    )
    for receipt in found:
        receipt.message_id = message.id
    billing.take(message, sorted(found, key=lambda one: (_rank(one), one.id)))
    best = max((one for one in found if one.rank is not None), key=_rank, default=None)
    was_silent = message.error_code == SILENT and best and _rank(best) >= Delivery.SENT
    if was_silent:
        message.error_code = None
    if best is None or _rank(best) <= message.delivery:
        db.session.flush()
        if was_silent:
            emit(MessageChanged.of(message))
        return
    message.delivery = _rank(best)
    if message.delivery == Delivery.UNDELIVERED:
        message.error_code, message.error_detail = best.code or "undeliverable", best.detail
    if message.state != MessageState.ACCEPTED:
        message.state, message.lease_until = MessageState.ACCEPTED.value, None
    db.session.flush()
    if message.delivery == Delivery.UNDELIVERED:
        notifications.failed([message.id])
    emit(MessageChanged.of(message))


@atomic
def settle_doubts() -> int:
    """Look at receipts that fit no message yet; how many have found theirs. For the sweeper."""
    recent = clock.now() - AFTER * 3
    settled = 0
    unmatched = select(Receipt).where(Receipt.message_id.is_(None), Receipt.received_at > recent)
    for receipt in db.session.scalars(unmatched.order_by(Receipt.id).limit(200)):
        message = _message_of(receipt)
        if message is not None:
            match(message)
            settled += 1
    return settled


def _rank(receipt: Receipt) -> int:
    return receipt.rank or 0


def _keep(reported: Reported) -> Receipt | None:
    """The receipt's row, or None when we have it already."""
    report = reported.report
    insert = (sqlite if is_sqlite() else postgresql).insert(Receipt)
    new = db.session.scalar(
        insert.values(
            account_id=reported.account_id,
            carrier_id=report.carrier_id,
            status=report.status[:60],
            rank=None if report.rank is None else int(report.rank),
            sender=(report.sender or "")[:40] or None,
            recipient=(report.recipient or "")[:40] or None,
            code=(report.code or "")[:80] or None,
            detail=report.detail,
            occurred_at=report.occurred_at,
            received_at=clock.now(),
            fence=reported.fence,
            cost_micros=report.cost.micros if report.cost else None,
            cost_currency=report.cost.currency if report.cost else None,
            cost_breakdown=billing.breakdown_of(report.cost),
            segments=report.segments,
        )
        .on_conflict_do_nothing()
        .returning(Receipt.id)
    )
    return None if new is None else db.session.get_one(Receipt, new)


def _message_of(receipt: Receipt) -> Message | None:
    """The message with the receipt's id, or the one whose answer we lost: by the attempt that the
    receipt's address names, else by its two ends."""
    query = select(Message).where(
        Message.account_id == receipt.account_id,
        Message.direction == Direction.OUTBOUND.value,
        Message.carrier_id == receipt.carrier_id,
    )
    lock = query.with_for_update(of=Message, key_share=True).execution_options(
        populate_existing=True
    )
    found = db.session.scalar(lock)
    if found is None and receipt.fence is not None:
        return _named(receipt)
    return found or _adopt(receipt)


def _named(receipt: Receipt) -> Message | None:
    """The uncertain text whose last attempt this is; one still on its way finds it by itself."""
    in_doubt = db.session.scalar(
        select(Message)
        .join(Attempt, Attempt.message_id == Message.id)
        .where(
            Attempt.fence == receipt.fence,
            Message.account_id == receipt.account_id,
            Message.fence == receipt.fence,
            Message.state == MessageState.UNCERTAIN.value,
            Message.carrier_id.is_(None),
        )
    )
    return _settle(in_doubt, receipt.carrier_id) if in_doubt else None


def _adopt(receipt: Receipt) -> Message | None:
    """Give an uncertain text the receipt's id when it can be no other's: same two ends, tried
    around that moment, the only such text in doubt, and no other on its way to them."""
    if not receipt.sender or not receipt.recipient:
        return None
    try:
        sender, recipient = address(receipt.sender).value, address(receipt.recipient).value
    except BadAddress:
        return None
    at, other = receipt.received_at, aliased(Message)
    query = (
        select(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Number, Number.id == Message.number_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(
            Message.account_id == receipt.account_id,
            Message.state == MessageState.UNCERTAIN.value,
            Message.carrier_id.is_(None),
            Number.phone == sender,
            Contact.phone == recipient,
            exists().where(
                Attempt.message_id == Message.id,
                Attempt.started_at.between(at - AFTER, at + BEFORE),
            ),
            ~exists().where(
                other.conversation_id == Message.conversation_id,
                other.state == MessageState.SENDING.value,
            ),
        )
    )
    in_doubt = list(db.session.scalars(query.limit(2)))
    if len(in_doubt) != 1:
        return None
    return _settle(in_doubt[0], receipt.carrier_id)


def _settle(message: Message, carrier_id: str) -> Message | None:
    result = db.session.execute(
        update(Message)
        .where(Message.id == message.id, Message.state == MessageState.UNCERTAIN.value)
        .values(
            state=MessageState.ACCEPTED.value,
            carrier_id=carrier_id,
            error_code=None,
            error_detail=None,
            error_raw=None,
        )
    )
    assert isinstance(result, CursorResult)
    if not result.rowcount:
        return None
    return db.session.get_one(Message, message.id, populate_existing=True)
