"""Browsers that want to be told with no page open: their subscriptions."""

from flask import Blueprint, jsonify, request, session
from flask.typing import ResponseReturnValue

from smsinbox.core.limits import limiter
from smsinbox.services import push_keys, pushes
from smsinbox.web.access import TOKEN, viewer

pages = Blueprint("pushes", __name__)

_OFTEN = "30 per minute"


@pages.get("/push/key")
def key() -> ResponseReturnValue:
    """By what the browser's push service will know us."""
    return jsonify(key=push_keys.public_key())


@pages.post("/push")
@limiter.limit(_OFTEN)
def subscribe() -> ResponseReturnValue:
    """This browser, as long as this sign-in lasts."""
    form = request.form
    endpoint, p256dh, auth = (form.get(name, "") for name in ("endpoint", "p256dh", "auth"))
    pushes.subscribe(endpoint, p256dh, auth, by=viewer(), token=session[TOKEN])
    return "", 204


@pages.post("/push/off")
@limiter.limit(_OFTEN)
def unsubscribe() -> ResponseReturnValue:
    """Not this browser any more."""
    pushes.unsubscribe(request.form.get("endpoint", ""), by=viewer())
    return "", 204
