"""What became of a text that we sent to Telnyx: taken, not taken, or nobody can tell.

The code decides before the status: a used-up daily limit comes as 429 like "slow down", see
https://developers.telnyx.com/docs/messaging/messages/error-codes and
https://developers.telnyx.com/development/api-fundamentals/api-errors. A wrong "not taken" texts
somebody twice, so every doubt is Uncertain.
"""

import math

from smsinbox.dialects.answers import BY_STATUS, RETRY_AFTER_LIMIT, failed, is_turned_away
from smsinbox.dialects.base import Accepted
from smsinbox.dialects.errors import (
    CarrierError,
    Misconfigured,
    OptedOut,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsinbox.dialects.http import Answer
from smsinbox.dialects.reading import parse
from smsinbox.dialects.telnyx import wire

# What only this text, number or sender suffers from is Rejected; Misconfigured is what stops every
# text of the account. 40006 and 40008 are to be tried again, says Telnyx. After 10012, a duplicate,
# the first of the two may be on its way.
_CODES: dict[type[CarrierError], str] = {
    OptedOut: "40300",
    Unavailable: "10011 40006 40008 40318 40320",
    Uncertain: "10007 10008 10012",
    Misconfigured: """
        10005 10006 10009 10010 10024 10029 10030 10038 10039
        20002 20006 20012 20013 20014 20100
        40311 40312 40313 40314 40331 40333
    """,
    Rejected: """
        10001 10002 10003 10004 10014 10015 10016 10023 10025 10026 10027 10032 10033
        40001 40002 40003 40004 40005 40007 40009 40010 40011 40012 40013 40014 40015 40016 40017
        40018 40019 40020 40100 40150 40151 40152 40153 40154 40155 40156 40157 40158 40159
        40301 40302 40303 40304 40305 40306 40307 40308 40309 40310 40315 40316 40317 40319 40321
        40322 40323 40325 40326 40327 40328 40329 40330
    """,
}
BY_CODE = {code: kind for kind, codes in _CODES.items() for code in codes.split()}


def judge(answer: Answer) -> Accepted:
    """The carrier's id for our text; raises the CarrierError that fits any other answer."""
    if not 200 <= answer.status < 300:
        raise _failure(answer)
    try:
        report = wire.SentAnswer.model_validate(parse(answer.body)).data
    except ValueError:
        raise failed(Uncertain, "strange-answer", "The answer names no text.", answer) from None
    return Accepted(report.id, report.cost, report.parts)


def _failure(answer: Answer) -> CarrierError:
    if 300 <= answer.status < 400:
        return failed(Misconfigured, "redirect", "The answer is a redirect.", answer)
    problem = _problem(answer)
    kind, code = _classify(problem.number, answer)
    error = failed(kind, code, problem.said, answer)
    if isinstance(error, Unavailable) and error.retry_after is None:
        error.retry_after = _seconds_to_reset(answer)
    return error


def _classify(code: str, answer: Answer) -> tuple[type[CarrierError], str]:
    if code in BY_CODE:
        return BY_CODE[code], code
    # With a code of its own, even a new one, a 403 or 404 is about this text and not about us.
    if answer.status in BY_STATUS and not (code and answer.status in (403, 404, 405)):
        kind, ours = BY_STATUS[answer.status]
        return kind, code or ours
    if answer.status == 409:  # what idempotency keys are answered with while a first try runs
        return Uncertain, code or "strange-answer"
    if 400 <= answer.status < 500:
        return Rejected, code or "bad-request"
    if is_turned_away(answer):
        return Unavailable, code or "busy"
    return Uncertain, code or "server-error"


def _problem(answer: Answer) -> wire.Problem:
    """The first that we know of, else the first."""
    try:
        found = wire.problems(wire.Problems.model_validate(parse(answer.body)).errors)
    except ValueError:
        return wire.Problem()
    known = (each for each in found if each.number in BY_CODE)
    return next(known, found[0] if found else wire.Problem())


def _seconds_to_reset(answer: Answer) -> float | None:
    """Telnyx's own header; more than an hour would be another unit, so it counts as none."""
    try:
        seconds = float(answer.headers.get("x-ratelimit-reset", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds <= RETRY_AFTER_LIMIT else None
