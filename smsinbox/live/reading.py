"""What somebody has before their eyes is read: as it comes, or when they turn to it."""

import logging
import threading
from collections.abc import Iterable

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.core.events import Entry
from smsinbox.live.screens import Screen
from smsinbox.models.events import MessageReceived
from smsinbox.models.user import User
from smsinbox.queries import conversations
from smsinbox.queries import read_markers as read_markers_query
from smsinbox.services import read_markers

log = logging.getLogger(__name__)


class Reading:
    """Of one process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._due: set[tuple[int, int]] = set()  # users, and what they see
        self._writer: threading.Thread | None = None

    def turn(self, screen: Screen) -> None:
        """Somebody turned to what this one has in view."""
        if screen.in_view:
            self._due.add((screen.user_id, screen.in_view))

    def notice(self, screens: Iterable[Screen], entries: Iterable[Entry]) -> None:
        """Texts that came were sent to these screens."""
        came = {one.conversation_id for one in entries if one.kind == MessageReceived.__name__}
        for screen in list(screens) if came else ():
            if screen.in_view in came:
                self.turn(screen)

    def look(self) -> None:
        """With each look at the log: write down what is read by now, all that came meanwhile at
        once, and beside the loop, which must not wait for another writer."""
        if self._due and not (self._writer and self._writer.is_alive()):
            due, self._due = self._due, set()
            self._begin(due)

    def _begin(self, due: Iterable[tuple[int, int]]) -> None:
        self._writer = threading.Thread(target=self._note, args=[due], name="reading", daemon=True)
        self._writer.start()

    def _note(self, due: Iterable[tuple[int, int]]) -> None:
        with self._app.app_context():
            for user_id, conversation_id in sorted(due):
                try:
                    _see(user_id, conversation_id)
                except NotFound:  # or not theirs any more, whatever a page says
                    continue
                except SQLAlchemyError:  # it stays unread until they turn to it again
                    db.session.rollback()
                    log.warning("what was read could not be noted")


def _see(user_id: int, conversation_id: int) -> None:
    user = db.session.get(User, user_id)
    unread = read_markers_query.unread(user_id, [conversation_id]).get(conversation_id)
    if user is not None and unread:
        conversations.for_viewer(user, conversation_id)
        read_markers.see(conversation_id, user)
