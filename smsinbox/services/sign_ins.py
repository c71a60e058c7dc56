"""Signing in and out. The rows are here, not in the cookie, so an end is an end everywhere."""

import hashlib
import logging
import secrets
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.core.events import emit
from smsinbox.core.i18n import _l
from smsinbox.models.events import SignedOut
from smsinbox.models.sign_in import SignIn
from smsinbox.models.user import User
from smsinbox.services import passwords

log = logging.getLogger(__name__)

SESSION_KEY = "sign_in"  # where a browser's session keeps the token
IDLE = timedelta(hours=12)
LIFETIME = timedelta(days=7)
_SEEN_EVERY = timedelta(minutes=1)
_REFUSED = _l("E-mail or password is wrong.")


def sign_in(email: str, password: str) -> tuple[User, str]:
    """The user and the token for their cookie; every Invalid is in the same words."""
    query = select(User).where(User.email == email.strip().lower(), User.active)
    user = db.session.scalar(query) if _storable(email) else None
    known = user.password_hash if user else None
    if not passwords.fits(password, known) or user is None:
        raise Invalid(_REFUSED)
    return _begin(user.id, user.password_hash)


@atomic
def _begin(user_id: int, checked_hash: str) -> tuple[User, str]:
    """Asked again inside: they may have been deactivated while the password was being checked."""
    user = db.session.get(User, user_id, with_for_update={"read": True})
    if user is None or not user.active or user.password_hash != checked_hash:
        raise Invalid(_REFUSED)
    token, now = secrets.token_urlsafe(32), clock.now()
    row = SignIn(user_id=user.id, token_hash=_hash(token), created_at=now, seen_at=now)
    db.session.add(row)
    return user, token


@atomic
def sign_out(token: str) -> None:
    """End the sign-in of this token; unknown and ended ones are left alone."""
    row = _row(token)
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()
        emit(SignedOut(user_id=row.user_id))


@atomic
def sign_out_everywhere(user_id: int) -> None:
    """End every sign-in of a user."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
    emit(SignedOut(user_id=user_id))


@atomic
def sign_out_elsewhere(user_id: int, token: str) -> None:
    """End every sign-in of a user but the one with this token."""
    others = SignIn.user_id == user_id, SignIn.token_hash != _hash(token)
    db.session.execute(
        update(SignIn).where(*others, SignIn.ended_at.is_(None)).values(ended_at=clock.now())
    )
    emit(SignedOut(user_id=user_id))


def elsewhere(user_id: int, token: str) -> int:
    """How many sign-ins of a user hold beside the one with this token."""
    now = clock.now()
    query = select(func.count()).where(
        SignIn.user_id == user_id,
        SignIn.token_hash != _hash(token),
        SignIn.ended_at.is_(None),
        SignIn.seen_at > now - IDLE,
        SignIn.created_at > now - LIFETIME,
    )
    return db.session.scalar(query) or 0


def user_of(token: str) -> User | None:
    """Whose sign-in this is; None when it ended, idled for 12 hours or is 7 days old."""
    row, now = _row(token), clock.now()
    if row is None or row.ended_at is not None:
        return None
    if now >= row.seen_at + IDLE or now >= row.created_at + LIFETIME:
        return None
    user_id = row.user_id
    if now >= row.seen_at + _SEEN_EVERY:
        _note(row.id)
    user = db.session.get(User, user_id)
    return user if user is not None and user.active else None


def id_of(token: str) -> int | None:
    """The row behind a token, for a socket that must know when it ends."""
    row = _row(token)
    return row.id if row is not None and row.ended_at is None else None


def _note(sign_in_id: int) -> None:
    try:
        _seen(sign_in_id)
    except OperationalError as error:  # a reader must not fail because no writer gets through
        log.warning("sign-in %d was seen but not noted: %s", sign_in_id, type(error).__name__)


@atomic
def _seen(sign_in_id: int) -> None:
    values = {"seen_at": clock.now()}
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(values))


def _row(token: str) -> SignIn | None:
    return db.session.scalar(select(SignIn).where(SignIn.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _storable(text: str) -> bool:
    """Whether a database can be asked for it at all."""
    return "\0" not in text and text.isprintable()
