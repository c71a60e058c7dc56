"""A Number: a phone number (or short code, or alphanumeric sender) of ours."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, String, false
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.core.phones import zone_of
from smsinbox.models.account import Account


def _zone(context: DefaultExecutionContext) -> str:
    parameters = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return zone_of(parameters["phone"])


class Number(Base):
    """`pace` is how many segments may leave a second; `next_send_at` is when the next one may.

    `rules_stamp` is another one after each change of a rule that answers here: the database sees
    to it (migration 0010), and queries/rules.py keeps a rulebook no longer than its stamp.

    How the team shares it: with `takes_up` whoever answers first gets the conversation; with
    `deals` those that nobody has go round among the agents who are online, each up to `capacity`
    open ones; what is unanswered `returns_after` so many minutes goes back to everybody.
    """

    __tablename__ = "number"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    phone: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    zone: Mapped[str] = mapped_column(String(64), default=_zone, server_default="UTC")  # IANA
    calendar: Mapped[str | None] = mapped_column(String(60))  # its name: when customers may wait
    profile_id: Mapped[str | None] = mapped_column(ForeignKey("profile.id"), index=True)
    pace: Mapped[float] = mapped_column(default=1.0)
    next_send_at: Mapped[datetime] = mapped_column(Instant)
    alarm_after: Mapped[int | None]  # minutes somebody waits; None: as the Inbox; 0: never
    # Minutes that a person's text may wait to leave; later it would confuse.
    gives_up_after: Mapped[int] = mapped_column(default=60, server_default="60")
    rules_stamp: Mapped[int] = mapped_column(
        BigInteger, default=lambda: secrets.randbits(62), server_default="0"
    )
    # Nothing leaves from here while somebody has paused it.
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_by: Mapped[str | None] = mapped_column(String(80))
    takes_up: Mapped[bool] = mapped_column(default=False, server_default=false())
    deals: Mapped[bool] = mapped_column(default=False, server_default=false())
    capacity: Mapped[int] = mapped_column(default=10, server_default="10")
    returns_after: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant)

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)

    @property
    def patience(self) -> timedelta:
        """How long a person's text may wait to leave."""
        return timedelta(minutes=self.gives_up_after)
