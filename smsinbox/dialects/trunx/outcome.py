"""What became of a text that we sent to Trunx: taken, not taken, or nobody can tell.

The problem's type decides before the status, because Trunx documents the types but not which status
each comes with. A wrong "not taken" texts somebody twice, so every doubt is Uncertain.
"""

import math
from datetime import UTC
from email.utils import parsedate_to_datetime

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Accepted,
    CarrierError,
    Misconfigured,
    OptedOut,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsinbox.dialects.http import Answer
from smsinbox.dialects.trunx import wire

RETRY_AFTER_LIMIT = 3600.0

_BY_CODE: dict[str, type[CarrierError]] = {
    "dnc-blocked": OptedOut,
    "content-blocked": Rejected,
    "tcpa-blocked": Rejected,
    "validation-error": Rejected,
    "bad-request": Rejected,
    "not-found": Rejected,
    "conflict": Rejected,
    "unauthorized": Misconfigured,
    "forbidden": Misconfigured,
    "rate-limited": Unavailable,
}

# For answers without a problem that we know. A 404 or 405 without one comes from no Trunx at all.
_BY_STATUS: dict[int, tuple[type[CarrierError], str]] = {
    401: (Misconfigured, "unauthorized"),
    402: (Misconfigured, "payment"),
    403: (Misconfigured, "forbidden"),
    404: (Misconfigured, "address"),
    405: (Misconfigured, "address"),
    408: (Uncertain, "no-answer"),
    425: (Unavailable, "rate-limited"),
    429: (Unavailable, "rate-limited"),
}


def judge(answer: Answer) -> Accepted:
    """The carrier's id for our text; raises the CarrierError that fits any other answer."""
    if not 200 <= answer.status < 300:
        raise _failure(answer)
    try:
        return Accepted(wire.SentAnswer.model_validate(wire.parse(answer.body)).id)
    except ValueError:
        raise _error(Uncertain, "strange-answer", "The answer names no text.", answer) from None


def _failure(answer: Answer) -> CarrierError:
    if 300 <= answer.status < 400:
        return _error(Misconfigured, "redirect", "The answer is a redirect.", answer)
    problem = _problem(answer)
    kind, code = _classify(problem.code, answer)
    return _error(kind, code, problem.detail or problem.title, answer)


def _classify(problem: str, answer: Answer) -> tuple[type[CarrierError], str]:
    if problem in _BY_CODE:
        return _BY_CODE[problem], problem
    if answer.status in _BY_STATUS:
        return _BY_STATUS[answer.status]
    if 400 <= answer.status < 500:
        return Rejected, problem or "bad-request"
    # Only a 503 that names a time says that somebody looked and turned us away.
    if answer.status == 503 and _retry_after(answer) is not None:
        return Unavailable, "busy"
    return Uncertain, "server-error"


def _problem(answer: Answer) -> wire.Problem:
    try:
        return wire.Problem.model_validate(wire.parse(answer.body))
    except ValueError:
        return wire.Problem()


def _error(kind: type[CarrierError], code: str, detail: str, answer: Answer) -> CarrierError:
    code, detail, raw = clean(code)[:100], clean(detail), clean(answer.text)
    if kind is Unavailable:
        seconds = _retry_after(answer)
        return Unavailable(detail, code=code, status=answer.status, raw=raw, retry_after=seconds)
    return kind(detail, code=code, status=answer.status, raw=raw)


def _retry_after(answer: Answer) -> float | None:
    """Seconds to wait, at most an hour; a header that makes no sense is none."""
    value = answer.headers.get("Retry-After", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        return _seconds_until(value)
    if not math.isfinite(seconds) or seconds < 0:
        return None
    return min(seconds, RETRY_AFTER_LIMIT)


def _seconds_until(http_date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(http_date)
        ahead = moment.replace(tzinfo=moment.tzinfo or UTC) - clock.now()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(ahead.total_seconds(), 0.0), RETRY_AFTER_LIMIT)
