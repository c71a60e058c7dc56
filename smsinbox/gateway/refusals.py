"""Any error in the words of the carrier that the program believes to talk to."""

import logging
import math
import time

import orjson
from flask import Response
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from smsinbox.core import errors
from smsinbox.core.database import db
from smsinbox.core.limits import limiter
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.sides import Reply, Server

log = logging.getLogger(__name__)

_REASONS: dict[type[errors.Problem], Reason] = {
    errors.OptedOut: Reason.OPTED_OUT,
    errors.Busy: Reason.UNAVAILABLE,
    errors.NotFound: Reason.NOT_FOUND,
    errors.Forbidden: Reason.FORBIDDEN,
    errors.Conflict: Reason.CONFLICT,
}
_FIELDS = {"from": Reason.BAD_SENDER, "to": Reason.BAD_RECIPIENT}


def refuse(server: Server, error: Exception) -> Response:
    """What we did not foresee is logged and told nobody."""
    response = respond(server.refuse(_refusal(error)))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def respond(reply: Reply) -> Response:
    """A dialect's answer as HTTP."""
    body = orjson.dumps(reply.body)
    return Response(body, reply.status, reply.headers, mimetype=reply.media_type)


def _refusal(error: Exception) -> Refusal:
    match error:
        case Refusal():
            return error
        case errors.Busy() | OperationalError() | InterfaceError() | PoolTimeout():
            log.error("database does not take it: %s", type(error).__name__)
            db.session.rollback()
            return Refusal(Reason.UNAVAILABLE, "Nothing was kept; try again.", retry_after=1)
        case errors.Problem():
            reason = _REASONS.get(type(error)) or _FIELDS.get(error.field or "", Reason.BAD_VALUE)
            return Refusal(reason, error.words, field=error.field or "")
        case RateLimitExceeded():
            wait = _seconds_to_wait()
            return Refusal(Reason.RATE, "This key sends too fast.", retry_after=wait)
        case HTTPException():
            return _of_http(error)
        case _:
            log.error("unexpected", exc_info=error)
            db.session.rollback()
            return Refusal(Reason.INTERNAL, "An unexpected error occurred.")


def _of_http(error: HTTPException) -> Refusal:
    if isinstance(error, NotFound):
        return Refusal(Reason.NOT_FOUND, "There is nothing at this address.", status=404)
    return Refusal(Reason.BAD_REQUEST, error.description or error.name, status=error.code)


def _seconds_to_wait() -> int:
    limit = limiter.current_limit
    return max(1, math.ceil(limit.reset_at - time.time())) if limit else 1
