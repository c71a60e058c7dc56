"""Where programs hear of texts: their endpoints, made and changed by them or by an admin."""

import re
from collections.abc import Sequence
from functools import lru_cache
from hmac import compare_digest
from uuid import NAMESPACE_URL, uuid4, uuid5

from sqlalchemy import func, select

from smsinbox.core import clock, targets
from smsinbox.core.config import Settings, settings
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, Forbidden, Invalid, NotFound
from smsinbox.core.i18n import _
from smsinbox.core.sealing import Seal, Unsealable
from smsinbox.core.text import clean
from smsinbox.dialects import VOICES
from smsinbox.dialects.base import Credentials
from smsinbox.dialects.errors import Misconfigured
from smsinbox.dialects.sides import Secrets
from smsinbox.models.api_key import ApiKey
from smsinbox.models.callback import Callback
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.queries import callbacks as callbacks_query
from smsinbox.services import api_keys
from smsinbox.services.authority import must_administer

MOST = 20  # endpoints of one key
_MOST_EVENTS = 50
_EVENT = re.compile(r"[A-Za-z0-9_.-]{0,39}\*?")
# Here all that a customer hears is signed alike, texts' own addresses too: one secret a key.
_ONE_SECRET = frozenset({"telnyx", "telnyx_v1"})
# Here the very secret that signs is what a program sends with, too.
_SENDS_WITH_IT = frozenset({"telnyx_v1"})


@atomic
def create(
    api_key_id: int,
    dialect: str,
    url: str,
    events: Sequence[str],
    by: User | ApiKey | None,
    failover_url: str = "",
) -> tuple[Callback, str]:
    """A new endpoint, and what its program checks our signatures with."""
    key = db.session.get(ApiKey, api_key_id)
    if key is None or key.revoked_at is not None:
        raise Invalid(_("Choose a key that is in use."), "api_key_id")
    _must_own(key, by)
    if dialect not in VOICES:
        raise Invalid(_("Choose a language from the list."), "dialect")
    _check_room(key.id)
    callback = _added(
        Callback(
            id=str(uuid4()),
            api_key_id=key.id,
            dialect=dialect,
            url=_url(url, "url"),
            failover_url=_url(failover_url, "failover_url") if failover_url.strip() else "",
            events=_events(events),
            created_at=clock.now(),
        )
    )
    return callback, proof_of(callback)


@atomic
def edit(
    callback_id: str,
    url: str,
    events: Sequence[str],
    by: User | ApiKey | None,
    failover_url: str | None = None,
) -> Callback:
    """Change an endpoint; its secret stays. Without a `failover_url` the old one stays, too."""
    callback = _endpoint(callback_id, by)
    callback.url, callback.events = _url(url, "url"), _events(events)
    if failover_url is not None:
        callback.failover_url = _url(failover_url, "failover_url") if failover_url.strip() else ""
    return callback


@atomic
def switch(callback_id: str, active: bool, by: User | ApiKey | None) -> Callback:
    """Post to it, or do not; what happens while it is off is not told later."""
    callback = _endpoint(callback_id, by)
    callback.active = active
    callback.failing_since = callback.off_reason = callback.off_at = None
    return callback


@atomic
def seen(by: User) -> None:
    """This admin knows which endpoints were switched off up to now."""
    must_administer(by)
    user = db.session.get_one(User, by.id)
    user.callbacks_seen_at = clock.now()


@atomic
def renew(callback_id: str, by: User | None) -> tuple[Callback, str]:
    """A new secret, good from the next post on, and what the program checks with it."""
    callback = _mine(callback_id, by)
    fresh = _fresh(callback)
    for each in _signed_alike(callback):
        _seal_into(each, fresh)
    return callback, fresh.proves


@atomic
def delete(callback_id: str, by: User | ApiKey | None) -> Callback:
    """Forget an endpoint and its log; posts to it end."""
    callback = _endpoint(callback_id, by)
    db.session.delete(callback)
    return callback


@atomic
def for_own_addresses(key: ApiKey, dialect: str) -> Callback:
    """What signs posts to addresses that a text of this key names; made when first needed."""
    name = str(uuid5(NAMESPACE_URL, f"smsinbox:{key.id}:{dialect}"))
    return db.session.get(Callback, name) or _added(
        Callback(
            id=name, api_key_id=key.id, dialect=dialect, url="", events=["*"], active=True,
            created_at=clock.now(),
        )
    )  # fmt: skip


