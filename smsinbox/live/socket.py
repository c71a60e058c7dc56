"""The websocket behind every page: proves who asks before it is opened, then listens little."""

import time
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Flask, Response, request, session
from flask.typing import ResponseReturnValue
from flask_sock import Sock
from simple_websocket import ConnectionClosed, Server

from smsinbox.core.database import db
from smsinbox.core.events import Cursor
from smsinbox.live.screens import Screen
from smsinbox.live.tail import Tail
from smsinbox.services import sign_ins

LARGEST = 16 * 1024
PING = 25  # seconds; a browser that is gone without a word is noticed after two
_MOST_PER_SECOND = 20
_POLICY_VIOLATION = 1008

_sock = Sock()


def init_app(app: Flask, tail: Tail) -> None:
    """Open the door at /live."""
    app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": PING, "max_message_size": LARGEST}
    app.extensions["smsinbox_tail"] = tail
    app.register_blueprint(_blueprint(tail))


def _blueprint(tail: Tail) -> Blueprint:
    blueprint = Blueprint("live", __name__)
    blueprint.before_request(_only_our_pages)

    @_sock.route("/live", bp=blueprint)  # type: ignore[untyped-decorator]
    def live(ws: Server) -> None:
        token = session.get(sign_ins.SESSION_KEY, "")
        user, sign_in_id = sign_ins.user_of(token), sign_ins.id_of(token)
        if user is not None and sign_in_id is not None:
            _serve(ws, Screen(ws.sock, user.id, sign_in_id), tail)

    return blueprint


def _only_our_pages() -> ResponseReturnValue | None:
    """Other sites' pages carry our cookie, too: a socket is only for pages of this very host."""
    origin = urlsplit(request.headers.get("Origin", ""))
    if origin.scheme not in ("http", "https") or origin.netloc != request.host:
        return Response(status=403)
    return None


def _serve(ws: Server, screen: Screen, tail: Tail) -> None:
    tail.add(screen)
    db.session.remove()
    try:
        _listen(ws, screen, tail)
    except ConnectionClosed:
        pass
    finally:
        tail.remove(screen)


def _listen(ws: Server, screen: Screen, tail: Tail) -> None:
    second, count = 0, 0
    while not screen.gone:
        said = ws.receive()
        now = int(time.monotonic())
        second, count = (now, count + 1) if now == second else (now, 1)
        topics = _topics(said)
        if topics is None or count > _MOST_PER_SECOND:
            ws.close(_POLICY_VIOLATION)
            return
        cursor = screen.show(topics)
        _catch_up(screen, tail, cursor)


def _catch_up(screen: Screen, tail: Tail, cursor: Cursor | None) -> None:
    if cursor is not None:
        tail.catch_up(screen, cursor)
    db.session.remove()


def _topics(said: Any) -> dict[str, str] | None:
    """What the page shows, from its only kind of message; None for anything else."""
    try:
        topics = orjson.loads(said)["show"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    if not isinstance(topics, dict):
        return None
    return {topic: since for topic, since in topics.items() if isinstance(since, str)}
