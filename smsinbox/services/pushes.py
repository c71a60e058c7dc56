"""Web Push: browsers that subscribed, what each is told, and the sealed post that tells it.

A push is best effort, as everything that only rings. It is planned from the log of events, and
sent with no transaction open. The maker of the browser carries it and cannot read it (RFC 8291).
"""

import base64
import binascii
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import orjson
from py_vapid import Vapid02
from pywebpush import WebPusher
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock, targets
from smsinbox.core.config import settings
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.errors import Invalid
from smsinbox.core.events import Cursor, Entry
from smsinbox.core.i18n import _, _l
from smsinbox.dialects.http import post
from smsinbox.models.events import ConversationRead
from smsinbox.models.sign_in import SignIn
from smsinbox.models.subscription import Subscription
from smsinbox.models.user import User
from smsinbox.queries import conversations, preferences
from smsinbox.queries.rings import KINDS, Ear, Ring, rings
from smsinbox.services import push_keys, readers, sign_ins

READER = "pushes"
MOST = 20  # browsers of one user; of more, the newest
GONE = frozenset({404, 410})  # RFC 8030, §7.3: never again
_TTL = "3600"  # seconds that the carrier of pushes keeps one for a browser that is away
_NO_KEYS = _l("The browser gave keys that no push can be sealed with.")


@dataclass(frozen=True, slots=True)
class Push:
    """One message for one browser."""

    subscription_id: int
    endpoint: str
    keys: str
    said: bytes
    topic: str


@atomic
def subscribe(endpoint: str, p256dh: str, auth: str, by: User, token: str) -> None:
    """Push to this browser as long as this sign-in lasts; it is theirs now, whoever's it was."""
    try:
        parts = targets.check(endpoint, settings().callbacks_to_private)
    except targets.BadTarget as problem:
        raise Invalid(str(problem), "endpoint") from None
    if len(endpoint) > 1000 or (parts.scheme != "https" and not settings().callbacks_to_private):
        raise Invalid(_("A push service has an address that begins with https://."), "endpoint")
    if (_size(p256dh), _size(auth)) != (65, 16):
        raise Invalid(_NO_KEYS, "keys")
    sign_in_id = sign_ins.id_of(token)
    keys = push_keys.seal().seal(f"{p256dh} {auth}", endpoint)
    row = {"user_id": by.id, "sign_in_id": sign_in_id, "keys": keys, "created_at": clock.now()}
    insert = (sqlite if is_sqlite() else postgresql).insert(Subscription)
    db.session.execute(
        insert.values(endpoint=endpoint, **row).on_conflict_do_update(
            index_elements=[Subscription.endpoint], set_=row
        )
    )
    _make_room(by)


@atomic
def unsubscribe(endpoint: str, by: User) -> None:
    """Not to this browser any more."""
    theirs = Subscription.endpoint == endpoint, Subscription.user_id == by.id
    db.session.execute(delete(Subscription).where(*theirs))


@atomic
def forget(subscription_ids: Collection[int]) -> None:
    """Browsers that are gone, as their makers say."""
    db.session.execute(delete(Subscription).where(Subscription.id.in_(subscription_ids)))


@atomic
def prune() -> None:
    """Sign-ins that ended or grew too old take their browsers with them. For the sweeper."""
    oldest = clock.now() - sign_ins.LIFETIME
    over = select(SignIn.id).where(SignIn.ended_at.is_not(None) | (SignIn.created_at < oldest))
    db.session.execute(delete(Subscription).where(Subscription.sign_in_id.in_(over)))


def anybody() -> bool:
    """Whether a browser has subscribed at all."""
    return db.session.scalar(select(Subscription.id).limit(1)) is not None


@atomic
def note(cursor: Cursor) -> None:
    """The log is read so far, and there was nobody to tell."""
    readers.remember(READER, cursor)


