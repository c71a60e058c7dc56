"""What users want to be told."""

from collections.abc import Iterable

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models.preference import Preference
from smsinbox.models.user import User


def of(user: User) -> Preference:
    """Their wishes, or the defaults."""
    return db.session.get(Preference, user.id) or Preference.default(user.id)


def of_all(user_ids: Iterable[int]) -> dict[int, Preference]:
    """The same for many."""
    ids = list(user_ids)
    found = db.session.scalars(select(Preference).where(Preference.user_id.in_(ids)))
    known = {one.user_id: one for one in found}
    return {id: known.get(id) or Preference.default(id) for id in ids}
