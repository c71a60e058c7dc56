"""What users keep about their lists: filters under a name, and the order of each view."""

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.errors import Forbidden, Invalid, NotFound
from smsinbox.core.i18n import _
from smsinbox.models.saved_filter import ListOrder, SavedFilter
from smsinbox.models.user import User
from smsinbox.queries import filters
from smsinbox.queries.views import KINDS, SORTS
from smsinbox.services import typed

MOST = 50  # of one user
LONGEST_NAME = 60


@atomic
def save(name: str, query: str, shared: bool, by: User) -> SavedFilter:
    """Keep a filter under a name; one of theirs with that name is replaced. Raises Invalid."""
    called = typed.line(name, "name", LONGEST_NAME, _("Give the filter a name."))
    wanted = str(filters.parse(query))
    if problem := next(iter(filters.problems(query, by)), None):
        raise Invalid(problem, "q")
    if not wanted:
        raise Invalid(_("Choose at least one condition."), "q")
    mine = SavedFilter.user_id == by.id
    kept = db.session.scalars(select(SavedFilter).where(mine, SavedFilter.name == called)).first()
    if kept is None:
        if db.session.scalar(select(func.count()).where(mine)) >= MOST:  # type: ignore[operator]
            raise Invalid(
                _("You have %(most)s filters already. Delete one first.", most=MOST), "name"
            )
        kept = SavedFilter(user_id=by.id, name=called, created_at=clock.now())
        db.session.add(kept)
    kept.query, kept.shared = wanted, shared
    db.session.flush()
    return kept


@atomic
def throw_away(filter_id: int, by: User) -> None:
    """Delete a filter of one's own; admins delete everybody's, too."""
    kept = db.session.get(SavedFilter, filter_id)
    if kept is None or not (kept.shared or kept.user_id == by.id):
        raise NotFound
    if kept.user_id != by.id and not by.is_admin:
        raise Forbidden(_("Only its author or an admin can delete a filter of everybody's."))
    db.session.delete(kept)


@atomic
def order(view: str, sort: str, by: User) -> None:
    """Read a view in this order from now on."""
    if view not in KINDS or sort not in SORTS:
        raise Invalid(_("Choose one of the orders."), "sort")
    insert = (sqlite if is_sqlite() else postgresql).insert(ListOrder)
    row = insert.values(user_id=by.id, view=view, sort=sort)
    keys = ["user_id", "view"]
    db.session.execute(row.on_conflict_do_update(index_elements=keys, set_={"sort": sort}))
