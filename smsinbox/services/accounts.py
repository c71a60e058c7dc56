"""Our accounts with carriers: added, changed, resumed, and opened for a dialect to use."""

import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from smsinbox.core import clock
from smsinbox.core.config import Settings, settings
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.core.events import emit
from smsinbox.core.sealing import Seal, Unsealable
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import Credentials
from smsinbox.dialects.errors import Misconfigured
from smsinbox.models.account import Account
from smsinbox.models.events import AccountPaused
from smsinbox.models.user import User
from smsinbox.queries import accounts as accounts_query
from smsinbox.services import typed
from smsinbox.services.authority import must_administer

SIGNATURE_DEFAULTS = {
    "signature_header": "X-Trunx-Signature",
    "signature_prefix": "",
    "signature_encoding": "hex",
    "timestamp_header": "",
}
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}")


@atomic
def create(
    dialect: str,
    name: str,
    base_url: str,
    key: str,
    secret: str,
    settings: Mapping[str, str] | None = None,
    by: User | None = None,
) -> Account:
    """Add an account; its webhook address is made here and never changes."""
    must_administer(by)
    if dialect not in DIALECTS:
        raise Invalid("Choose a carrier from the list.", "dialect")
    account = Account(
        name=typed.line(name, "name", 80, "Give the account a name."),
        dialect=dialect,
        token=secrets.token_urlsafe(24),
        base_url=_base_url(base_url),
        settings=_signature(settings or {}),
        created_at=clock.now(),
    )
    account.key_sealed = _sealed(account, key, "key", "Enter the key that the carrier gave you.")
    account.secret_sealed = _sealed(
        account, secret, "secret", "Enter the secret that signs the carrier's webhooks."
    )
    db.session.add(account)
    db.session.flush()
    return account


@atomic
def edit(
    account_id: int,
    name: str,
    base_url: str,
    key: str,
    secret: str,
    settings: Mapping[str, str] | None,
    by: User | None,
) -> Account:
    """Change an account; an empty key or secret keeps the old one, a new key resumes sending."""
    must_administer(by)
    account = accounts_query.found(account_id)
    address = _base_url(base_url)
    if not key and _origin(address) != _origin(account.base_url):
        # Else whoever can point us elsewhere could read a key that no page shows.
        raise Invalid("Enter the key again: it goes only where it was meant for.", "key")
    account.name = typed.line(name, "name", 80, "Give the account a name.")
    account.base_url = address
    if settings is not None:
        account.settings = _signature(settings)
    if key:
        account.key_sealed = _sealed(account, key, "key")
        _go_on(account)
    if secret:
        account.secret_sealed = _sealed(account, secret, "secret")
    return account


@atomic
def resume(account_id: int, by: User | None) -> Account:
    """Send through a paused account again; what waited leaves in its order."""
    must_administer(by)
    account = accounts_query.found(account_id)
    _go_on(account)
    return account


def credentials(account: Account) -> Credentials:
    """What its dialect needs to speak with the carrier; raises Misconfigured."""
    seal = _seal(settings())
    try:
        return Credentials(
            base_url=account.base_url,
            key=seal.open(account.key_sealed, account.owner),
            secret=seal.open(account.secret_sealed, account.owner),
            settings=account.settings,
        )
    except Unsealable:
        raise Misconfigured(
            "SECRET_KEY is not the one that sealed this account. Enter its key and secret again.",
            code="unsealable",
        ) from None


def _go_on(account: Account) -> None:
    if account.is_paused:
        account.paused_at = account.paused_reason = None
        emit(AccountPaused())


def _sealed(account: Account, text: str, field: str, missing: str = "") -> str:
    word = typed.secret(text, field)
    if not word:
        raise Invalid(missing or "This is only space. Leave it empty to keep the old one.", field)
    return _seal(settings()).seal(word, account.owner)


@lru_cache(maxsize=4)
def _seal(of: Settings) -> Seal:
    return Seal(of.secret())


def _base_url(typed_url: str) -> str:
    """An http(s) address with a host and nothing behind its path; raises Invalid."""
    url = typed_url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        valid = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        raise _bad_url() from None
    plain = len(url) <= 300 and all("!" <= char <= "~" for char in url)
    if not (valid and plain) or parts.scheme not in ("http", "https"):
        raise _bad_url()
    if parts.query or parts.fragment:
        raise _bad_url()
    return url


def _bad_url() -> Invalid:
    return Invalid("Write an address such as https://api.example.com.", "base_url")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _signature(given: Mapping[str, str]) -> dict[str, str]:
    """How the carrier signs: what is not given is the default; raises Invalid."""
    chosen = SIGNATURE_DEFAULTS | {
        name: value.strip() for name, value in given.items() if name in SIGNATURE_DEFAULTS
    }
    if not _HEADER.fullmatch(chosen["signature_header"]):
        raise Invalid("This is not the name of a header.", "signature_header")
    if chosen["timestamp_header"] and not _HEADER.fullmatch(chosen["timestamp_header"]):
        raise Invalid("This is not the name of a header.", "timestamp_header")
    if chosen["signature_encoding"] not in ("hex", "base64"):
        raise Invalid("Choose hex or base64.", "signature_encoding")
    chosen["signature_prefix"] = typed.secret(chosen["signature_prefix"], "signature_prefix", 40)
    return chosen
