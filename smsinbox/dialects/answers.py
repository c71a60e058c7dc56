"""What carriers' answers have in common, whatever their language."""

import math
from datetime import UTC
from email.utils import parsedate_to_datetime

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.dialects.errors import CarrierError, Misconfigured, Unavailable, Uncertain
from smsinbox.dialects.http import Answer

RETRY_AFTER_LIMIT = 3600.0

# For answers whose body says nothing that we know. A wrong "not taken" texts somebody twice, so
# every doubt is Uncertain. A 404 or 405 without a word of the carrier's comes from no carrier.
BY_STATUS: dict[int, tuple[type[CarrierError], str]] = {
    401: (Misconfigured, "unauthorized"),
    402: (Misconfigured, "payment"),
    403: (Misconfigured, "forbidden"),
    404: (Misconfigured, "address"),
    405: (Misconfigured, "address"),
    408: (Uncertain, "no-answer"),
    425: (Unavailable, "rate-limited"),
    429: (Unavailable, "rate-limited"),
}


def failed(kind: type[CarrierError], code: str, detail: str, answer: Answer) -> CarrierError:
    """The error with the answer kept in it, and the time to wait where the answer names one."""
    code, detail, raw = clean(code)[:100], clean(detail), clean(answer.text)
    if kind is Unavailable:
        seconds = retry_after(answer)
        return Unavailable(detail, code=code, status=answer.status, raw=raw, retry_after=seconds)
    return kind(detail, code=code, status=answer.status, raw=raw)


def is_turned_away(answer: Answer) -> bool:
    """Only a 503 that names a time says that somebody looked and turned us away."""
    return answer.status == 503 and retry_after(answer) is not None


def retry_after(answer: Answer) -> float | None:
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
