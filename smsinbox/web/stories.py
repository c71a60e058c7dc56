"""What happened to one text of ours, from the first word to the last receipt."""

from dataclasses import dataclass
from datetime import datetime

from smsinbox.core.i18n import _, _l
from smsinbox.dialects import DIALECTS
from smsinbox.models.account import Account
from smsinbox.models.attempt import Attempt
from smsinbox.models.message import Delivery, Message
from smsinbox.models.receipt import Receipt
from smsinbox.queries import accounts, messages

_RECEIPTS = {
    Delivery.QUEUED: _l("Waits at the carrier"),
    Delivery.SENT: _l("Sent on to the phone's network"),
    Delivery.UNCONFIRMED: _l("The carrier will never know whether it arrived"),
    Delivery.UNDELIVERED: _l("Not delivered"),
    Delivery.DELIVERED: _l("Delivered"),
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
    steps = [
        Step(
            message.created_at,
            _("Written by %(name)s", name=message.author_name or _("the house itself")),
        )
    ]
    for number, attempt in enumerate(messages.attempts(message), 1):
        steps += _tried(attempt, number, message)
    steps += [_heard(receipt) for receipt in messages.receipts(message)]
    return sorted(steps, key=lambda step: step.at)


def _tried(attempt: Attempt, number: int, message: Message) -> list[Step]:
    account = accounts.by_id(attempt.account_id or message.account_id)
    name = account.name if account else _("an account that is gone")
    steps = [
        Step(attempt.started_at, _("Handed to %(name)s, try %(number)s", name=name, number=number))
    ]
    if attempt.ended_at is not None:
        words = _outcome(attempt.outcome or "", name)
        code, detail = attempt.error_code or "", attempt.error_detail or ""
        raw = " ".join(filter(None, [attempt.carrier_id, code, detail]))
        steps.append(Step(attempt.ended_at, words, _meaning(account, code), raw))
    return steps


def _outcome(outcome: str, name: str) -> str:
    known = {
        "accepted": _("Accepted by %(name)s", name=name),
        "not sent": _("Not sent: the process slept too long, so it waited again"),
        "unavailable": _("Not taken by %(name)s: it waits for another try", name=name),
        "rejected": _("Refused by %(name)s", name=name),
        "optedout": _("Refused by %(name)s: they opted out", name=name),
        "misconfigured": _("Not taken by %(name)s: our account needs mending", name=name),
        "uncertain": _("No clear answer from %(name)s", name=name),
    }
    return known.get(outcome) or _("Not taken by %(name)s", name=name)


def _heard(receipt: Receipt) -> Step:
    known = _RECEIPTS.get(Delivery(receipt.rank)) if receipt.rank in list(Delivery) else None
    words = known or _("The carrier says “%(status)s”", status=receipt.status)
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