def credentials(callback: Callback) -> Credentials:
    """What its dialect signs with; raises Misconfigured."""
    try:
        return Credentials("", "", _seal(settings()).open(callback.secret_sealed, callback.owner))
    except Unsealable:
        words = _("SECRET_KEY is not the one that sealed this endpoint. Make a new secret for it.")
        raise Misconfigured(words, code="unsealable") from None


def proof_of(callback: Callback) -> str:
    """What a program checks our signatures with; raises Misconfigured."""
    return callback.public_key or credentials(callback).secret


def key_of(dialect: str, secret: str) -> ApiKey | None:
    """The key in use whose callbacks this secret signs, where programs of the dialect send with it,
    as with Telnyx's old profile secret: such a program knows one secret, not a key beside it."""
    owner = secret.partition(".")[0]
    if dialect not in _SENDS_WITH_IT or not re.fullmatch(r"[0-9]{1,18}", owner, re.ASCII):
        return None
    theirs = select(Callback).where(Callback.api_key_id == int(owner), Callback.dialect == dialect)
    callback = db.session.scalar(theirs.limit(1))
    if callback is None or not _is_secret_of(callback, secret):
        return None
    return api_keys.in_use(callback.api_key)


def _is_secret_of(callback: Callback, secret: str) -> bool:
    try:
        return compare_digest(credentials(callback).secret.encode(), clean(secret).encode())
    except Misconfigured:
        return False


def _fresh(callback: Callback) -> Secrets:
    """New ones; what programs send with says whose it is, so that it can be found again."""
    fresh = VOICES[callback.dialect].announcer.new_secrets()
    if callback.dialect not in _SENDS_WITH_IT:
        return fresh
    return Secrets(*(f"{callback.api_key_id}.{word}" for word in fresh))


def _added(callback: Callback) -> Callback:
    """Kept, with the secret of its fellows where a key has one for all."""
    db.session.add(callback)
    fellow = next((one for one in _signed_alike(callback) if one is not callback), None)
    if fellow is None:
        _seal_into(callback, _fresh(callback))
    else:
        signs = credentials(fellow).secret
        _seal_into(callback, Secrets(signs, fellow.public_key or signs))
    db.session.flush()
    return callback


def _signed_alike(callback: Callback) -> list[Callback]:
    if callback.dialect not in _ONE_SECRET:
        return [callback]
    alike = select(Callback).where(
        Callback.api_key_id == callback.api_key_id, Callback.dialect == callback.dialect
    )
    with db.session.no_autoflush:
        return list(db.session.scalars(alike))


def _seal_into(callback: Callback, fresh: Secrets) -> None:
    callback.secret_sealed = _seal(settings()).seal(fresh.signs, callback.owner)
    callback.public_key = fresh.proves if fresh.proves != fresh.signs else None


def _mine(callback_id: str, by: User | ApiKey | None) -> Callback:
    """The endpoint; to a program, those of others are not there."""
    callback = callbacks_query.found(callback_id)
    if isinstance(by, ApiKey) and by.id != callback.api_key_id:
        raise NotFound
    _must_own(callback.api_key, by)
    return callback


def _endpoint(callback_id: str, by: User | ApiKey | None) -> Callback:
    callback = _mine(callback_id, by)
    if not callback.is_endpoint:
        raise NotFound
    return callback


def _must_own(key: ApiKey, by: User | ApiKey | None) -> None:
    if not isinstance(by, ApiKey):
        must_administer(by)
    elif by.id != key.id or not can(by, Permission.ANSWER):
        raise Forbidden(_("This key may not have webhooks."))


def _check_room(api_key_id: int) -> None:
    there = select(func.count()).select_from(Callback).where(Callback.api_key_id == api_key_id)
    if (db.session.scalar(there.where(Callback.url != "")) or 0) >= MOST:
        raise Conflict(_("A key has at most %(most)s webhooks. Delete one first.", most=MOST))


def _url(typed: str, field: str) -> str:
    url = typed.strip()
    try:
        targets.check(url, settings().callbacks_to_private)
    except targets.BadTarget as problem:
        raise Invalid(str(problem), field) from None
    return url


def _events(typed: Sequence[str]) -> list[str]:
    events = list(dict.fromkeys(name.strip() for name in typed if name.strip()))
    if not 1 <= len(events) <= _MOST_EVENTS or not all(map(_EVENT.fullmatch, events)):
        raise Invalid(_("Name events, or * for all of them; a * may end a name."), "events")
    return events


@lru_cache(maxsize=4)
def _seal(of: Settings) -> Seal:
    return Seal(of.secret())
