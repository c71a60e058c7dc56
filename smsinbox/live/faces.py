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

log = logging.getLogger(__name__)


class Faces:
    """Of one process. A user with several pages is there when one of them is touched."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._noted = 0.0
        self._last: dict[int, bool] = {}
        self._known: Mapping[int, Availability] = {}

    def look(self, screens: Iterable[Screen]) -> bool:
        """With each beat: write down who is here, read who is elsewhere; whether it changed."""
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
        changed, self._known = known != self._known, known
        return changed

    def welcome(self, screen: Screen) -> None:
        """Whoever opens a page is there at once; the others hear of it with the next beat."""
        self._known = {**self._known, screen.user_id: Availability.ONLINE}

    def words(self) -> dict[str, dict[str, str]]:
        """What a page is told: {"people": {"7": "away"}}; whoever is not named is offline."""
        return {"people": {str(id): state.value for id, state in self._known.items()}}

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
