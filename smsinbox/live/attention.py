"""What users have before their eyes now: nothing sounds on any of their pages for that.

A page says which conversation that is, and every process whispers it to the others as long as it
is so; what is not repeated is forgotten. It opens nothing to anybody: it only keeps quiet.
"""

import time
from collections.abc import Iterable, Mapping, Sequence

import orjson

from smsinbox.core.doorbell import whisper
from smsinbox.live.screens import Screen

BELIEVED = 15.0  # seconds; others repeat themselves at every beat
_LARGEST = 2**53  # what a page can count to
_AT_ONCE = 1000  # users in a whisper, which may not be too long


class Attention:
    """One for each company. `pages` are those of this process by user; `process` is its name."""

    def __init__(self, process: str, pages: Mapping[int, Sequence[Screen]]) -> None:
        self._process, self._pages = process, pages
        self._others: dict[int, dict[str, tuple[float, frozenset[int]]]] = {}  # by user, process

    def turn(self, screen: Screen, conversation_id: object) -> None:
        """That page has this conversation in view from now on; nothing, unless it is an id."""
        before, screen.in_view = screen.in_view, 0
        if type(conversation_id) is int and 0 < conversation_id < _LARGEST:
            screen.in_view = conversation_id
        if screen.in_view != before:
            self.say([screen.user_id])

    def is_on(self, user_id: int, conversation_id: int) -> bool:
        """Whether a page of that user, here or elsewhere, has it in view."""
        now, others = time.monotonic(), self._others.get(user_id, {}).values()
        return conversation_id in self._of(user_id) or any(
            conversation_id in there for until, there in others if until >= now
        )

    def say(self, user_ids: Iterable[int]) -> None:
        """Tell the other processes what these users have in view on pages of this one."""
        told = [(str(one), sorted(self._of(one))) for one in user_ids]
        for at in range(0, len(told), _AT_ONCE):
            some = dict(told[at : at + _AT_ONCE])
            whisper(orjson.dumps({"from": self._process, "in_view": some}))

    def repeat(self) -> None:
        """Tell them again, and forget those who did not."""
        now = time.monotonic()
        for user_id, heard in list(self._others.items()):
            kept = {key: said for key, said in heard.items() if said[0] >= now}
            self._others[user_id] = kept
            if not kept:
                del self._others[user_id]
        self.say(one for one in list(self._pages) if self._of(one))

    def hear(self, process: str, told: Mapping[str, Iterable[int]]) -> None:
        """What users have in view on pages of another process."""
        read = {int(key): frozenset(map(int, those)) for key, those in told.items()}
        for user_id, those in read.items():
            self._others.setdefault(user_id, {})[process] = time.monotonic() + BELIEVED, those

    def _of(self, user_id: int) -> set[int]:
        return {one.in_view for one in self._pages.get(user_id, ()) if one.in_view}
