"""Which contacts were merged, and what can still be undone."""

from collections.abc import Sequence

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.contact import Contact
from smsinbox.models.merge import Merge


def standing(people: Sequence[Contact]) -> list[Merge]:
    """Those by which these phones came together and that can be undone, newest first."""
    ids = [one.id for one in people]
    query = select(Merge).where(Merge.from_id.in_(ids), Merge.undone_at.is_(None))
    found = db.session.scalars(query.order_by(Merge.id.desc()))
    return [merge for merge in found if merge.can_be_undone]


def found(merge_id: int) -> Merge:
    """The merge; raises NotFound."""
    merge = db.session.get(Merge, merge_id)
    if merge is None:
        raise NotFound
    return merge
