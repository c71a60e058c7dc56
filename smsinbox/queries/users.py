"""The people who sign in."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User


def all_users() -> list[User]:
    """Everybody, active or not, the active ones first, by name."""
    order = (User.active.desc(), User.name, User.id)
    return list(db.session.scalars(select(User).order_by(*order)))


def admins() -> list[User]:
    """Those of them who set things up, if they are active."""
    return [user for user in all_users() if can(user, Permission.ADMINISTER)]


def assignable(number_id: int) -> list[User]:
    """Who can answer on this number, and so can be asked to."""
    return [user for user in all_users() if can(user, Permission.ANSWER, number_id)]


def found(user_id: int) -> User:
    """The user; raises NotFound."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    return user
