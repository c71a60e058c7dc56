"""The people who sign in: added and changed by admins, of whom one always remains."""

import re
from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from smsinbox.core import clock
from smsinbox.core.database import atomic, attempt, db
from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.events import emit
from smsinbox.core.i18n import _
from smsinbox.models.events import UserChanged
from smsinbox.models.number import Number
from smsinbox.models.user import Grant, Role, User
from smsinbox.queries import users as users_query
from smsinbox.services import passwords, sign_ins, typed
from smsinbox.services.authority import must_administer

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def create(
    email: str,
    name: str,
    password: str,
    role: str,
    number_ids: Iterable[int],
    by: User | None = None,
) -> User:
    """Add somebody; raises Invalid with the field that cannot be used."""
    shortest = passwords.SHORTEST if by is None else passwords.SHORTEST_TYPED
    # Hashing is slow on purpose, so it is done before the transaction takes the writers' turn.
    password_hash = passwords.hashed(password, shortest)
    return _create(email, name, password_hash, role, frozenset(number_ids), by)


def edit(
    user_id: int,
    name: str,
    role: str,
    active: bool,
    number_ids: Iterable[int],
    password: str,
    by: User | None,
) -> User:
    """Change somebody; an empty password keeps the old one.

    A new password and a deactivation end all their sign-ins.
    """
    shortest = passwords.SHORTEST if by is None else passwords.SHORTEST_TYPED
    password_hash = passwords.hashed(password, shortest) if password else None
    return _edit(user_id, name, role, active, frozenset(number_ids), password_hash, by)


@atomic
def _create(
    email: str,
    name: str,
    password_hash: str,
    role: str,
    number_ids: frozenset[int],
    by: User | None,
) -> User:
    must_administer(by)
    user = User(
        email=address(email),
        name=typed.line(name, "name", 80, _("Write a name.")),
        password_hash=password_hash,
        role=_role(role),
        active=True,
        created_at=clock.now(),
        grants=[Grant(number_id=number_id) for number_id in _numbers(number_ids)],
    )
    try:
        with attempt():
            db.session.add(user)
    except IntegrityError:
        raise Invalid(_("Somebody has this e-mail already."), "email") from None
    emit(UserChanged(user_id=user.id))
    return user


@atomic
def _edit(
    user_id: int,
    name: str,
    role: str,
    active: bool,
    number_ids: frozenset[int],
    password_hash: str | None,
    by: User | None,
) -> User:
    must_administer(by)
    admins = _active_admins()
    user = users_query.found(user_id)
    _refuse_lockout(user, role, active, admins, by)
    leaves = user.active and not active
    user.name = typed.line(name, "name", 80, _("Write a name."))
    user.role, user.active = _role(role), active
    _grant(user, _numbers(number_ids))
    if password_hash:
        user.password_hash = password_hash
    if password_hash or leaves:
        sign_ins.sign_out_everywhere(user.id)
    emit(UserChanged(user_id=user.id))
    return user


def address(email: str) -> str:
    """An e-mail address as it is kept, in lower case; raises Invalid."""
    plain = typed.line(email, "email", 254, _("Write an e-mail address.")).lower()
    if not _EMAIL.fullmatch(plain):
        raise Invalid(_("Write an e-mail address such as anna@example.com."), "email")
    return plain


def _refuse_lockout(
    user: User, role: str, active: bool, admins: list[int], by: User | None
) -> None:
    is_self = by is not None and by.id == user.id
    if is_self and role != user.role:
        raise Conflict(_("You cannot change your own role. Ask another admin."), "role")
    if is_self and not active:
        raise Conflict(_("You cannot deactivate yourself. Ask another admin."), "active")
    if admins == [user.id] and not (active and role == Role.ADMIN):
        raise Conflict(
            _("This is the last active admin. Make somebody else an admin first."), "role"
        )


def _active_admins() -> list[int]:
    """Their ids, which nobody else changes before we commit: two cannot retire each other."""
    query = select(User.id).where(User.role == Role.ADMIN.value, User.active)
    return list(db.session.scalars(query.order_by(User.id).with_for_update(key_share=True)))


def _role(role: str) -> str:
    if role not in {known.value for known in Role}:
        raise Invalid(_("Choose a role from the list."), "role")
    return role


def _numbers(number_ids: frozenset[int]) -> list[int]:
    found = list(db.session.scalars(select(Number.id).where(Number.id.in_(number_ids))))
    if len(found) != len(number_ids):
        raise Invalid(_("One of these numbers is gone. Load the page again."), "number_ids")
    return found


def _grant(user: User, number_ids: list[int]) -> None:
    db.session.execute(delete(Grant).where(Grant.user_id == user.id))
    db.session.expire(user, ["grants"])
    db.session.add_all(Grant(user_id=user.id, number_id=number_id) for number_id in number_ids)
    db.session.flush()
