"""What somebody has before their eyes is read: as it comes, or when they turn to it.

A socket only carries hints: the page is told that there is something to say, and says it by a
request of its own, as all else that is written.
"""

from collections.abc import Iterable

from smsinbox.core.events import Entry
from smsinbox.live.frames import frame
from smsinbox.live.known import Known
from smsinbox.live.screens import Screen
from smsinbox.models.events import MessageReceived
from smsinbox.queries import read_markers
from smsinbox.web.fragments import fragment, partial


class Reading:
    """Of one process."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._due: set[Screen] = set()

    def turn(self, screen: Screen) -> None:
        """Somebody turned to what this one has in view."""
        if screen.in_view:
            self._due.add(screen)

    def notice(self, screens: Iterable[Screen], entries: Iterable[Entry]) -> None:
        """Texts that came were sent to these screens."""
        came = {one.conversation_id for one in entries if one.kind == MessageReceived.__name__}
        for screen in list(screens) if came else ():
            if screen.in_view in came:
                self.turn(screen)

    def look(self) -> None:
        """With each look at the log: let pages say what is read by now, all that came at once."""
        due, self._due = self._due, set()
        for screen in due:
            there = screen.in_view
            if self._known.may_see(screen.user_id, there) and self._is_new(screen.user_id, there):
                drawn = fragment("conversations/seen", id=there)
                screen.send(frame({"content": partial("#seen", "innerHTML", drawn)}))

    def _is_new(self, user_id: int, conversation_id: int) -> bool:
        return read_markers.unread(user_id, [conversation_id]).get(conversation_id, 0) > 0
