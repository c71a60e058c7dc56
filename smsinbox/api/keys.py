"""Who is asking: nobody enters the API without a key whose scope covers the request."""

from typing import cast

from flask import Blueprint, g, request
from werkzeug.exceptions import Unauthorized

from smsinbox.api import problems
from smsinbox.core.errors import Forbidden
from smsinbox.models.api_key import ApiKey
from smsinbox.services import api_keys

# Addresses end up in logs and histories, so a key in one is refused even if it is good.
_IN_ADDRESS = frozenset({"key", "api_key", "apikey", "token", "access_token"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_ASKING = frozenset({"api_rules.attempt"})  # POSTs that change nothing


def keyed(name: str) -> Blueprint:
    """A blueprint below /api/v1: denies by default, and says no in problem+json."""
    blueprint = Blueprint(f"api_{name}", __name__, url_prefix="/api/v1")
    blueprint.before_request(_require_key)
    blueprint.register_error_handler(Exception, problems.answer)
    return blueprint


def caller() -> ApiKey:
    """The key of this request."""
    return cast(ApiKey, g.caller)


def _require_key() -> None:
    if _IN_ADDRESS & request.args.keys():
        raise Unauthorized("Send the key in the Authorization header, never in the address.")
    sent = request.authorization
    token = sent.token if sent is not None and sent.type == "bearer" else None
    key = api_keys.key_of(token) if token else None
    if key is None:
        raise Unauthorized("Send a key that is in use as 'Authorization: Bearer <key>'.")
    reads = request.method in _READING or request.endpoint in _ASKING
    scope = "read" if reads else "send"
    if not key.allows(scope):
        raise Forbidden(f"This key may not {scope}; its scope is {key.scope}.")
    g.caller = key
