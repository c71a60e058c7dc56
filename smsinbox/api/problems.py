"""What programs are told when something cannot be done: RFC 7807, whatever went wrong."""

import logging
import math
from http import HTTPStatus

from flask import Response, jsonify
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from smsinbox.core.config import settings
from smsinbox.core.database import db
from smsinbox.core.errors import Problem
from smsinbox.dialects.errors import Reason, Refusal

log = logging.getLogger(__name__)

_KINDS = {
    400: "bad-request",
    401: "unauthorized",
    413: "too-large",
    415: "unsupported-media-type",
    429: "rate-limited",
    500: "internal-error",
    503: "busy",
}

# What the services that the gateway shares with us refuse; the types are those of Trunx's API.
_REFUSALS = {
    Reason.CONTENT: (422, "content-blocked"),
    Reason.QUOTA: (429, "rate-limited"),
}


def answer(error: Exception) -> Response:
    """Any error as problem+json; what we did not foresee is logged and told nobody."""
    match error:
        case Problem():
            return _response(error.status, error.kind, error.words)
        case Refusal():
            return _of_refusal(error)
        case HTTPException():
            return _of_http(error)
        case OperationalError() | InterfaceError() | PoolTimeout():
            log.error("database does not take it: %s", type(error).__name__)
            db.session.rollback()
            return _response(503, "busy", "The database is busy. Nothing was kept; try again.")
        case _:
            log.error("unexpected", exc_info=error)
            db.session.rollback()
            return _response(500, "internal-error", "Something broke on our side.")


def _of_refusal(refusal: Refusal) -> Response:
    response = _response(*_REFUSALS[refusal.reason], refusal.detail)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(math.ceil(refusal.retry_after))
    return response


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    kind = _KINDS.get(status, "bad-request" if status < 500 else "internal-error")
    response = _response(status, kind, error.description or error.name)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _response(status: int, kind: str, detail: str) -> Response:
    response = jsonify(
        type=f"{settings().address}/errors/{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
    )
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response
