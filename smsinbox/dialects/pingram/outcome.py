"""What became of a text that we sent to Pingram: taken, not taken, or nobody can tell.

A code that we know decides before the status, because Pingram documents an error as a possible body
of a 200, and what stands behind a 502 is another carrier's answer. That carrier's code is the more
exact one. A wrong "not taken" texts somebody twice, so every doubt is Uncertain.
"""

import re

from smsinbox.dialects.answers import BY_STATUS, failed, is_turned_away
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
from smsinbox.dialects.pingram import wire
from smsinbox.dialects.reading import parse

_REJECTED = (
    "MISSING_SMS_RECIPIENT MISSING_SMS_MESSAGE INVALID_PHONE_NUMBER INVALID_NUMBER NO_ADDRESS "
    "SPAM_CONTENT SMS_FREE_RESTRICTED "
    "10002 10016 40001 40002 40301 40302 40308 40309 40310 40316 40317 40322 "  # Telnyx's
    "13224 21211 21215 21265 21612 21614 30005 30006 30007 30453"  # Twilio's
)
_MISCONFIGURED = "USAGE_LIMIT VERIFICATION_LIMIT TEMPLATE_NOT_FOUND NO_DEFAULT_TEMPLATE 40010 40305"
KINDS: dict[str, type[CarrierError]] = {
    **dict.fromkeys(_REJECTED.split(), Rejected),
    **dict.fromkeys(_MISCONFIGURED.split(), Misconfigured),
    **dict.fromkeys(("40300", "21610"), OptedOut),
    # "Something went wrong", of Pingram's and of Twilio's.
    **dict.fromkeys(("Unknown", "30008"), Uncertain),
}
_DOUBTFUL = re.compile("TIME_?OUT|UNKNOWN|INTERNAL", re.IGNORECASE)


def judge(answer: Answer) -> Accepted:
    """The carrier's id for our text; raises the CarrierError that fits any other answer."""
    if not 200 <= answer.status < 300:
        raise _failure(answer)
    try:
        return Accepted(wire.SentAnswer.model_validate(parse(answer.body)).id)
    except ValueError:
        raise _failure(answer) from None


def _failure(answer: Answer) -> CarrierError:
    if 300 <= answer.status < 400:
        return failed(Misconfigured, "redirect", "The answer is a redirect.", answer)
    problem = _problem(answer)
    kind, code = _classify(problem, answer)
    return failed(kind, code, problem.detail, answer)


def _classify(problem: wire.Problem, answer: Answer) -> tuple[type[CarrierError], str]:
    """The error and its code; a code that we do not know stays in the detail where a shared one
    says more to an agent."""
    for code in (problem.provider_code, problem.code):
        if code in KINDS:
            return KINDS[code], code
    if 200 <= answer.status < 300:
        return _refused_with_success(problem)
    if answer.status in BY_STATUS:
        return BY_STATUS[answer.status]
    if 400 <= answer.status < 500:
        return Rejected, problem.code or "bad-request"
    if is_turned_away(answer):
        return Unavailable, "busy"
    return Uncertain, "server-error"


def _refused_with_success(problem: wire.Problem) -> tuple[type[CarrierError], str]:
    """A 2xx that is no success. Pingram's own no is a no; but once another carrier was asked, or
    something ran out of time, an unknown code leaves open what happened."""
    if not problem.code:
        return Uncertain, "strange-answer"
    if problem.provider or problem.provider_code or _DOUBTFUL.search(problem.code):
        return Uncertain, "server-error"
    return Rejected, problem.code


def _problem(answer: Answer) -> wire.Problem:
    try:
        return wire.ErrorAnswer.model_validate(parse(answer.body)).error
    except ValueError:
        return wire.Problem()
