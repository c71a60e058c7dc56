"""Ed25519 over `<timestamp>|<raw body>`, as Telnyx signs its webhooks.

https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
"""

import binascii
import re
from base64 import b64decode, b64encode

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from smsinbox.dialects.errors import Forged
from smsinbox.dialects.sides import Secrets
from smsinbox.dialects.signatures import require_recent

SIGNATURE_HEADER = "telnyx-signature-ed25519"
TIMESTAMP_HEADER = "telnyx-timestamp"
KEY_BYTES = 32
SIGNATURE_BYTES = 64


def new_pair() -> Secrets:
    """A private seed, and the public key that belongs to it; both base64."""
    key = SigningKey.generate()
    return Secrets(b64encode(bytes(key)).decode(), b64encode(bytes(key.verify_key)).decode())


def sign(seed: str, timestamp: str, body: bytes) -> str:
    """The signature in base64, by the private seed in base64."""
    return b64encode(SigningKey(b64decode(seed)).sign(_signed(timestamp, body)).signature).decode()


def check(public_key: str, timestamp: str | None, signature: str | None, body: bytes) -> None:
    """Raise Forged unless the key's owner signed this, within five minutes of now.

    The signature is looked at first: then a timestamp that is off means that a clock is.
    """
    if not signature:
        raise Forged(f"There is no {SIGNATURE_HEADER} header.", code="signature")
    if not timestamp:
        raise Forged(f"There is no {TIMESTAMP_HEADER} header.", code="timestamp")
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        raise Forged("The timestamp is not a number of seconds.", code="timestamp")
    key = _bytes(public_key.strip(), KEY_BYTES, "account's public key", "key")
    proof = _bytes(signature, SIGNATURE_BYTES, "signature", "signature")
    try:
        VerifyKey(key).verify(_signed(timestamp, body), proof)
    except CryptoError:
        detail = "The signature does not hold: the public key is another, or the body was altered."
        raise Forged(detail, code="signature") from None
    require_recent(int(timestamp))


def _signed(timestamp: str, body: bytes) -> bytes:
    return timestamp.encode() + b"|" + body


def _bytes(text: str, length: int, name: str, code: str) -> bytes:
    if not text:
        raise Forged(f"The {name} is missing.", code=code)
    try:
        found = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Forged(f"The {name} is not base64.", code=code) from None
    if len(found) != length:
        detail = f"The {name} has {len(found)} bytes and not {length}."
        raise Forged(detail, code=code)
    return found
