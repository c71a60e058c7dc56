"""The websocket behind every page: proves who asks before it is opened, then listens little."""

import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Flask, Response, request, session
from flask.typing import ResponseReturnValue
from flask_sock import Sock
from simple_websocket import Server
from sqlalchemy.exc import SQLAlchemyError

from smsinbox.core.database import db
from smsinbox.core.i18n import style
from smsinbox.live.screens import Screen
from smsinbox.live.tail import Tail
from smsinbox.services import sign_ins

LARGEST = 16 * 1024
SILENCE = 30_000  # ms that a browser may leave our bytes unacknowledged
_MOST_PER_SECOND = 20

log = logging.getLogger(__name__)
_sock = Sock()


def init_app(app: Flask, tail: Tail) -> None:
    """Open the door at /live."""
    app.config["SOCK_SERVER_OPTIONS"] = {"thread_class": _Inline, "max_message_size": LARGEST}
    app.extensions["smsinbox_tail"] = tail
    app.register_blueprint(_blueprint(tail))


def _blueprint(tail: Tail) -> Blueprint:
    blueprint = Blueprint("live", __name__)
    blueprint.before_request(_only_our_pages)
    blueprint.before_request(_only_beside_others)

    @_sock.route("/live", bp=blueprint)  # type: ignore[untyped-decorator]
    def live(ws: Server) -> None:
        token = session.get(sign_ins.SESSION_KEY, "")
        user, sign_in_id = sign_ins.user_of(token), sign_ins.id_of(token)
        if user is not None and sign_in_id is not None:
            _serve(ws, Screen(ws.sock, user.id, sign_in_id, style()), tail)

    return blueprint


def _only_our_pages() -> ResponseReturnValue | None:
    """Other sites' pages carry our cookie, too: a socket is only for pages of this very host."""
    origin = urlsplit(request.headers.get("Origin", ""))
    if origin.scheme not in ("http", "https") or origin.netloc != request.host:
        return Response(status=403)
    return None


def _only_beside_others() -> ResponseReturnValue | None:
    """A server that does one thing at a time would do nothing else as long as a page is open."""
    if request.environ.get("wsgi.multithread"):
        return None
    log.warning("no live pages: start gunicorn with --config smsinbox/gunicorn_conf.py")
    return Response(status=503)


def _serve(ws: Server, screen: Screen, tail: Tail) -> None:
    _notice_the_dead(ws.sock)
    tail.add(screen)
    db.session.remove()
    ws.event = _Listener(ws, screen, tail)
    try:
        ws.thread.work()
    finally:
        tail.remove(screen)


def _notice_the_dead(sock: Any) -> None:
    """A browser that is gone without a word: the beats it does not acknowledge end the socket."""
    limit = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux has it
    with suppress(OSError):
        if limit is not None:
            sock.setsockopt(socket.IPPROTO_TCP, limit, SILENCE)


class _Inline:
    """A thread that is none: what it should do is done by the greenlet that opened the socket, as
    a second one would cost as much memory as all the rest of a screen."""

    def __init__(self, target: Callable[[], None]) -> None:
        self.work = target
        self.name = ""

    def start(self) -> None:
        """Nothing yet: the handler calls `work` once it knows the screen."""


class _Listener:
    """Stands where simple-websocket has its event: it is set for every message, and at the end."""

    def __init__(self, ws: Server, screen: Screen, tail: Tail) -> None:
        self._ws, self._screen, self._tail = ws, screen, tail
        self._second, self._count = 0, 0

    def set(self) -> None:
        """Read what the page said."""
        while self._ws.input_buffer and not self._screen.gone:
            self._hear(self._ws.input_buffer.pop(0))

    def _hear(self, said: str | bytes) -> None:
        now = int(time.monotonic())
        self._second, self._count = now, self._count + 1 if now == self._second else 1
        message = _message(said)
        if message is None or self._count > _MOST_PER_SECOND:
            self._screen.drop()
            return
        if isinstance(message.get("here"), bool):
            self._screen.is_active = message["here"]
            self._tail.company.attention.turn(self._screen, message.get("in_view"))
            self._tail.reading.turn(self._screen)
            self._tail.moved()
            return
        topics = _topics(message)
        if topics is None:
            self._screen.drop()
            return
        self._show(topics)

    def _show(self, topics: dict[str, str]) -> None:
        cursor = self._screen.show(topics)
        try:
            if cursor is not None:
                self._tail.catch_up(self._screen, cursor)
            self._tail.ring(self._screen)
            self._tail.greet(self._screen)
            self._tail.moved()
            self._tail.introduce(self._screen)
        except SQLAlchemyError:
            log.exception("cannot catch up; the page will connect again")
            self._screen.drop()
        finally:
            db.session.remove()


def _message(said: Any) -> dict[str, Any] | None:
    """What the page said: `show`, the topics it shows, or `here`, whether somebody is there, with
    `in_view`, the conversation whose end they have before their eyes; None for anything else."""
    try:
        message = orjson.loads(said)
    except (orjson.JSONDecodeError, TypeError):
        return None
    known = isinstance(message, dict) and message.keys() & {"show", "here"}
    return message if known else None


def _topics(message: dict[str, Any]) -> dict[str, str] | None:
    """What the page shows."""
    topics = message.get("show")
    if not isinstance(topics, dict):
        return None
    return {topic: since for topic, since in topics.items() if isinstance(since, str)}
