"""What became of a text that we sent by Telnyx's legacy API: taken, not taken, or nobody can tell.

A refused text leaves no record at Telnyx, so a success that names one was taken, whatever its
status says, and its receipts tell the rest:
https://community.telnyx.com/t/different-mdr-post-responses-to-expect/52. Otherwise the code decides
before the HTTP status, because which status comes with what is not documented. A wrong "not taken"
texts somebody twice, so every doubt is Uncertain.
"""

from smsinbox.dialects.answers import BY_STATUS, failed, is_turned_away
from smsinbox.dialects.base import Accepted
from smsinbox.dialects.errors import (
    CarrierError,
    Misconfigured,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsinbox.dialects.http import Answer
from smsinbox.dialects.reading import parse, short
from smsinbox.dialects.telnyx.outcome import BY_CODE
from smsinbox.dialects.telnyx_v1 import wire

# Without its code, a refusal because of STOP must not count as one of our key.
_OPTED_OUT, _OPTED_OUT_WORDS = "40300", "blocked due to stop"


def judge(answer: Answer) -> Accepted:
    """The carrier's id for our text; raises the CarrierError that fits any other answer."""
    if 300 <= answer.status < 400:
        raise failed(Misconfigured, "redirect", "The answer is a redirect.", answer)
    if 200 <= answer.status < 300:
        try:
            sent = wire.SentAnswer.model_validate(parse(answer.body))
            return Accepted(sent.sms_id, segments=wire.whole(sent.parts))
        except ValueError:
            pass  # it may still say clearly that it refuses
    code, detail = _said(answer)
    kind, code = _classify(code, answer)
    raise failed(kind, code, detail, answer)


def _classify(code: str, answer: Answer) -> tuple[type[CarrierError], str]:
    """A code that we do not know is never kept for a doubt: ours has the words for that."""
    if code in BY_CODE:
        return BY_CODE[code], code
    if answer.status < 400:
        return Uncertain, "strange-answer"
    # With a code of its own, even a new one, a 403 or 404 is about this text and not about us.
    if answer.status in BY_STATUS and not (code and answer.status in (403, 404, 405)):
        kind, ours = BY_STATUS[answer.status]
        return kind, ours if kind is Uncertain else code or ours
    if answer.status < 500:
        return Rejected, code or "bad-request"
    if is_turned_away(answer):
        return Unavailable, code or "busy"
    return Uncertain, "server-error"


def _said(answer: Answer) -> tuple[str, str]:
    """The code, which may be missing, and the words of a failure."""
    try:
        failure = wire.Failure.model_validate(parse(answer.body))
    except ValueError:
        return "", ""
    code, detail = wire.first_error(failure.errors)
    message = short(failure.message, 500) or ""
    if not code and _OPTED_OUT_WORDS in f"{message} {detail}".lower():
        code = _OPTED_OUT
    return code, detail or message
