"""An ApiKey: what a program signs in with. Hashed; shown once."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant


class ApiKey(Base):
    """`scope` is `all`, `read` or `send`; `prefix` is what lists show of it."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(12))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[str] = mapped_column(String(8))
    hourly_limit: Mapped[int | None] = mapped_column()  # texts, by whichever API
    daily_limit: Mapped[int | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    def allows(self, scope: str) -> bool:
        """Whether the key may do what `scope` (read or send) names."""
        return self.revoked_at is None and self.scope in ("all", scope)
