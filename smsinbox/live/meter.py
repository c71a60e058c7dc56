"""Beats: signs of life that say how well the whole house goes, not the socket alone."""

import time
from collections.abc import Callable, Sequence

from smsinbox.core.database import db
from smsinbox.core.events import Cursor
from smsinbox.core.i18n import _, speaking
from smsinbox.live.frames import frame
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.queries.hearings import Silence, silences
from smsinbox.queries.pulse import Pulse, pulse

BEAT = 5.0  # seconds between signs of life
_FEEL = 1.5  # seconds between two looks at the house
_ASK = 30.0  # seconds between two looks at silent numbers


class Meter:
    """Of one process; what has changed is told with the next look, not with the next beat."""

    def __init__(self) -> None:
        self._beaten = self._felt = self._asked = 0.0
        self._pulse = Pulse()
        self._silences: list[Silence] = []

    def is_due(self, cursor: Cursor) -> bool:
        """Feel the pulse, if that is long ago; whether a beat is to be sent now."""
        now, before = time.monotonic(), self._pulse
        if now - self._felt >= _FEEL:
            self._felt, self._pulse = now, pulse(cursor)
        if now - self._asked >= _ASK:
            self._asked, self._silences = now, silences()
        db.session.rollback()
        changed = bool(before.words) != bool(self._pulse.words)
        if not changed and now - self._beaten < BEAT:
            return False
        self._beaten = now
        return True

    def beat(self, cursor: Cursor) -> Callable[[User, str], bytes]:
        """The frame for each user and language; those who may see the same numbers get the same
        bytes."""
        ready: dict[tuple[object, ...], bytes] = {}

        def of(user: User, language: str) -> bytes:
            heard = [one for one in self._silences if can(user, Permission.SEE, one.number_id)]
            alike = language, *heard
            if alike not in ready:
                with speaking(language):
                    ready[alike] = frame(self._said(cursor, heard))
            return ready[alike]

        return of

    def _said(self, cursor: Cursor, heard: Sequence[Silence]) -> dict[str, object]:
        state, word, words = self._state(heard)
        told = {"state": state, "word": word, "words": words}
        return {"cursor": str(cursor), "beat": True, **told}

    def _state(self, heard: Sequence[Silence]) -> tuple[str, str, str]:
        """Its name, a word or two for the meter, and a sentence where something is wrong."""
        if self._pulse.words:
            return "behind", _late(self._pulse.behind), str(self._pulse.words)
        if heard:
            return "quiet", _("Strangely quiet"), " ".join(one.words for one in heard)
        return "live", _("Live"), ""


def _late(seconds: int) -> str:
    if seconds < 120:
        return _("Behind %(count)s s", count=seconds)
    return _("Behind %(count)s min", count=round(seconds / 60))
