"""A Reader: how far somebody who must miss nothing has come in the log of events."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base


class Reader(Base):
    """The last entry that was dealt with, moved in the transaction that deals with it."""

    __tablename__ = "reader"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    txid: Mapped[int] = mapped_column(BigInteger)
    entry_id: Mapped[int] = mapped_column(BigInteger)
