"""Who is there: what the open pages of this process say, written down and told to all screens."""

import logging
import time
from collections.abc import Iterable, Mapping

from sqlalchemy.exc import SQLAlchemyError

from smsinbox.core.database import db
from smsinbox.live.screens import Screen
from smsinbox.models.presence import EVERY, Availability
from smsinbox.queries import availability as availability_query
from smsinbox.services import availability

log = logging.getLogger(__name__)


class Faces:
    """Of one process. A user with several pages is there when one of them is touched."""

    def __init__(self) -> None:
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
            self._note(here)
        known = availability_query.everybody()
        changed, self._known = known != self._known, known
        return changed

    def words(self) -> dict[str, dict[str, str]]:
        """What a page is told: {"people": {"7": "away"}}; whoever is not named is offline."""
        return {"people": {str(id): state.value for id, state in self._known.items()}}

    def _note(self, here: Mapping[int, bool]) -> None:
        try:
            availability.note(here)
        except SQLAlchemyError:  # it is only a dot; texts go on
            db.session.rollback()
            log.warning("who is there could not be noted")
