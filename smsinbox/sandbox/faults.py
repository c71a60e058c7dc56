"""The knobs that make this carrier behave badly on purpose."""

import threading
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Answer = Literal["ok", "429", "500", "503", "401", "reject", "error-200", "timeout", "drop"]


class ReceiptFaults(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    duplicate: int = Field(default=0, ge=0, le=20)  # so many extra copies of each
    delay: float = Field(default=0.0, ge=0, le=3600)  # seconds
    reorder: bool = False  # the last comes first
    drop: bool = False  # there are none
    before_answer: bool = False  # they come before the send is answered
    fail: bool = False  # the phone never got it
    forged: bool = False  # signed with a secret that nobody gave us
    skew: float = Field(default=0.0, ge=-86_400, le=86_400)  # seconds that our clock is ahead


class Faults(BaseModel):
    """How a send is answered. Only "timeout" and "drop" keep the text; the refusals do not."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    dialect: str = ""  # only this carrier misbehaves; empty: every one
    answer: Answer = "ok"
    answer_times: int | None = Field(default=None, ge=1)  # then ok again; None: until changed
    retry_after: float | None = Field(default=None, ge=0, le=86_400)  # seconds
    delay: float = Field(default=0.0, ge=0, le=60)  # seconds before an answer
    receipts: ReceiptFaults = ReceiptFaults()
    blocks_stop: bool = False  # the carrier itself hears STOP, and hands over no text after it

    @property
    def is_calm(self) -> bool:
        return self == Faults()


class Knobs:
    """The faults of this moment; safe for threads, forgotten at a restart."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = Faults()

    def show(self) -> Faults:
        return self._now

    def merge(self, changes: dict[str, Any]) -> Faults:
        """Change some knobs; raises pydantic's ValidationError, and then changes none."""
        with self._lock:
            merged = self._now.model_dump() | changes
            if isinstance(changes.get("receipts"), dict):
                merged["receipts"] = self._now.receipts.model_dump() | changes["receipts"]
            self._now = Faults.model_validate(merged)
            return self._now

    def reset(self) -> Faults:
        with self._lock:
            self._now = Faults()
            return self._now

    def next(self, dialect: str = "") -> Faults:
        """The faults for one send at this carrier, which uses up one of `answer_times`."""
        with self._lock:
            current = self._now
            if current.dialect not in ("", dialect):
                return Faults()
            if current.answer_times is not None and current.answer != "ok":
                left = current.answer_times - 1
                changes: dict[str, Any] = {"answer_times": left or None}
                if not left:
                    changes["answer"] = "ok"
                self._now = current.model_copy(update=changes)
            return current
