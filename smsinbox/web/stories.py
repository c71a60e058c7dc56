"""What happened to one text of ours, from the first word to the last receipt."""

from dataclasses import dataclass
from datetime import datetime

from smsinbox.dialects import DIALECTS
from smsinbox.models.account import Account
from smsinbox.models.attempt import Attempt
from smsinbox.models.message import Delivery, Message
from smsinbox.models.receipt import Receipt
from smsinbox.queries import accounts, messages

_OUTCOMES = {
    "accepted": "Accepted by {}",
    "not sent": "Not sent: the process slept too long, so it waited again",
    "unavailable": "Not taken by {}: it waits for another try",
    "rejected": "Refused by {}",
    "optedout": "Refused by {}: they opted out",
    "misconfigured": "Not taken by {}: our account needs mending",
    "uncertain": "No clear answer from {}",
}
_RECEIPTS = {
    Delivery.QUEUED: "Waits at the carrier",
    Delivery.SENT: "Sent on to the phone's network",
    Delivery.UNCONFIRMED: "The carrier will never know whether it arrived",
    Delivery.UNDELIVERED: "Not delivered",
    Delivery.DELIVERED: "Delivered",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened; `raw` is in the carrier's own words, for admins."""

    at: datetime
    words: str
    detail: str = ""
    raw: str = ""


def of(message: Message) -> list[Step]:
    """In the order in which it happened, as far as clocks agree."""
    steps = [Step(message.created_at, f"Written by {message.author_name or 'the house itself'}")]
    for number, attempt in enumerate(messages.attempts(message), 1):
        steps += _tried(attempt, number, message)
    steps += [_heard(receipt) for receipt in messages.receipts(message)]
    return sorted(steps, key=lambda step: step.at)


def _tried(attempt: Attempt, number: int, message: Message) -> list[Step]:
    account = accounts.by_id(attempt.account_id or message.account_id)
    name = account.name if account else "an account that is gone"
    steps = [Step(attempt.started_at, f"Handed to {name}, try {number}")]
    if attempt.ended_at is not None:
        words = _OUTCOMES.get(attempt.outcome or "", "Not taken by {}").format(name)
        code, detail = attempt.error_code or "", attempt.error_detail or ""
        raw = " ".join(filter(None, [attempt.carrier_id, code, detail]))
        steps.append(Step(attempt.ended_at, words, _meaning(account, code), raw))
    return steps


def _heard(receipt: Receipt) -> Step:
    known = _RECEIPTS.get(Delivery(receipt.rank)) if receipt.rank in list(Delivery) else None
    words = known or f"The carrier says “{receipt.status}”"
    account = accounts.by_id(receipt.account_id)
    bad = receipt.rank == Delivery.UNDELIVERED
    raw = " ".join(filter(None, [receipt.status, receipt.code, receipt.detail]))
    return Step(
        receipt.received_at, words, _meaning(account, receipt.code or "") if bad else "", raw
    )


def _meaning(account: Account | None, code: str) -> str:
    if not code or account is None:
        return ""
    return DIALECTS[account.dialect].client.explain(code).words
