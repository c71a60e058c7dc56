"""Trunx's send API at our own root: a program moves to us by changing its base URL and its key.

What Trunx does not document is decided here: a `from` that is no number of ours is 422, an answer's
`id` is our message's id, and the `type` of a problem begins with our own address.
"""

import logging
import math
import time
from typing import cast

import orjson
from flask import Blueprint, Response, current_app, g, request
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from smsinbox.core.config import settings
from smsinbox.core.database import db
from smsinbox.core.errors import Busy, OptedOut, Problem
from smsinbox.core.group_commit import GroupCommit
from smsinbox.core.limits import limiter
from smsinbox.core.phones import is_e164
from smsinbox.dialects.base import Refusal, Reply
from smsinbox.dialects.trunx import server
from smsinbox.services import api_keys, outbound
from smsinbox.services.outbox import Writer
from smsinbox.services.submissions import Submission, submit

log = logging.getLogger(__name__)
door = Blueprint("gateway_trunx", __name__)

RATE = "100 per 10 seconds"  # a key: Trunx's 10 a second, counted so that a burst passes

_submit = GroupCommit(submit)


@door.before_request
def require_key() -> None:
    """Deny by default: a key of ours, in the header, that may send."""
    sent = request.authorization
    token = sent.token if sent is not None and sent.type == "bearer" else None
    key = api_keys.key_of(token) if token else None
    if key is None:
        raise server.problem("unauthorized", "The API key is missing or invalid.")
    if not key.allows("send"):
        raise server.problem("forbidden", "This API key may not send.")
    g.program = outbound.writer_of(key)
    db.session.rollback()  # a connection must not wait with us for our turn to write


def _program() -> Writer:
    return cast(Writer, g.program)


def _rate() -> str:
    return str(current_app.config.get("GATEWAY_RATE", RATE))


@door.post("/api/sms")
@limiter.limit(_rate, key_func=lambda: f"key:{_program().api_key_id}")
def send() -> Response:
    """Put the text into the outbox, in the conversation that its two ends make."""
    text = server.accept(request.get_data(cache=False))
    for name, phone in (("from", text.sender), ("to", text.recipient)):
        if not is_e164(phone):
            raise server.problem("bad-request", f"'{name}' is not a possible phone number.")
    submission = Submission(text.sender, text.recipient, text.body, _program())
    _submit(submission)
    if submission.problem:
        raise submission.problem
    return _response(server.answer(str(submission.message_id)))


@door.errorhandler(Exception)
def refuse(error: Exception) -> Response:
    """Any error in Trunx's words; what we did not foresee is logged and told nobody."""
    reply = server.refuse(_refusal(error))
    code = str(reply.body["type"]).rpartition("/")[2]
    reply.body["type"] = f"{settings().address}/errors/{code}"
    response = _response(reply)
    if reply.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _refusal(error: Exception) -> Refusal:
    match error:
        case Refusal():
            return error
        case OptedOut():
            return server.problem("dnc-blocked", error.words)
        case Busy() | OperationalError() | InterfaceError() | PoolTimeout():
            log.error("database does not take it: %s", type(error).__name__)
            db.session.rollback()
            return server.problem("unavailable", "Nothing was kept; try again.", 1)
        case Problem():
            return Refusal(error.status, error.kind, error.title, error.words)
        case RateLimitExceeded():
            return server.problem("rate-limited", "This key sends too fast.", _seconds_to_wait())
        case HTTPException():
            return Refusal(error.code or 500, "bad-request", error.name, error.description or "")
        case _:
            log.error("unexpected", exc_info=error)
            db.session.rollback()
            return server.problem("internal-error", "An unexpected error occurred.")


def _seconds_to_wait() -> int:
    limit = limiter.current_limit
    return max(1, math.ceil(limit.reset_at - time.time())) if limit else 1


def _response(reply: Reply) -> Response:
    body = orjson.dumps(reply.body)
    return Response(body, reply.status, reply.headers, mimetype=reply.media_type)
