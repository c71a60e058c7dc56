"""Passwords: hashed and checked by Argon2id, off the loop that carries everybody else's sockets."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from smsinbox.core.aside import aside
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _

SHORTEST_TYPED = 10  # characters, in the pages
SHORTEST = 8  # on the command line and in ADMIN_PASSWORD
LONGEST = 200

_hasher = PasswordHasher()


def hashed(password: str, shortest: int = SHORTEST) -> str:
    """The password's hash; raises Invalid when it is too short or too long."""
    if not shortest <= len(password) <= LONGEST:
        raise Invalid(
            _("Use %(shortest)s to %(longest)s characters.", shortest=shortest, longest=LONGEST),
            "password",
        )
    return aside(lambda: _hasher.hash(_encoded(password)))


def fits(password: str, password_hash: str | None) -> bool:
    """Whether it is the password; takes as long when there is no hash to compare with."""
    decoy = _decoy()
    if len(password) > LONGEST:
        return False
    return aside(lambda: _verified(password_hash or decoy, password)) and password_hash is not None


def _verified(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, _encoded(password))
    except (VerificationError, InvalidHashError):
        return False


def _encoded(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=1)
def _decoy() -> str:
    return aside(lambda: _hasher.hash("nobody's password"))
