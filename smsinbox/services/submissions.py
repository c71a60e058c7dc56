"""Texts that programs hand in, many at once: a batch goes into the outbox in one transaction.

What happens to one of them is what `outbound.reply` does; only the statements are shared, so that a
program can hand in hundreds a second. A text that cannot be sent takes no other down with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select, tuple_

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid, OptedOut, Problem
from smsinbox.core.failpoints import failpoint
from smsinbox.core.phones import address
from smsinbox.core.segments import Measure, measure
from smsinbox.dialects.base import Stage, Taken
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.number import Number
from smsinbox.models.opt_out import OptOut
from smsinbox.queries import content_rules
from smsinbox.services import attachments, carriage, outbox, repetition
from smsinbox.services.compliance import Scan
from smsinbox.services.ends import CONTACTS, CONVERSATIONS
from smsinbox.services.outbound import checked
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
    """Queue every text that can be sent, in the batch's order; each learns what became of it.

    One with files is held (`services/held.py`) until these have been fetched."""
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
    pools, scan = pools_for(one.asked for one in batch), Scan(content_rules.for_programs())
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
    body = checked(asked.text.body, alone=not asked.text.media_urls)
    if asked.auto_reply:
        asked = submission.asked = replace(asked, auto_reply=checked(asked.auto_reply))
    measured = measure(body, asked.encoding)
    scan.check(asked, measured)
    number = pools.choose(asked)
    if asked.text.recipient == number.phone:
        raise Invalid("'to' is the number to send from.", "to")
    if asked.text.media_urls and (words := carriage.obstacle(number)):
        raise Refusal(Reason.NO_MEDIA, words, field="from")
    if not carriage.reaches(number.account, submission.recipient):
        words = "The carrier of this number texts no short codes."
        raise Refusal(Reason.BAD_RECIPIENT, words, field="to")
    if words := carriage.dictates(number.account, asked.encoding, body):
        raise Refusal(Reason.BAD_VALUE, words, field="encoding")
    return _Placed(submission, number, body, measured)


def _conversations(placed: list[_Placed]) -> dict[tuple[int, str], tuple[int, int]]:
    """Conversation and contact of each pair of ends: made when missing, held until we commit."""
    ends = sorted({one.ends for one in placed}, key=lambda pair: pair[1])
    rows = [
        {"number": number, "phone": phone, "kind": address(phone).kind.value}
        for number, phone in ends
    ]
    now = clock.now_micros()
    CONTACTS.run(rows, now=now)
    CONVERSATIONS.run(rows, now=now)
    held = db.session.execute(
        select(Conversation.number_id, Contact.phone, Conversation.id, Contact.id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(tuple_(Conversation.number_id, Contact.phone).in_(ends))
        .order_by(Conversation.id)
        .with_for_update(of=Conversation, key_share=True)
    )
    return {
        (number, phone): (conversation, contact) for number, phone, conversation, contact in held
    }


def _consenting(
    placed: list[_Placed], places: dict[tuple[int, str], tuple[int, int]], ledger: Ledger
) -> list[_Placed]:
    """Those whose contact may be texted; asked under the lock, so that no STOP slips past."""
    contacts = sorted({contact for _, contact in places.values()})
    found = db.session.execute(
        select(OptOut.contact_id, OptOut.number_id).where(OptOut.contact_id.in_(contacts))
    )
    out = {(contact, number) for contact, number in found}
    sendable = []
    for one in placed:
        contact = places[one.ends][1]
        if (contact, one.number.id) in out or (contact, None) in out:
            one.submission.problem = OptedOut()
            if one.submission.quota:
                ledger.give_back(one.submission.quota)
        else:
            sendable.append(one)
    return sendable


def _queue(sendable: list[_Placed], places: dict[tuple[int, str], tuple[int, int]]) -> None:
    queued = outbox.queue([_outgoing(one, places[one.ends][0]) for one in sendable])
    for one, row in zip(sendable, queued, strict=True):
        one.submission.message_id = row.id
        one.submission.taken = _taken(one, row)


def _outgoing(one: _Placed, conversation_id: int) -> outbox.Outgoing:
    submission = one.submission
    return outbox.Outgoing(
        conversation_id=conversation_id,
        number=one.number,
        body=one.body,
        writer=submission.writer,
        at=submission.asked.send_at,
        asked=written_down(submission.dialect, submission.asked),
        files=attachments.elsewhere(submission.asked.text.media_urls),
    )


def _taken(one: _Placed, row: outbox.Queued) -> Taken:
    asked = one.submission.asked
    text = replace(asked.text, sender=one.number.phone, body=one.body)
    return Taken(
        str(row.id),
        replace(asked, text=text),
        row.at,
        one.measured.encoding,
        max(one.measured.parts, 1),
        stage=Stage(row.state.value),
    )
