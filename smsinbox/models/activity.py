"""An Activity: a line in a Conversation that is no text: a note, what was done, what a rule in
shadow would have sent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class ActivityKind(StrEnum):
    """What the line tells."""

    NOTE = "note"  # for colleagues only
    GHOST = "ghost"  # what a rule in shadow would have sent
    DONE = "done"  # what a person or a rule did: assigned, closed, tagged
    PAUSED = "paused"  # automation stopped here by itself
    ALERT = "alert"  # somebody wrote what admins want to hear of
    CONSENT = "consent"  # the contact opted out, or in again; a ConsentEvent proves it


class GhostState(StrEnum):
    """What people made of a ghost."""

    OPEN = "open"
    SENT = "sent"
    REFUSED = "refused"


class Activity(Base):
    """Stands in the thread by its time; who did it by name as it was then."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_conversation", "conversation_id", "at", "id"),
        Index("ix_activity_rule", "rule_id"),
        Index(
            "ix_activity_client_token",
            "conversation_id",
            "client_token",
            unique=True,
            postgresql_where=text("client_token IS NOT NULL"),
            sqlite_where=text("client_token IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))  # the text it is about
    kind: Mapped[str] = mapped_column(String(8))
    body: Mapped[str] = mapped_column(Text)
    author_name: Mapped[str] = mapped_column(String(80), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("rule.id", ondelete="SET NULL"))
    ghost: Mapped[str | None] = mapped_column(String(8))  # a GhostState, of a ghost
    client_token: Mapped[str | None] = mapped_column(String(64))  # of a note
    at: Mapped[datetime] = mapped_column(Instant)
