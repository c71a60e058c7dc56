"""A User: who signs in, with one Role and Grants for the Numbers they may see."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from smsinbox.core.database import Base, BigId, Instant


class Role(StrEnum):
    """Admins see every number and set things up; agents answer; viewers only look."""

    ADMIN = "admin"
    AGENT = "agent"
    VIEWER = "viewer"


class Grant(Base):
    """This user may see that number."""

    __tablename__ = "grant"

    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("user.id"), primary_key=True, autoincrement=False
    )
    number_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("number.id"), primary_key=True, autoincrement=False
    )


class User(Base):
    """`email` is kept in lower case. `zone` and `clock` ("h23", "h12") say how pages write times;
    `language` what they read; empty is as the browser has it."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(6))
    active: Mapped[bool] = mapped_column(default=True)
    callbacks_seen_at: Mapped[datetime | None] = mapped_column(Instant)  # that page of settings
    enter_sends: Mapped[bool] = mapped_column(
        default=True, server_default=true()
    )  # else Ctrl+Enter
    undo_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    dealt_at: Mapped[datetime | None] = mapped_column(Instant)  # a conversation, by its number
    created_at: Mapped[datetime] = mapped_column(Instant)
    zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    clock: Mapped[str] = mapped_column(String(3), default="", server_default="")
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    single_keys: Mapped[bool] = mapped_column(default=True, server_default=true())

    grants: Mapped[list[Grant]] = relationship(lazy="selectin")

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def granted(self) -> frozenset[int]:
        """Ids of the numbers granted to them; an admin needs none."""
        return frozenset(grant.number_id for grant in self.grants)

    @property
    def initials(self) -> str:
        """Two letters for an avatar."""
        words = self.name.split() or [self.email]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()
