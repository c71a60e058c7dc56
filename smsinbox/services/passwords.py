"""Passwords: hashed and checked by Argon2id, off the loop that carries everybody else's sockets."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast

import gevent
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent import monkey

from smsinbox.core.errors import Invalid

T = TypeVar("T")

SHORTEST_TYPED = 10  # characters, in the pages
SHORTEST = 8  # on the command line and in ADMIN_PASSWORD
LONGEST = 200

_hasher = PasswordHasher()


def hashed(password: str, shortest: int = SHORTEST) -> str:
    """The password's hash; raises Invalid when it is too short or too long."""
    if not shortest <= len(password) <= LONGEST:
        raise Invalid(f"Use {shortest} to {LONGEST} characters.", "password")
    return _aside(lambda: _hasher.hash(_encoded(password)))


def fits(password: str, password_hash: str | None) -> bool:
    """Whether it is the password; takes as long when there is no hash to compare with."""
    decoy = _decoy()
    if len(password) > LONGEST:
        return False
    return _aside(lambda: _verified(password_hash or decoy, password)) and password_hash is not None


def _verified(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, _encoded(password))
    except (VerificationError, InvalidHashError):
        return False


def _encoded(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _aside(lambda: _hasher.hash("nobody's password"))


def _aside(work: Callable[[], T]) -> T:
    """Some 50 ms of a processor: in a thread where a loop would wait for it."""
    if not monkey.is_module_patched("socket"):
        return work()
    return cast(T, gevent.get_hub().threadpool.apply(work))
