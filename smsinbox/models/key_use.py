"""A KeyUse: how many texts a program sent within one hour, for keys that have a limit."""

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId


class KeyUse(Base):
    """`hour` counts the hours since 1970, in UTC."""

    __tablename__ = "key_use"

    api_key_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("api_key.id"), primary_key=True, autoincrement=False
    )
    hour: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    texts: Mapped[int] = mapped_column(default=0)
