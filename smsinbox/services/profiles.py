"""Pools of our numbers for programs that name no sender: made, and filled."""

import uuid
from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError

from smsinbox.core import clock
from smsinbox.core.database import atomic, attempt, db
from smsinbox.core.errors import Invalid
from smsinbox.core.events import emit
from smsinbox.models.events import NumberChanged
from smsinbox.models.number import Number
from smsinbox.models.profile import Profile
from smsinbox.models.user import User
from smsinbox.services import typed
from smsinbox.services.authority import must_administer


@atomic
def create(name: str, numbers: Iterable[Number] = (), by: User | None = None) -> Profile:
    """A new profile with these numbers; each leaves the profile that it was in."""
    must_administer(by)
    profile = Profile(
        id=str(uuid.uuid4()),
        name=typed.line(name, "name", 80, "Name the pool."),
        created_at=clock.now(),
    )
    try:
        with attempt():
            db.session.add(profile)
    except IntegrityError:
        raise Invalid("There is a profile with this name already.", "name") from None
    _put(numbers, profile.id)
    return profile


@atomic
def put(profile_id: str, numbers: Iterable[Number], by: User | None = None) -> Profile:
    """Move numbers into a profile."""
    must_administer(by)
    profile = db.session.get(Profile, profile_id)
    if profile is None:
        raise Invalid("There is no profile with this id.", "profile")
    _put(numbers, profile.id)
    return profile


def _put(numbers: Iterable[Number], profile_id: str) -> None:
    for number in numbers:
        db.session.get_one(Number, number.id).profile_id = profile_id
        emit(NumberChanged(number_id=number.id))
