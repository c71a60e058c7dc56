"""An Account: our credentials with a carrier. It owns Numbers, a webhook token and a secret."""

from datetime import datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class Account(Base):
    """Key and secret are kept sealed (`core/sealing.py`): pages can replace, never show them."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    dialect: Mapped[str] = mapped_column(String(20))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    base_url: Mapped[str] = mapped_column(String(300))
    key_sealed: Mapped[str] = mapped_column(Text)
    secret_sealed: Mapped[str] = mapped_column(Text)
    settings: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_reason: Mapped[str | None] = mapped_column(Text)
    forged_count: Mapped[int] = mapped_column(default=0)
    forged_at: Mapped[datetime | None] = mapped_column(Instant)
    forged_reason: Mapped[str | None] = mapped_column(String(200))
    last_webhook_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(default=0, server_default="0")  # in a row, to reach it
    open_until: Mapped[datetime | None] = mapped_column(Instant)  # its breaker: no text before
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def webhook_path(self) -> str:
        """Where the carrier posts its webhooks, below our root."""
        return f"/webhooks/{self.dialect}/{self.token}"

    @property
    def owner(self) -> str:
        """What its sealed secrets are bound to."""
        return f"account:{self.token}"

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    def takes_texts(self, now: datetime) -> bool:
        """Neither paused nor behind an open breaker."""
        return not self.is_paused and (self.open_until is None or self.open_until <= now)
