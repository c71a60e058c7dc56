"""A Subscription: a browser that shows what it is told even with no page of ours open (Web Push),
and the key by which push services know us."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class Subscription(Base):
    """Belongs to a sign-in, and is worth nothing after its end. `keys` are sealed."""

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_in.id"), index=True)
    endpoint: Mapped[str] = mapped_column(String(1000), unique=True)  # at the browser's maker
    keys: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def must_show(self) -> bool:
        """Whether its maker ends it after a few pushes that showed nothing, as Apple does."""
        host = urlsplit(self.endpoint).hostname or ""
        return host.endswith(".push.apple.com")


class PushKey(Base):
    """One row: the private VAPID key (RFC 8292), sealed, made on the first start."""

    __tablename__ = "push_key"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
