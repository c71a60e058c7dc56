"""Screens: what is open in browsers on this process, what each shows, and how to reach it."""

import socket
from dataclasses import dataclass, field
from typing import Any

from smsinbox.core.events import Cursor
from smsinbox.core.i18n import Style
from smsinbox.live.frames import closing
from smsinbox.queries.views import View

MOST_UNSENT = 1024 * 1024  # bytes; a browser that reads no faster is behind, and starts anew
MOST_TOPICS = 20


@dataclass(slots=True, eq=False)
class Screen:
    """One socket. Its bytes are never waited for: what does not fit goes into a bounded buffer."""

    sock: Any
    user_id: int
    sign_in_id: int
    style: Style = field(default_factory=Style)
    views: tuple[View, ...] = ()
    conversations: frozenset[int] = frozenset()
    has_bell: bool = False
    is_greeted: bool = False  # it was told who is where
    is_active: bool = True  # somebody has touched a page of theirs lately
    in_view: int = 0  # the conversation whose end is before somebody's eyes; 0 for none
    unsent: bytearray = field(default_factory=bytearray)
    gone: bool = False
    _raw: Any = field(init=False)

    def __post_init__(self) -> None:
        # gevent's sockets wait where the kernel would; the one underneath says "not now" instead.
        self._raw = getattr(self.sock, "_sock", self.sock)

    @property
    def language(self) -> str:
        """What its user reads."""
        return self.style.language

    def show(self, topics: dict[str, str]) -> Cursor | None:
        """Show these topics from now on; the oldest cursor among them, to catch up from."""
        views, conversations, cursors = [], set(), []
        self.has_bell = f"notifications:{self.user_id}" in topics  # nobody else's
        for topic, since in list(topics.items())[:MOST_TOPICS]:
            kind, _, rest = topic.partition(":")
            if kind == "list":
                views.append(View.parse(rest))
            elif kind == "conversation" and rest.isascii() and rest.isdigit() and len(rest) < 16:
                conversations.add(int(rest))
            cursors.append(Cursor.parse(since))
        self.views, self.conversations = tuple(views), frozenset(conversations)
        known = [cursor for cursor in cursors if cursor is not None]
        return min(known) if known else None

    def send(self, frame: bytes) -> None:
        """Hand bytes to the socket without ever waiting for the browser."""
        if self.gone:
            return
        if self.unsent:
            self.unsent += frame
        else:
            sent = self._push(frame)
            if sent < len(frame):
                self.unsent += frame[sent:]
        if len(self.unsent) > MOST_UNSENT:
            self.drop()

    def flush(self) -> None:
        """Go on with what did not fit before."""
        if self.unsent and not self.gone:
            sent = self._push(bytes(self.unsent))
            del self.unsent[:sent]

    def drop(self) -> None:
        """End it; the browser connects again and catches up."""
        self.gone = True
        self.unsent.clear()
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def close(self, code: int) -> None:
        """End it for a reason that the page knows, so that it does not connect again by itself."""
        self.send(closing(code))
        self.drop()

    def _push(self, data: bytes) -> int:
        try:
            return int(self._raw.send(data, socket.MSG_DONTWAIT))
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self.drop()
            return 0
