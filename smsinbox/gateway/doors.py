"""How programs come in: by a key of ours, in the header where their carrier wants it.

One key opens every carrier's door: as a bearer key, or as Telnyx's old X-Profile-Secret. There the
secret which signs the key's callbacks is as good: programs of that time know one for both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import cast

from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from smsinbox.core.database import db
from smsinbox.core.limits import limiter
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import SignedRequest
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.gateway import refusals
from smsinbox.services import api_keys, callback_endpoints, outbound, quotas
from smsinbox.services.outbox import Writer
from smsinbox.services.quotas import Quota

RATE = "100 per 10 seconds"  # a key: 10 a second, counted so that a burst passes
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Program:
    """Who asks: their key's id, the name in the bubbles, and what they may send."""

    api_key_id: int
    writer: Writer
    quota: Quota | None


class Door:
    """The routes of one dialect. Whatever goes wrong below its addresses is told in its words."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.server = DIALECTS[dialect].server
        self.blueprint = Blueprint(f"gateway_{dialect}", __name__)
        self.blueprint.before_request(partial(_require_key, dialect))
        self.blueprint.register_error_handler(Exception, partial(refusals.refuse, self.server))

    def add(self, path: str, **views: Callable[..., Response]) -> None:
        """The views of an address by their method; other methods are refused."""
        name = path.strip("/").replace(".", "_")
        for method, view in views.items():
            self.blueprint.add_url_rule(path, f"{method} {name}", view, methods=[method])
        others = sorted(_METHODS - views.keys())
        refused = _refusing(sorted(views))
        self.blueprint.add_url_rule(path, f"other {name}", refused, methods=others)

    def claim(self, *paths: str) -> None:
        """Everything below these is the carrier's, and what is not served there is not found."""
        for path in paths:
            self.blueprint.add_url_rule(
                f"{path}/<path:rest>", f"below {path}", _nowhere, methods=sorted(_METHODS)
            )


def program() -> Program:
    """Whose key came with this request."""
    return cast(Program, g.program)


def _rate() -> str:
    return str(current_app.config.get("GATEWAY_RATE", RATE))


@limiter.shared_limit(_rate, "gateway", key_func=lambda: f"key:{program().api_key_id}")
def _count() -> None:
    """Being called counts, by whichever door; raises RateLimitExceeded."""


def _require_key(dialect: str) -> None:
    """Deny by default: a key of ours, in the header, that may send."""
    token = DIALECTS[dialect].server.key_of(SignedRequest(dict(request.headers), b"")) or ""
    key = api_keys.key_of(token) or callback_endpoints.key_of(dialect, token)
    if key is None:
        raise Refusal(Reason.UNAUTHORIZED, "The API key is missing or invalid.")
    if not key.allows("send"):
        raise Refusal(Reason.FORBIDDEN, "This API key may not send.")
    g.program = Program(key.id, outbound.writer_of(key), quotas.quota_of(key))
    db.session.rollback()  # a connection must not wait with us for Redis, nor for our turn to write
    _count()


def _refusing(valid: list[str]) -> Callable[..., Response]:
    def refuse(**_: object) -> Response:
        raise MethodNotAllowed(valid, "This address does not take that method.")

    return refuse


def _nowhere(rest: str) -> Response:
    raise NotFound
