"""How far a new inbox has come: what an admin does before the first answer is out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from smsinbox.core.database import db
from smsinbox.models.account import Account
from smsinbox.models.message import Author, Direction, Message, MessageState
from smsinbox.models.number import Number

_FIRST = 1000  # texts; with more of them nobody is new here


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Each step, once it is done. `phone` is that of the first number, `heard_at` when the first
    text came."""

    has_account: bool
    phone: str | None
    heard_at: datetime | None
    is_answered: bool

    @property
    def are_done(self) -> bool:
        """Whether nothing is left to do."""
        return bool(self.has_account and self.phone and self.heard_at and self.is_answered)


def first_steps() -> FirstSteps | None:
    """None where they were done long ago."""
    if (db.session.scalar(select(func.max(Message.id))) or 0) > _FIRST:
        return None
    answered = select(Message.id).where(
        Message.direction == Direction.OUTBOUND.value,
        Message.author == Author.USER.value,
        Message.state == MessageState.ACCEPTED.value,
    )
    came = select(func.min(Message.created_at)).where(Message.direction == Direction.INBOUND.value)
    return FirstSteps(
        has_account=db.session.scalar(select(Account.id).limit(1)) is not None,
        phone=db.session.scalar(select(Number.phone).order_by(Number.id).limit(1)),
        heard_at=db.session.scalar(came),
        is_answered=db.session.scalar(answered.limit(1)) is not None,
    )
