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
from smsinbox.core.i18n import _
from smsinbox.core.sealing import Seal, Unsealable
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import Credentials
from smsinbox.dialects.errors import Misconfigured
from smsinbox.dialects.sides import Dialect, Field
from smsinbox.models.account import Account
from smsinbox.models.events import AccountPaused
from smsinbox.models.user import User
from smsinbox.queries import accounts as accounts_query
from smsinbox.services import typed
from smsinbox.services.authority import must_administer


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
    """Add an account; its webhook address is made here and never changes.

    An empty `base_url` is the carrier's own address.
    """
    must_administer(by)
    if dialect not in DIALECTS:
        raise Invalid(_("Choose a carrier from the list."), "dialect")
    spoken = DIALECTS[dialect]
    account = Account(
        name=typed.line(name, "name", 80, _("Give the account a name.")),
        dialect=dialect,
        token=secrets.token_urlsafe(24),
        base_url=_base_url(base_url or spoken.base_url),
        settings=_settings(spoken, settings or {}),
        created_at=clock.now(),
    )
    account.key_sealed = _sealed(account, spoken, "key", key)
    account.secret_sealed = _sealed(account, spoken, "secret", secret)
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
    """Change an account; an empty key or secret keeps the old one.

    Sending resumes with a new one of what we send with.
    """
    must_administer(by)
    account = accounts_query.found(account_id)
    spoken = DIALECTS[account.dialect]
    address = _base_url(base_url or spoken.base_url)
    sends_with = "key" if spoken.field("key") else "secret"
    renewed = bool(key if sends_with == "key" else secret)
    if not renewed and _origin(address) != _origin(account.base_url):
        # Else whoever can point us elsewhere could read a key that no page shows.
        words = _("Enter it again: it goes only where it was meant for.")
        raise Invalid(words, sends_with)
    account.name = typed.line(name, "name", 80, _("Give the account a name."))
    account.base_url = address
    if settings is not None:
        account.settings = _settings(spoken, settings)
    if key:
        account.key_sealed = _sealed(account, spoken, "key", key)
    if secret:
        account.secret_sealed = _sealed(account, spoken, "secret", secret)
    if renewed:
        _go_on(account)
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
    if account.is_paused or account.open_until is not None:
        account.paused_at = account.paused_reason = account.open_until = None
        account.failures = 0
        emit(AccountPaused())


def _sealed(account: Account, spoken: Dialect, name: str, text: str) -> str:
    field = spoken.field(name)
    word = typed.secret(text, name)
    if field and field.required and not word:
        raise Invalid(_("Enter it: %(label)s, from the carrier's site.", label=field.label), name)
    if field:
        _check(field, word)
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
    return Invalid(_("Write an address such as https://api.example.com."), "base_url")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _settings(spoken: Dialect, given: Mapping[str, str]) -> dict[str, str]:
    """What the dialect asks for beside key and secret; what is not given is its default."""
    chosen = {}
    for field in spoken.settings:
        value = given.get(field.name, field.default).strip()
        if field.required and not value:
            value = field.default
        _check(field, value)
        chosen[field.name] = value
    return chosen


def _check(field: Field, value: str) -> None:
    if not value and not field.required:
        return
    if field.choices and value not in field.choices:
        raise Invalid(
            _("Choose one of: %(choices)s.", choices=", ".join(field.choices)), field.name
        )
    fits = len(value) <= 500 and all("!" <= char <= "~" for char in value)
    if not fits or (field.pattern and not re.fullmatch(field.pattern, value)):
        raise Invalid(_("This is no “%(label)s”. Copy it again.", label=field.label), field.name)
