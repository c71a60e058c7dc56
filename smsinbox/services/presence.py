"""Who is here is written down now and then, as the sockets of this process see it."""

from collections.abc import Collection

from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.models.presence import Presence, PresenceState


@atomic
def see(user_ids: Collection[int]) -> None:
    """They have a page open; whether they are away stays as it was."""
    if not user_ids:
        return
    now = clock.now()
    state = PresenceState.ONLINE.value
    rows = [{"user_id": one, "state": state, "seen_at": now} for one in sorted(user_ids)]
    insert = (sqlite if is_sqlite() else postgresql).insert(Presence).values(rows)
    db.session.execute(
        insert.on_conflict_do_update(index_elements=["user_id"], set_={"seen_at": now})
    )
