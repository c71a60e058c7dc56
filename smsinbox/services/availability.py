"""Who is there. Pages tell their process over the socket whether somebody touches them; each
process writes down what it knows of all its users at once, every twenty seconds at most."""

from collections.abc import Mapping

from sqlalchemy import or_
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.models.presence import HOLDS, Availability, Presence


@atomic
def note(active: Mapping[int, bool]) -> None:
    """These users have pages open here; somebody has touched one of them lately, or not."""
    if not active:
        return
    now = clock.now()
    insert = (sqlite if is_sqlite() else postgresql).insert(Presence)
    rows = [
        {"user_id": id, "state": _state(active[id]).value, "seen_at": now} for id in sorted(active)
    ]
    is_online = insert.excluded.state == Availability.ONLINE.value
    # A page that is away says nothing of one that is online elsewhere: that one is heard of.
    is_over = or_(Presence.state == Availability.AWAY.value, Presence.seen_at < now - HOLDS)
    change = insert.values(rows).on_conflict_do_update(
        index_elements=[Presence.user_id],
        set_={
            "state": insert.excluded.state,
            "seen_at": now,
        },
        where=or_(is_online, is_over),
    )
    db.session.execute(change)


def _state(is_active: bool) -> Availability:
    return Availability.ONLINE if is_active else Availability.AWAY
