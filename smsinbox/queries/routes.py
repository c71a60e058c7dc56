"""Through which accounts a number may send: its own first, then its backups."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models.account import Account
from smsinbox.models.backup import Backup
from smsinbox.models.number import Number


def accounts_of(number: Number) -> list[Account]:
    """In the order in which they are tried."""
    return [number.account, *backups_of(number.id)]


def backups_of(number_id: int) -> list[Account]:
    """The backups alone."""
    chosen = select(Account).join(Backup, Backup.account_id == Account.id)
    return list(db.session.scalars(chosen.where(Backup.number_id == number_id).order_by(Backup.id)))


def backups() -> dict[int, list[int]]:
    """The accounts' ids of every number that has backups."""
    found: dict[int, list[int]] = {}
    for number, account in db.session.execute(
        select(Backup.number_id, Backup.account_id).order_by(Backup.id)
    ):
        found.setdefault(number, []).append(account)
    return found
