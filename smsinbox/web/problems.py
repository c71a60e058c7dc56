"""What people and programs are told when something cannot be done."""

import logging

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from smsinbox.core.config import settings
from smsinbox.core.database import db
from smsinbox.core.errors import Busy, Problem
from smsinbox.core.i18n import N_, _, _l
from smsinbox.web.fragments import fragment

log = logging.getLogger(__name__)

_WORDS = {
    400: _l("The request could not be read. Reload the page and try again."),
    403: _l("You may not do this."),
    404: _l("There is no such page, or you may not see it."),
    405: _l("This page does not take that."),
    413: _l("That is too large."),
    429: _l("Too many tries. Wait a minute, then try again."),
    500: _l("Something broke on our side. Nothing you wrote was lost; try again."),
}
_TITLES = {
    one: _l(one)
    for one in (
        N_("Bad Request"),
        N_("Forbidden"),
        N_("Not Found"),
        N_("Method Not Allowed"),
        N_("Conflict"),
        N_("Request Entity Too Large"),
        N_("Unprocessable Entity"),
        N_("Too Many Requests"),
        N_("Internal Server Error"),
        N_("Service Unavailable"),
    )
}


def init_app(app: Flask) -> None:
    """Register the answers for every error."""
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(away, _busy)
    app.register_error_handler(Exception, _broken)


def _problem(problem: Problem) -> ResponseReturnValue:
    return _answer(problem.status, problem.title, problem.words, problem.kind)


def _stale(_error: CSRFError) -> ResponseReturnValue:
    return _answer(400, _("Page is too old"), _("This page is too old. Reload it and try again."))


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    response = _answer(status, error.name, _WORDS.get(status, error.description or error.name))
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(allowed)
    return response


def _busy(error: Exception) -> ResponseReturnValue:
    log.error("database does not take it: %s", type(error).__name__)
    db.session.rollback()
    busy = Busy(_("The database is busy. Nothing was changed; try again in a moment."))
    return _problem(busy)


def _broken(error: Exception) -> ResponseReturnValue:
    log.error("unexpected", exc_info=error)
    return _answer(500, _("Something broke"), _WORDS[500])


def _answer(status: int, title: str, words: str, kind: str = "") -> Response:
    if for_programs():
        kind = kind or title.lower().replace(" ", "-")
        where = f"{settings().address}/errors/{kind}"
        body = jsonify(type=where, title=title, status=status, detail=str(words))
        body.mimetype = "application/problem+json"
    elif request.headers.get("HX-Request"):
        body = Response(fragment("errors/toast", words=words))
        body.headers.update(
            {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend", "HX-Reselect": ".toast"}
        )
    else:
        shown = _TITLES.get(title, title)
        page = render_template("errors/page.html", status=status, title=shown, words=words)
        body = Response(page)
    body.status_code = status
    return body


def for_programs() -> bool:
    """Whether a program asks for this address, and not a person."""
    return request.path.startswith(("/api/", "/webhooks/", "/healthz", "/readyz"))
