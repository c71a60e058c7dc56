"""Keys for programs: made and shown once, recognised by their hash, revoked for good."""

import hashlib
import logging
import secrets
from datetime import timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _
from smsinbox.models.api_key import ApiKey
from smsinbox.models.user import User
from smsinbox.queries import api_keys as keys_query
from smsinbox.services import typed
from smsinbox.services.authority import must_administer

log = logging.getLogger(__name__)

SCOPES = ("all", "read", "send")
_USED_EVERY = timedelta(minutes=1)
_BY_HASH = select(ApiKey).where(ApiKey.key_hash == bindparam("key_hash"))  # asked at every request


@atomic
def create(
    name: str, scope: str, by: User | None = None, hourly: str = "", daily: str = ""
) -> tuple[ApiKey, str]:
    """A new key and its plain form, which nobody can show again; the limits as `limit` has them."""
    must_administer(by)
    if scope not in SCOPES:
        raise Invalid(_("Choose what the key may do."), "scope")
    plain = f"sk_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        name=typed.line(name, "name", 80, _("Name the program that uses it.")),
        prefix=plain[:8],
        key_hash=_hash(plain),
        scope=scope,
        hourly_limit=typed.count(hourly, "hourly"),
        daily_limit=typed.count(daily, "daily"),
        created_at=clock.now(),
    )
    db.session.add(key)
    db.session.flush()
    return key, plain


@atomic
def limit(key_id: int, hourly: str, daily: str, by: User | None) -> ApiKey:
    """How many texts a program may send within an hour and a day, as somebody typed it; empty
    for as many as it likes."""
    must_administer(by)
    key = keys_query.found(key_id)
    key.hourly_limit = typed.count(hourly, "hourly")
    key.daily_limit = typed.count(daily, "daily")
    return key


@atomic
def revoke(key_id: int, by: User | None) -> ApiKey:
    """End a key; a second time changes nothing."""
    must_administer(by)
    key = keys_query.found(key_id)
    key.revoked_at = key.revoked_at or clock.now()
    return key


def key_of(plain: str) -> ApiKey | None:
    """The key, unless it is unknown or revoked."""
    return in_use(db.session.scalar(_BY_HASH, {"key_hash": _hash(plain)}))


def in_use(key: ApiKey | None) -> ApiKey | None:
    """The key that somebody came with, if it is good; that it was used is noted."""
    if key is None or key.revoked_at is not None:
        return None
    if key.used_at is None or clock.now() >= key.used_at + _USED_EVERY:
        _note(key.id)
    return key


def _note(key_id: int) -> None:
    try:
        _used(key_id)
    except OperationalError as error:  # the program's own request decides, not our note of it
        log.warning("use of key %d was not noted: %s", key_id, type(error).__name__)


@atomic
def _used(key_id: int) -> None:
    db.session.execute(update(ApiKey).where(ApiKey.id == key_id).values(used_at=clock.now()))


def _hash(plain: str) -> str:
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
