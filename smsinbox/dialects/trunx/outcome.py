"""What became of a text that we sent to Trunx: taken, not taken, or nobody can tell.

The problem's type decides before the status, because Trunx documents the types but not which status
each comes with. A wrong "not taken" texts somebody twice, so every doubt is Uncertain.
"""

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
from smsinbox.dialects.reading import parse
from smsinbox.dialects.trunx import wire

BY_CODE: dict[str, type[CarrierError]] = {
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


def judge(answer: Answer) -> Accepted:
    """The carrier's id for our text; raises the CarrierError that fits any other answer."""
    if not 200 <= answer.status < 300:
        raise failure(answer)
    try:
        return Accepted(wire.SentAnswer.model_validate(parse(answer.body)).id)
    except ValueError:
        raise failed(Uncertain, "strange-answer", "The answer names no text.", answer) from None


def failure(answer: Answer) -> CarrierError:
    """What an answer that is no success means."""
    if 300 <= answer.status < 400:
        return failed(Misconfigured, "redirect", "The answer is a redirect.", answer)
    problem = _problem(answer)
    kind, code = _classify(problem.code, answer)
    return failed(kind, code, problem.detail or problem.title, answer)


def _classify(problem: str, answer: Answer) -> tuple[type[CarrierError], str]:
    if problem in BY_CODE:
        return BY_CODE[problem], problem
    if answer.status in BY_STATUS:
        return BY_STATUS[answer.status]
    if 400 <= answer.status < 500:
        return Rejected, problem or "bad-request"
    if is_turned_away(answer):
        return Unavailable, "busy"
    return Uncertain, "server-error"


def _problem(answer: Answer) -> wire.Problem:
    try:
        return wire.Problem.model_validate(parse(answer.body))
    except ValueError:
        return wire.Problem()
