"""Who our customers are: per key, where their webhooks go and what signs them.

The accounts of our own inbox come from `sandbox.json`, which smsinbox writes when it starts for
the first time, and are read again whenever that file changes.
"""

import logging
import secrets
import threading
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import Credentials
from smsinbox.dialects.sides import Server
from smsinbox.sandbox.store import Store

log = logging.getLogger("sandbox")

WebUrl = Field(pattern=r"\Ahttps?://[\x21-\x7e]{1,2000}\z")


class Account(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    dialect: str = "trunx"
    key: str = Field(min_length=1, max_length=500)
    secret: str = Field(min_length=1, max_length=500)
    webhook_url: str = WebUrl
    number: str = Field(default="", pattern=r"\A(\+[1-9][0-9]{6,14})?\z")
    settings: dict[str, str] = {}

    @field_validator("dialect")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in DIALECTS:
            raise ValueError("no such dialect")
        return name

    @property
    def server(self) -> Server:
        return DIALECTS[self.dialect].server

    def credentials(self) -> Credentials:
        return Credentials("", self.key, self.secret, self.settings)


_ACCOUNTS = TypeAdapter(list[Account])


class Registration(BaseModel):
    """What a customer posts to say where its webhooks go."""

    model_config = ConfigDict(strict=True)

    url: str = WebUrl
    events: list[str] = ["*"]


class AccountBook:
    """The accounts, kept in the store; safe for threads."""

    def __init__(self, store: Store, path: Path) -> None:
        self._store = store
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def of(self, key: str) -> Account | None:
        """The account with this key; the empty key means the inbox's first one."""
        self._refresh()
        row = self._store.account(key)
        return Account.model_validate_json(row) if row else None

    def inbox(self) -> list[Account]:
        """The accounts of our own inbox, in its order."""
        self._refresh()
        return [Account.model_validate_json(row) for row in self._store.inbox_accounts()]

    def owner(self, number: str) -> str:
        """The key of the account that a text to this number is for."""
        for account in self.inbox():
            if account.number == number:
                return account.key
        return self._store.owner(number)

    def set_inbox(self, accounts: list[Account]) -> None:
        """These and no others are our inbox's."""
        rows = [(account.key, account.model_dump_json()) for account in accounts]
        self._store.save_inbox_accounts(rows)

    def register(self, key: str, registration: Registration) -> Account:
        """Send this key's webhooks to another address from now on, signed with a new secret."""
        known = self.of(key)
        secret = "whsec_" + secrets.token_urlsafe(24)
        changes: dict[str, object] = {"secret": secret, "webhook_url": registration.url}
        if known:
            account = known.model_copy(update=changes)
        else:
            account = Account(key=key, secret=secret, webhook_url=registration.url)
        self._store.save_account(key, account.model_dump_json())
        return account

    def _refresh(self) -> None:
        try:
            found = self._path.stat()
        except OSError:
            return
        stamp = (found.st_mtime_ns, found.st_size)
        with self._lock:
            if stamp == self._seen:
                return
            self._seen = stamp
            try:
                self.set_inbox(_ACCOUNTS.validate_json(self._path.read_bytes()))
            except (OSError, ValidationError):
                log.warning("%s cannot be read as accounts; kept those before", self._path)
