"""A Notification: what one user is told, beside what everybody sees."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class NotificationKind(StrEnum):
    """Why somebody is told."""

    ASSIGNED = "assigned"  # a conversation became theirs
    MENTIONED = "mentioned"  # in a note
    FAILED = "failed"  # a text of theirs did not get through
    WAITING = "waiting"  # a contact waits for too long
    RULE = "rule"  # a rule asks for a look
    ALERT = "alert"  # somebody wrote a word that admins want to hear of: for admins
    STRANGE = "strange"  # a carrier says what we do not know: for admins


class Notification(Base):
    """`actor_id` is the user who did it, `said` the rule's name or a few words, where there are
    any. What it leads to is the note, else the message, else the conversation, else the account."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_user", "user_id", "id"),
        Index(
            "ix_notification_unread",
            "user_id",
            "conversation_id",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(String(9))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    activity_id: Mapped[int | None] = mapped_column(BigInteger)  # a note, perhaps erased since
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    said: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
