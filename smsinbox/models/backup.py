"""A Backup: another Account that owns the same Number, for when the first takes no texts."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId


class Backup(Base):
    """Backups of a number are tried in the order in which they were added."""

    __tablename__ = "backup"
    __table_args__ = (UniqueConstraint("number_id", "account_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number_id: Mapped[int] = mapped_column(ForeignKey("number.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
