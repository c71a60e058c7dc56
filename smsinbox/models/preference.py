"""A Preference: of what a User wants to be told, and how loudly."""

from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base
from smsinbox.models.notification import NotificationKind

TEXT = "text"  # a text arrives: the one happening that needs no notification
HAPPENINGS = (TEXT, *(kind.value for kind in NotificationKind))
FOR_ADMINS = (NotificationKind.ALERT.value, NotificationKind.STRANGE.value)
UNHURRIED = (NotificationKind.STRANGE.value,)  # by the bell alone


class Level(StrEnum):
    """Of whose texts."""

    OFF = "off"
    MINE = "mine"  # of mine, and of those that nobody has taken
    ALL = "all"


class Channel(StrEnum):
    """Where they are told."""

    BELL = "bell"
    SOUND = "sound"
    PUSH = "push"  # on the desktop or the phone, with no page open


class Preference(Base):
    """A user without a row has the defaults; `muted` holds pairs such as "failed:sound"."""

    __tablename__ = "preference"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    level: Mapped[str] = mapped_column(String(4), default=Level.MINE.value)
    repeats: Mapped[bool] = mapped_column(default=False)  # every 30 s until it is read
    hides_text: Mapped[bool] = mapped_column(default=False)  # says "New text", and no name
    muted: Mapped[list[str]] = mapped_column(JSON, default=list)
    mails: Mapped[bool | None]  # the daily mail about failed texts; None: as their role has it

    @classmethod
    def default(cls, user_id: int) -> "Preference":
        """Everything but the texts of others, once."""
        return cls(
            user_id=user_id,
            level=Level.MINE.value,
            repeats=False,
            hides_text=False,
            muted=[],
            mails=None,
        )

    def wants(self, happening: str, channel: Channel) -> bool:
        return f"{happening}:{channel.value}" not in self.muted

    def wants_mail(self, is_admin: bool) -> bool:
        """Of texts that failed; admins do unless they say no, others once they say yes."""
        return is_admin if self.mails is None else self.mails

    def covers(self, assignee_id: int | None) -> bool:
        """Whether they want to hear of a text in a conversation of that assignee."""
        if self.level == Level.MINE:
            return assignee_id in (None, self.user_id)
        return self.level == Level.ALL
