"""A breaker for each account: a carrier that cannot be reached is left alone for a while.

It opens after five failures in a row, for 15 seconds, twice as long after each further one, up to
five minutes. Then one text goes as a probe, and what becomes of it closes or opens it again. While
it is open, texts wait or go by a backup, and nobody uses up their tries.
"""

from datetime import timedelta

from sqlalchemy import update

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.events import emit
from smsinbox.dialects.errors import CarrierError, Unavailable
from smsinbox.dialects.http import DEADLINE
from smsinbox.models.account import Account
from smsinbox.models.events import AccountPaused

OPENS_AFTER = 5  # failures in a row
_FIRST, _LONGEST = 15.0, 300.0  # seconds
_TURNED_AWAY = 503


def begin(account: Account) -> None:
    """A text is about to go; behind a breaker that was open it is the only one for now."""
    if account.failures >= OPENS_AFTER:
        account.open_until = clock.now() + timedelta(seconds=DEADLINE)


def went_through(account_id: int) -> None:
    """The carrier answered like one that works."""
    closed = update(Account).where(Account.id == account_id, Account.failures > 0)
    db.session.execute(closed.values(failures=0, open_until=None))


def failed(account_id: int, error: CarrierError) -> None:
    """Count a failure, and open when there are too many; any other answer closes."""
    if not _is_down(error):
        went_through(account_id)
        return
    account = db.session.get_one(
        Account, account_id, with_for_update={"key_share": True}, populate_existing=True
    )
    account.failures += 1
    if account.failures >= OPENS_AFTER:
        seconds = min(_FIRST * 2 ** (account.failures - OPENS_AFTER), _LONGEST)
        account.open_until = clock.now() + timedelta(seconds=seconds)
        emit(AccountPaused())


def _is_down(error: CarrierError) -> bool:
    """A carrier that says "slower" is well. One that turns us away may give a code of its own."""
    if not isinstance(error, Unavailable):
        return False
    return error.code == "unreachable" or error.status == _TURNED_AWAY
