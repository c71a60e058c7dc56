"""The carriers' door: prove the signature, read the body, keep it, and only then say 2xx.

Anything genuine is answered 200, readable or not: a carrier's retries cannot mend what we do not
understand. Not any 2xx, as some of Telnyx's pages take only 200 for a success. When the database is
away we say 503, and the carrier's own retries are our queue.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, assert_never, cast

from flask import Blueprint, Flask, Request, Response, has_app_context, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from smsinbox.core.errors import NotFound
from smsinbox.core.failpoints import failpoint
from smsinbox.core.group_commit import GroupCommit
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import (
    ConsentChange,
    Credentials,
    Event,
    InboundText,
    Receipt,
    SignedRequest,
    Unknown,
)
from smsinbox.dialects.errors import Forged, Unreadable
from smsinbox.dialects.sides import Client
from smsinbox.queries import accounts
from smsinbox.services import consent_changes, correlation, inbound, receipts, webhooks
from smsinbox.services.accounts import credentials

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)
door = Blueprint("webhooks", __name__)

LARGEST = 256 * 1024
_NOTE_EVERY = 3.0  # seconds between two notes that an account's webhooks come in
_FRESH = 2.0  # seconds that an account's secret is remembered: a burst asks the database once

_texts = GroupCommit(inbound.receive)
_receipts = GroupCommit(receipts.receive)


@dataclass(frozen=True, slots=True)
class _Door:
    account_id: int
    client: Client
    credentials: Credentials
    until: float


_doors: dict[tuple[str, str], _Door] = {}
_noted: dict[int, float] = {}


@door.post("/webhooks/<dialect>/<token>")
def receive(dialect: str, token: str) -> ResponseReturnValue:
    """One webhook of a carrier; the token in its address names the account."""
    return _taken(dialect, token, request)


class Shortcut:
    """Answers webhooks before Flask sees them: what it does for pages would cost half of each."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._pages = app.wsgi_app

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        match environ["PATH_INFO"].split("/"):
            case ["", "webhooks", dialect, token] if environ["REQUEST_METHOD"] == "POST":
                return self._answer(dialect, token, environ)(environ, start)
        return self._pages(environ, start)

    def _answer(self, dialect: str, token: str, environ: "WSGIEnvironment") -> Response:
        context = nullcontext() if has_app_context() else self._app.app_context()  # as Flask does
        try:
            with context:
                return _taken(dialect, token, self._app.request_class(environ))
        except Exception as error:
            with self._app.request_context(environ):
                return self._app.make_response(self._app.handle_user_exception(error))


@door.record_once
def _open_shortcut(state: BlueprintSetupState) -> None:
    app = cast(Flask, state.app)
    app.wsgi_app = Shortcut(app)  # type: ignore[assignment, method-assign]


def _taken(dialect: str, token: str, posted: Request) -> Response:
    behind = _find(dialect, token)
    body = b"" if (posted.content_length or 0) > LARGEST else posted.get_data(cache=False)
    if (posted.content_length or len(body)) > LARGEST:
        return Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    signed = SignedRequest(dict(posted.headers), body)
    try:
        behind.client.verify(signed, behind.credentials)
    except Forged as error:
        log.warning("forged webhook", extra={"account_id": behind.account_id})
        webhooks.forged(behind.account_id, error.detail or str(error))
        return Response(status=HTTPStatus.UNAUTHORIZED)
    try:
        events = behind.client.read(signed)
    except Unreadable as error:
        key = f"unreadable:{hashlib.sha256(body).hexdigest()}"
        webhooks.quarantine(behind.account_id, key, body, f"Unreadable: {error}")
        return Response(status=HTTPStatus.OK)
    for event in events:
        _keep(behind.account_id, posted, body, event)
    _note(behind.account_id)
    failpoint("intake.after_commit")
    return Response(status=HTTPStatus.OK)


def _note(account_id: int) -> None:
    """Tell the admins that webhooks come in: now and then, not with every one."""
    now = time.monotonic()
    if now - _noted.get(account_id, -_NOTE_EVERY) >= _NOTE_EVERY:
        _noted[account_id] = now
        webhooks.seen(account_id)


def _keep(account_id: int, posted: Request, body: bytes, event: Event) -> None:
    match event:
        case InboundText():
            _texts(inbound.Arrival(account_id, body, event))
        case Receipt():
            about = correlation.fence_of(posted.args.get(correlation.PARAMETER))
            _receipts(receipts.Reported(account_id, event, about))
        case Unknown():
            key = f"{event.event}:{hashlib.sha256(body).hexdigest()}"
            webhooks.ignore(account_id, key, body, event.event, is_known=event.is_known)
        case ConsentChange():
            key = f"consent:{event.event_id or secrets.token_hex(16)}"
            consent_changes.receive(account_id, key, body, event)
        case _:
            assert_never(event)


def _find(dialect: str, token: str) -> _Door:
    now = time.monotonic()
    known = _doors.get((dialect, token))
    if known is not None and known.until > now:
        return known
    if known is not None:  # one of a burst asks, the others go on with what is known
        _doors[dialect, token] = replace(known, until=now + _FRESH)
    account = accounts.by_token(token)
    if account is None or account.dialect != dialect:
        _doors.pop((dialect, token), None)
        raise NotFound
    found = _Door(account.id, DIALECTS[dialect].client, credentials(account), now + _FRESH)
    _doors[dialect, token] = found
    return found
