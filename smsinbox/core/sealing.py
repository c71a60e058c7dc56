"""Secrets at rest: AES-GCM under a key derived from SECRET_KEY, bound to what they belong to."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unsealable(Exception):
    """Sealed with another SECRET_KEY, or for another owner."""


class Seal:
    """Seals and opens short secrets; `owner` is authenticated, so a swapped value will not open."""

    def __init__(self, secret_key: str) -> None:
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"smsinbox secrets 1")
        self._cipher = AESGCM(kdf.derive(secret_key.encode()))

    def seal(self, secret: str, owner: str) -> str:
        """The secret as text that only `open` with the same owner reads."""
        nonce = os.urandom(12)
        sealed = self._cipher.encrypt(nonce, secret.encode(), owner.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, owner: str) -> str:
        """The secret again; raises Unsealable."""
        raw = base64.b64decode(sealed)
        try:
            return self._cipher.decrypt(raw[:12], raw[12:], owner.encode()).decode()
        except InvalidTag:
            raise Unsealable(owner) from None
