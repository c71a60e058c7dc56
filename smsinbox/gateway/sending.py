"""A carrier's send API at our own root: a program moves to us by changing its base URL and its key.

What the carriers do not document is decided here: a `from` that is no number of ours is refused,
and the id of an answer is our message's id.
"""

import logging
import math
import time
from functools import partial
from typing import cast

import orjson
from flask import Blueprint, Response, current_app, g, request
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.errors import Busy, Conflict, Forbidden, NotFound, OptedOut, Problem
from smsinbox.core.group_commit import GroupCommit
from smsinbox.core.limits import limiter
from smsinbox.core.phones import e164, is_e164
from smsinbox.core.segments import measure
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import SignedRequest, Taken
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.sides import Reply, Server
from smsinbox.services import api_keys, outbound
from smsinbox.services.outbox import Writer
from smsinbox.services.submissions import Submission, submit

log = logging.getLogger(__name__)

RATE = "100 per 10 seconds"  # a key: 10 a second, counted so that a burst passes

_submit = GroupCommit(submit)

_REASONS: dict[type[Problem], Reason] = {
    OptedOut: Reason.OPTED_OUT,
    Busy: Reason.UNAVAILABLE,
    NotFound: Reason.NOT_FOUND,
    Forbidden: Reason.FORBIDDEN,
    Conflict: Reason.CONFLICT,
}
_FIELDS = {"from": Reason.BAD_SENDER, "to": Reason.BAD_RECIPIENT}


def door(dialect: str) -> Blueprint:
    """The routes of one dialect by which programs send."""
    server = DIALECTS[dialect].server
    blueprint = Blueprint(f"gateway_{dialect}", __name__)
    blueprint.before_request(partial(require_key, server))
    blueprint.register_error_handler(Exception, partial(refuse, server))

    @limiter.limit(rate, key_func=lambda: f"key:{program().api_key_id}")
    def send() -> Response:
        return _send(server)

    for path in server.SEND_PATHS:
        blueprint.add_url_rule(path, path.strip("/"), send, methods=["POST"])
    return blueprint


def require_key(server: Server) -> None:
    """Deny by default: a key of ours, in the header, that may send."""
    token = server.key_of(SignedRequest(dict(request.headers), b""))
    key = api_keys.key_of(token) if token else None
    if key is None:
        raise Refusal(Reason.UNAUTHORIZED, "The API key is missing or invalid.")
    if not key.allows("send"):
        raise Refusal(Reason.FORBIDDEN, "This API key may not send.")
    g.program = outbound.writer_of(key)
    db.session.rollback()  # a connection must not wait with us for our turn to write


def program() -> Writer:
    return cast(Writer, g.program)


def rate() -> str:
    return str(current_app.config.get("GATEWAY_RATE", RATE))


def _send(server: Server) -> Response:
    """Put the text into the outbox, in the conversation that its two ends make."""
    asked = server.accept(request.path, request.get_data(cache=False))
    sender, recipient = _phone("from", asked.text.sender), _phone("to", asked.text.recipient)
    submission = Submission(sender, recipient, asked.text.body, program())
    _submit(submission)
    if submission.problem:
        raise submission.problem
    measured = measure(asked.text.body)
    taken = Taken(
        str(submission.message_id), asked, clock.now(), measured.encoding, max(measured.parts, 1)
    )
    return _response(server.answer(taken))


def _phone(field: str, typed: str) -> str:
    """The one spelling of a number: under another, an opted-out contact would be a stranger."""
    if not is_e164(typed):
        detail = f"'{field}' is not a possible phone number."
        raise Refusal(Reason.BAD_REQUEST, detail, field=field)
    return e164(typed)


def refuse(server: Server, error: Exception) -> Response:
    """Any error in the carrier's words; what we did not foresee is logged and told nobody."""
    response = _response(server.refuse(_refusal(error)))
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _refusal(error: Exception) -> Refusal:
    match error:
        case Refusal():
            return error
        case Busy() | OperationalError() | InterfaceError() | PoolTimeout():
            log.error("database does not take it: %s", type(error).__name__)
            db.session.rollback()
            return Refusal(Reason.UNAVAILABLE, "Nothing was kept; try again.", retry_after=1)
        case Problem():
            reason = _REASONS.get(type(error)) or _FIELDS.get(error.field or "", Reason.BAD_VALUE)
            return Refusal(reason, error.words, field=error.field or "")
        case RateLimitExceeded():
            wait = _seconds_to_wait()
            return Refusal(Reason.RATE, "This key sends too fast.", retry_after=wait)
        case HTTPException():
            return Refusal(Reason.BAD_REQUEST, error.description or error.name, status=error.code)
        case _:
            log.error("unexpected", exc_info=error)
            db.session.rollback()
            return Refusal(Reason.INTERNAL, "An unexpected error occurred.")


def _seconds_to_wait() -> int:
    limit = limiter.current_limit
    return max(1, math.ceil(limit.reset_at - time.time())) if limit else 1


def _response(reply: Reply) -> Response:
    body = orjson.dumps(reply.body)
    return Response(body, reply.status, reply.headers, mimetype=reply.media_type)
