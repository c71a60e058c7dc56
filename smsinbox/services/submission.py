"""One text that a program hands in."""

from dataclasses import dataclass, field

from smsinbox.core.errors import Problem
from smsinbox.dialects.base import Asked, Taken
from smsinbox.dialects.errors import Refusal
from smsinbox.dialects.sides import Reply
from smsinbox.services.idempotency import Once
from smsinbox.services.outbox import Writer
from smsinbox.services.quotas import Quota


@dataclass(slots=True)
class Submission:
    """One text; afterwards it was `taken`, or has a `problem` that says why not, or a `reply`: what
    the same request was answered before.

    Its ends are canonical: E.164, or for a sender whatever our number is kept as; an empty sender
    is chosen from the pool. `dialect` is the language that the program speaks.
    """

    asked: Asked = field(repr=False)
    writer: Writer
    dialect: str = "trunx"
    once: Once | None = None
    quota: Quota | None = None
    message_id: int | None = None
    taken: Taken | None = None
    reply: Reply | None = None
    problem: Problem | Refusal | None = None

    @property
    def recipient(self) -> str:
        return self.asked.text.recipient
