"""A carrier's send API at our own root: a program moves to us by changing its base URL and its key.

What the carriers do not document is decided here: a `from` that is no number of ours is refused,
and the id of an answer is our message's id.
"""

from dataclasses import replace

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from smsinbox.core import targets
from smsinbox.core.config import settings
from smsinbox.core.database import db
from smsinbox.core.group_commit import GroupCommit
from smsinbox.core.phones import BadAddress, Kind, address, e164, is_e164
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import Asked
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.gateway.doors import Door, program
from smsinbox.gateway.refusals import respond
from smsinbox.services import idempotency
from smsinbox.services.idempotency import Once
from smsinbox.services.submission import Submission
from smsinbox.services.submissions import submit

_FORM = "application/x-www-form-urlencoded"

_submit = GroupCommit(submit)


def add_to(door: Door, *, takes_forms: bool = False) -> None:
    """The addresses to which programs post texts."""

    def send() -> Response:
        body = body_of(takes_forms=takes_forms)
        once = _once(body)
        known = idempotency.known(once) if once else None
        db.session.rollback()
        return respond(known) if known else _send(door, body, once)

    for path in door.server.SEND_PATHS:
        door.add(path, POST=send)


def body_of(*, takes_forms: bool = False) -> bytes:
    """What was posted, in a form that the dialect reads."""
    kind = request.mimetype
    readable = not kind or request.is_json or (takes_forms and kind == _FORM)
    if not readable:
        raise UnsupportedMediaType("Send JSON, as application/json.")
    return request.get_data(cache=False)


def _once(body: bytes) -> Once | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    return idempotency.once(program().api_key_id, key, request.path, body)


def _send(door: Door, body: bytes, once: Once | None) -> Response:
    """Put the text into the outbox, in the conversation that its two ends make."""
    asked = door.server.accept(request.path, body)
    asked = _canonical(asked, DIALECTS[door.dialect].texts_short_codes)
    _check_files(door, asked)
    submission = Submission(asked, program().writer, door.dialect, once, program().quota)
    _submit(submission)
    if submission.problem:
        raise submission.problem
    if submission.reply:
        return respond(submission.reply)
    assert submission.taken is not None
    return respond(door.server.answer(submission.taken))


def _canonical(asked: Asked, short_codes: bool) -> Asked:
    """One spelling of each number: under another, an opted-out contact would be a stranger. It goes
    to `short_codes` only in the words of a carrier that texts them."""
    text = asked.text
    recipient = _recipient(text.recipient, short_codes)
    try:
        sender = address(text.sender).value if text.sender else ""
    except BadAddress:
        raise Refusal(Reason.BAD_SENDER, "'from' is not a number.", field="from") from None
    return replace(asked, text=replace(text, sender=sender, recipient=recipient))


def _recipient(written: str, short_codes: bool) -> str:
    if is_e164(written):
        return e164(written)
    try:
        if short_codes and address(written).kind is Kind.SHORT_CODE:
            return address(written).value
    except BadAddress:
        pass
    raise Refusal(Reason.BAD_RECIPIENT, "'to' is not a possible phone number.", field="to")


def _check_files(door: Door, asked: Asked) -> None:
    """Refuse what we would never fetch; where a name leads to is known only when it is fetched."""
    field = DIALECTS[door.dialect].media_field
    for url in asked.text.media_urls:
        try:
            targets.check(url, settings().files_from_private)
        except targets.BadTarget as problem:
            words = f"'{field}' has an address that this inbox does not fetch from. {problem}"
            raise Refusal(Reason.BAD_MEDIA, words, field=field) from None
