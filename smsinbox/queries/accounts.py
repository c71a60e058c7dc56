"""Our accounts with carriers."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.account import Account


def all_accounts() -> list[Account]:
    """Every account, in the order they were added."""
    return list(db.session.scalars(select(Account).order_by(Account.id)))


def found(account_id: int) -> Account:
    """The account; raises NotFound."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


def by_id(account_id: int) -> Account | None:
    """The account, as long as it is there."""
    return db.session.get(Account, account_id)


def by_token(token: str) -> Account | None:
    """The account whose webhook address carries this token."""
    if not (token.isascii() and token.isprintable()):
        return None  # none of ours, and Postgres takes no NUL
    return db.session.scalar(select(Account).where(Account.token == token))
