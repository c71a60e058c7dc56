"""Telling a carrier by its API where our webhooks go, and asking what became of them.

The network comes first and no transaction is open meanwhile; the new secret is kept afterwards.
"""

from collections.abc import Callable
from typing import TypeVar

import httpx

from smsinbox.core.config import settings
from smsinbox.core.database import db
from smsinbox.core.errors import Conflict
from smsinbox.core.i18n import _, speaking
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import Credentials
from smsinbox.dialects.errors import CarrierError
from smsinbox.dialects.http import carrier_client
from smsinbox.dialects.sides import LoggedPost, Registrar
from smsinbox.models.account import Account
from smsinbox.models.user import User
from smsinbox.queries import accounts as accounts_query
from smsinbox.services import accounts
from smsinbox.services.authority import must_administer

T = TypeVar("T")


def register(account_id: int, by: User | None) -> None:
    """Give our webhook address to the carrier and keep the secret; raises Conflict with why not."""
    secret = _ask(account_id, by, lambda carrier, *how: carrier.register(*how))
    account = accounts_query.found(account_id)
    accounts.edit(account.id, account.name, account.base_url, "", secret, None, by)


def logs(account_id: int, by: User | None) -> list[LoggedPost]:
    """What the carrier says of its newest webhooks to us; raises Conflict with why not."""
    return _ask(account_id, by, lambda carrier, *how: carrier.logs(*how))


def _ask(
    account_id: int,
    by: User | None,
    question: Callable[[Registrar, str, Credentials, httpx.Client], T],
) -> T:
    must_administer(by)
    account = accounts_query.found(account_id)
    opened, url, carrier = accounts.credentials(account), webhook_url(account), _registrar(account)
    db.session.rollback()
    try:
        with carrier_client() as http:
            return question(carrier, url, opened, http)
    except CarrierError as error:
        raise Conflict(_why(account.dialect, error)) from None


def webhook_url(account: Account) -> str:
    """Where the carrier posts, as it sees us."""
    return settings().address + account.webhook_path


def _registrar(account: Account) -> Registrar:
    registrar = DIALECTS[account.dialect].registrar
    if registrar is None:
        raise Conflict(_("This carrier is told on its own site. Copy the address there."))
    return registrar


def _why(dialect: str, error: CarrierError) -> str:
    explained = DIALECTS[dialect].client.explain(error.code)
    with speaking("en"):
        adds_nothing = error.detail == explained.words
    return str(explained.words) if adds_nothing else f"{explained.words} {error.detail}".strip()
