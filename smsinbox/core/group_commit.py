"""Group commit: callers that come while a batch is written are written together in the next.

The first of them leads. Where a crowd comes, the leader first waits a millisecond for more. A batch
that fails is tried again one by one, so that one bad item cannot take its neighbours with it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

_GATHER = 0.001  # seconds


class _Slot(Generic[T]):
    __slots__ = ("error", "item", "leads", "ready")

    def __init__(self, item: T) -> None:
        self.item = item
        self.ready = threading.Event()
        self.leads = False
        self.error: BaseException | None = None


class GroupCommit(Generic[T]):
    """Call it with an item; it returns when the item is written, or raises what writing raised."""

    def __init__(self, write: Callable[[Sequence[T]], None], most: int = 64) -> None:
        self._write = write
        self._most = most
        self._mutex = threading.Lock()
        self._waiting: deque[_Slot[T]] = deque()
        self._busy = self._crowded = False

    def __call__(self, item: T) -> None:
        slot = _Slot(item)
        with self._mutex:
            self._waiting.append(slot)
            if not self._busy:
                self._busy = slot.leads = True
        if not slot.leads:
            slot.ready.wait()
        if slot.leads:
            self._lead()
        if slot.error is not None:
            raise slot.error

    def _lead(self) -> None:
        if self._crowded:
            # A transaction costs as much as ten more texts in it, so who is at the door may join.
            time.sleep(_GATHER)
        with self._mutex:
            batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        self._crowded = len(batch) > 1
        try:
            self._write_all(batch)
        finally:
            self._hand_over(batch)

    def _hand_over(self, batch: list[_Slot[T]]) -> None:
        with self._mutex:
            heir = self._waiting[0] if self._waiting else None
            if heir is None:
                self._busy = False
            else:
                heir.leads = True
        for slot in batch:
            slot.ready.set()
        if heir is not None:
            heir.ready.set()

    def _write_all(self, batch: list[_Slot[T]]) -> None:
        try:
            self._write([slot.item for slot in batch])
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            for slot in batch:
                self._write_all([slot])
