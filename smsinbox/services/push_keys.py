"""The VAPID key by which push services know this house (RFC 8292); sealed in the database."""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from smsinbox.core import clock
from smsinbox.core.config import Settings, settings
from smsinbox.core.database import atomic, db
from smsinbox.core.sealing import Seal
from smsinbox.models.subscription import PushKey

ONLY = 1
OWNER = "push"


@atomic
def ensure() -> None:
    """Make the key, unless it is there. A new one would silence every browser that subscribed."""
    if db.session.get(PushKey, ONLY) is None:
        secret = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        sealed = seal().seal(_text(secret.to_bytes(32, "big")), OWNER)
        db.session.add(PushKey(id=ONLY, sealed=sealed, created_at=clock.now()))


def key() -> Vapid02:
    """The key, made if it is not there yet. Raises Unsealable when SECRET_KEY is another."""
    kept = db.session.get(PushKey, ONLY)
    if kept is None:
        ensure()
        kept = db.session.get_one(PushKey, ONLY, populate_existing=True)
    return Vapid02.from_raw(seal().open(kept.sealed, OWNER).encode())


def public_key() -> str:
    """What a browser wants to know before it subscribes."""
    point = key().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _text(point)


def seal() -> Seal:
    """For what belongs to pushes."""
    return _seal(settings())


@lru_cache(maxsize=4)
def _seal(of: Settings) -> Seal:
    return Seal(of.secret())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
