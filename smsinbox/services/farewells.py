"""Phones of people who were erased and had opted out: known by a fingerprint, never by the number.

Should one of them become a contact again, the opt-out stands again before the first text leaves.
"""

import hashlib
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select, update

from smsinbox.core.config import settings
from smsinbox.core.database import db
from smsinbox.core.events import emit
from smsinbox.models.consent_event import ConsentEvent, ConsentSource
from smsinbox.models.contact import Contact
from smsinbox.models.erasure import Erasure
from smsinbox.models.events import MessageChanged
from smsinbox.models.message import Message
from smsinbox.models.number import Number
from smsinbox.services import consent
from smsinbox.services.consent_lines import Said

_WORDS = "Known by a fingerprint from before this person was erased."


def fingerprint(phone: str) -> str:
    """What stays of a phone. Keyed with SECRET_KEY: numbers are few enough to try them all."""
    return hmac.new(_key(settings().secret()), phone.encode(), hashlib.sha256).hexdigest()


def recall(contact: Contact) -> bool:
    """Let the opt-outs stand again that this phone had before its person was erased; whether there
    were any. One who said START since is back for good. In the transaction around us."""
    query = select(Erasure).where(Erasure.phone_hash == fingerprint(contact.phone))
    known = [one for one in db.session.scalars(query) if one.opt_outs]
    if not known:
        return False
    ends = {end for one in known for end in one.opt_outs}
    for one in known:
        one.opt_outs = []
    if _came_back(contact):
        return False
    ours = set(db.session.scalars(select(Number.id)))
    said = {
        (contact.id, end): Said(_WORDS, since=min(one.at for one in known))
        for end in ends
        if end is None or end in ours
    }
    return consent.take_out(said, ConsentSource.ERASED) > 0


def keep_back(message: Message) -> None:
    """The text that was about to leave when we recalled it never does."""
    values = consent.CANCELED | {"fence": None, "lease_until": None}
    db.session.execute(update(Message).where(Message.id == message.id).values(values))
    emit(MessageChanged.of(message))


def _came_back(contact: Contact) -> bool:
    back = select(ConsentEvent.id).where(
        ConsentEvent.contact_id == contact.id, ConsentEvent.opted_out.is_(False)
    )
    return db.session.scalar(back.limit(1)) is not None


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"smsinbox farewells 1")
    return kdf.derive(secret.encode())
