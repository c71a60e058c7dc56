"""The pusher: tells subscribed browsers what their users want to hear, beside the sweeper's loop.

It reads the log within half a second. Only the sweeper that leads lets it work. What it loses when
it dies is a ring, never a text.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from py_vapid import Vapid02
from sqlalchemy.exc import SQLAlchemyError

from smsinbox.caller import LOOK, client
from smsinbox.core import events
from smsinbox.core.config import settings
from smsinbox.core.database import db
from smsinbox.core.events import Cursor
from smsinbox.core.sealing import Unsealable
from smsinbox.core.targets import BadTarget, NotPublic
from smsinbox.dialects.errors import CarrierError
from smsinbox.queries.readers import read_up_to
from smsinbox.services import push_keys, pushes
from smsinbox.services.pushes import GONE, READER, Push

log = logging.getLogger(__name__)

_HANDS = 8  # posts at once
_GRACE = 3.0  # seconds
_NOTE_EVERY = 30.0  # seconds, while nobody has subscribed


class Pusher:
    """Reads the log and pushes while `leads()`; `start` it once, `stop` ends it soon."""

    def __init__(
        self, app: Flask, leads: Callable[[], bool], to_private: bool | None = None
    ) -> None:
        self._app, self._leads = app, leads
        self._to_private = settings().callbacks_to_private if to_private is None else to_private
        self._http = client(self._to_private)
        self._hands = ThreadPoolExecutor(_HANDS, thread_name_prefix="push")
        self._shown: set[tuple[int, int]] = set()
        self._cursor: Cursor | None = None
        self._noted = 0.0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pusher", daemon=True)

    def start(self) -> None:
        """Go to work, in a thread that ends with the process."""
        self._thread.start()

    def stop(self) -> None:
        """End after the current look."""
        self._ends.set()
        self._thread.join(_GRACE)
        self._hands.shutdown(wait=False, cancel_futures=True)

    def look(self) -> int:
        """Push what has happened since the last look; how many pushes."""
        if self._cursor is None:
            self._cursor = read_up_to(READER) or events.newest()
        entries = events.since(self._cursor)
        if not entries:
            return 0
        planned: list[Push] = []
        read = entries[-1].cursor
        if pushes.anybody():
            planned = pushes.plan(entries, self._shown)
        elif time.monotonic() - self._noted > _NOTE_EVERY:
            pushes.note(read)
            self._noted = time.monotonic()
        self._cursor = read
        if planned:
            key = push_keys.key()
            contact = settings().admin_email
            for push in planned:
                self._hands.submit(self._carry, push, key, f"mailto:{contact}")
        return len(planned)

    def _run(self) -> None:
        while not self._ends.is_set():
            if self._leads():
                with self._app.app_context():
                    self._try_to_look()
            else:
                self._cursor = None
            self._ends.wait(LOOK)

    def _try_to_look(self) -> None:
        try:
            self.look()
        except (SQLAlchemyError, Unsealable):
            log.exception("this look failed; the next one tries again")
            self._cursor = None
            time.sleep(LOOK)
        finally:
            db.session.rollback()

    def _carry(self, push: Push, key: Vapid02, contact: str) -> None:
        about = {"subscription_id": push.subscription_id}
        try:
            status = pushes.carry(push, key, contact, self._http, self._to_private)
        except (CarrierError, BadTarget, NotPublic, Unsealable) as problem:
            log.warning("a push was lost: %s", type(problem).__name__, extra=about)
            return
        except Exception:
            log.exception("a push broke", extra=about)
            return
        if status in GONE:
            with self._app.app_context():
                pushes.forget([push.subscription_id])
        elif status >= 300:
            log.warning("a push was refused: %d", status, extra=about)
