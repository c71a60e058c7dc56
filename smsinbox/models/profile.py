"""A Profile: a pool of our Numbers, from which one is chosen for a program that names no sender."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, Instant


class Profile(Base):
    """`id` is a UUID: what programs send as their `messaging_profile_id`."""

    __tablename__ = "profile"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