@atomic
def plan(entries: Sequence[Entry], shown: set[tuple[int, int]]) -> list[Push]:
    """What to tell whom about these entries, which then count as read. `shown` are (user,
    conversation) that browsers still show: it is kept up to date here."""
    readers.remember(READER, entries[-1].cursor)
    entries = [one for one in entries if one.kind in KINDS or one.kind == ConversationRead.__name__]
    browsers = _browsers() if entries else []
    if not browsers:
        return []
    users = {user.id: user for _, user in browsers}
    wishes = preferences.of_all(users)
    rows = conversations.rows({one.conversation_id for one in entries if one.conversation_id})
    ears = [Ear(user, wishes[user.id]) for user in users.values()]
    told = [one for one in rings(entries, rows, ears) if one.pushes]
    pushes = [
        _push(to, _news(one, users[one.user_id].language), one)
        for one in told
        for to in _of(one.user_id, browsers)
    ]
    for entry in entries:
        there = entry.user_id or 0, entry.conversation_id or 0
        if entry.kind == ConversationRead.__name__ and there in shown:
            shown.discard(there)
            quiet = [to for to in _of(there[0], browsers) if not to.must_show]
            pushes += [_close(to, there[1]) for to in quiet]
    shown.update((one.user_id, one.conversation_id) for one in told)
    return pushes


def carry(push: Push, key: Vapid02, contact: str, http: httpx.Client, to_private: bool) -> int:
    """Post it; the status of the answer. Raises CarrierError or BadTarget. No database is asked."""
    targets.check(push.endpoint, to_private)
    p256dh, auth = push_keys.seal().open(push.keys, push.endpoint).split()
    sealed = WebPusher({"endpoint": push.endpoint, "keys": {"p256dh": p256dh, "auth": auth}})
    body = sealed.encode(push.said)["body"]
    parts = urlsplit(push.endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + 12 * 3600,
        "sub": contact,
    }
    headers = {
        **key.sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": _TTL,
        "Topic": push.topic,  # a newer one takes its place while the browser is away
        "Urgency": "high",
    }
    return post(http, push.endpoint, headers=headers, body=body).status


def _browsers() -> list[tuple[Subscription, User]]:
    oldest = clock.now() - sign_ins.LIFETIME
    found = (
        select(Subscription, User)
        .join(User, User.id == Subscription.user_id)
        .join(SignIn, SignIn.id == Subscription.sign_in_id)
        .where(User.active, SignIn.ended_at.is_(None), SignIn.created_at > oldest)
        .execution_options(populate_existing=True)
    )
    return [(one, user) for one, user in db.session.execute(found)]


def _of(user_id: int, browsers: Iterable[tuple[Subscription, User]]) -> list[Subscription]:
    return [one for one, user in browsers if user.id == user_id]


def _news(ring: Ring, language: str) -> dict[str, str]:
    return {
        "title": ring.title,
        "body": str(ring.told(language)["words"]),
        "url": f"/conversations/{ring.conversation_id}",
    }


def _push(to: Subscription, said: dict[str, str], ring: Ring) -> Push:
    how = {"tag": _tag(ring.conversation_id), "must_show": to.must_show}
    return _sealed(to, said | how, ring.conversation_id)


def _close(to: Subscription, conversation_id: int) -> Push:
    return _sealed(to, {"close": _tag(conversation_id)}, conversation_id)


def _sealed(to: Subscription, said: Mapping[str, object], conversation_id: int) -> Push:
    topic = f"c{conversation_id}"
    return Push(to.id, to.endpoint, to.keys, orjson.dumps(said), topic)


def _tag(conversation_id: int) -> str:
    return f"conversation-{conversation_id}"


def _make_room(user: User) -> None:
    ids = select(Subscription.id).where(Subscription.user_id == user.id)
    newest = db.session.scalars(
        ids.order_by(Subscription.created_at.desc(), Subscription.id.desc())
    )
    forget(list(newest)[MOST:])


def _size(text: str) -> int:
    """How many bytes this is in base64url; 0 when it is none."""
    try:
        return len(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return 0
