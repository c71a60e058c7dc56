"""Who is there: what the open pages of this process say, written down and told to all screens."""

import logging
import threading
import time
from collections.abc import Iterable, Mapping

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from smsinbox.core.database import db
from smsinbox.live.screens import Screen
from smsinbox.models.presence import EVERY, Availability
from smsinbox.queries import availability as availability_query
from smsinbox.services import availability
from smsinbox.web.fragments import fragment, partial

log = logging.getLogger(__name__)


class Faces:
    """Of one process. A user with several pages is there when one of them is touched."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._noted = 0.0
        self._last: dict[int, bool] = {}
        self._known: Mapping[int, Availability] = {}

    def look(self, screens: Iterable[Screen]) -> str:
        """With each beat: write down who is here, and read who is elsewhere. HTML for every page:
        whoever came, went or came back since the last one."""
        here: dict[int, bool] = {}
        for screen in screens:
            here[screen.user_id] = here.get(screen.user_id, False) or screen.is_active
        now = time.monotonic()
        if here != self._last or now - self._noted >= EVERY:
            self._noted, self._last = now, here
            self._begin(here)
        known = {**availability_query.everybody()}
        for user_id, is_active in here.items():
            if is_active or user_id not in known:  # who is away here may be online elsewhere
                known[user_id] = Availability.ONLINE if is_active else Availability.AWAY
        before, self._known = self._known, known
        either = before.keys() | known.keys()
        return "".join(self._face(one) for one in either if before.get(one) != known.get(one))

    def own(self, screen: Screen) -> str:
        """HTML for a page of whoever opens it: they are there at once, and the others hear of it
        with the next beat."""
        return self._face(screen.user_id, Availability.ONLINE if screen.is_active else None)

    def _face(self, user_id: int, state: Availability | None = None) -> str:
        state = state or self._known.get(user_id, Availability.OFFLINE)
        drawn = fragment("users/presence", id=user_id, state=state.value)
        return partial(f"[data-person='{user_id}']", "outerHTML", drawn)

    def _begin(self, here: Mapping[int, bool]) -> None:
        """Beside the loop, which must not wait for another writer."""
        threading.Thread(target=self._note, args=[here], name="faces", daemon=True).start()

    def _note(self, here: Mapping[int, bool]) -> None:
        with self._app.app_context():
            try:
                availability.note(here)
            except SQLAlchemyError:  # it is only a dot; texts go on
                db.session.rollback()
                log.warning("who is there could not be noted")
