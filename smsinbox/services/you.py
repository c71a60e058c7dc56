"""What people change about themselves. Whoever found their page open must not lock them out: a new
e-mail and a new password take the current password."""

from zoneinfo import available_timezones

from sqlalchemy.exc import IntegrityError

from smsinbox.core.database import atomic, attempt, db
from smsinbox.core.errors import Invalid
from smsinbox.core.events import emit
from smsinbox.core.i18n import _, _l, choices
from smsinbox.models.events import UserChanged
from smsinbox.models.user import User
from smsinbox.queries import users as users_query
from smsinbox.services import passwords, sign_ins, typed, users

UNDO = (0, 3, 5, 10)  # seconds
CLOCKS = ("", "h23", "h12")
_WRONG = _l("This is not your current password.")


def edit(user_id: int, name: str, email: str, current: str) -> User:
    """Another name or e-mail; the current password is only looked at for the latter. Raises
    Invalid, for the password with the field `confirm`."""
    address = users.address(email)
    user = users_query.found(user_id)
    known = user.password_hash
    if address != user.email and not passwords.fits(current, known):
        raise Invalid(_("%(wrong)s It is needed for another e-mail.", wrong=_WRONG), "confirm")
    return _edit(user_id, name, address, known)


@atomic
def choose_sending(user_id: int, enter_sends: bool, undo_seconds: int) -> User:
    """Whether Enter sends, and for how many seconds a text can be undone; raises Invalid."""
    if undo_seconds not in UNDO:
        raise Invalid(_("Choose one of the times in the list."), "undo_seconds")
    user = users_query.found(user_id)
    user.enter_sends, user.undo_seconds = enter_sends, undo_seconds
    return user


def change_password(user_id: int, current: str, new: str, token: str) -> None:
    """A new password; every sign-in but the one with this token ends. Raises Invalid with the field
    `current` or `password`."""
    known = users_query.found(user_id).password_hash
    if not passwords.fits(current, known):
        raise Invalid(_WRONG, "current")
    _change_password(user_id, passwords.hashed(new, passwords.SHORTEST_TYPED), known, token)


@atomic
def prefer(user_id: int, zone: str, clock: str, language: str, single_keys: bool) -> None:
    """How pages write times and what they speak, empty for the browser's own way, and whether
    single keys do anything. Raises Invalid with the field `zone`, `clock` or `language`."""
    if zone and zone not in available_timezones():
        raise Invalid(_("Choose a time zone from the list, such as Europe/Berlin."), "zone")
    if clock not in CLOCKS:
        raise Invalid(_("Choose one of these."), "clock")
    if language and language not in choices():
        raise Invalid(_("Choose one of these."), "language")
    user = users_query.found(user_id)
    user.zone, user.clock, user.language = zone, clock, language
    user.single_keys = single_keys


@atomic
def _edit(user_id: int, name: str, address: str, known: str) -> User:
    user = _unchanged(user_id, known, "confirm")
    try:
        with attempt():
            user.name, user.email = typed.line(name, "name", 80, _("Write a name.")), address
            db.session.flush()
    except IntegrityError:
        raise Invalid(_("Somebody has this e-mail already."), "email") from None
    emit(UserChanged(user_id=user.id))
    return user


@atomic
def _change_password(user_id: int, new_hash: str, known: str, token: str) -> None:
    _unchanged(user_id, known, "current").password_hash = new_hash
    sign_ins.sign_out_elsewhere(user_id, token)


def _unchanged(user_id: int, known: str, field: str) -> User:
    """Asked again inside: an admin may have set another password while this one was checked."""
    user = db.session.get_one(
        User, user_id, populate_existing=True, with_for_update={"of": User, "key_share": True}
    )
    if user.password_hash != known or not user.active:
        raise Invalid(_WRONG, field)
    return user
