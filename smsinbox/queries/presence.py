"""Who is here."""

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.models.presence import FRESH, Presence, PresenceState
from smsinbox.models.user import User


def online() -> list[User]:
    """Those who are here now, by id."""
    here = select(User).join(Presence, Presence.user_id == User.id)
    fresh = here.where(
        User.active,
        Presence.state == PresenceState.ONLINE.value,
        Presence.seen_at > clock.now() - FRESH,
    )
    return list(db.session.scalars(fresh.order_by(User.id)))


def states() -> dict[int, str]:
    """Online or away, by the id of the user; who is missing is offline."""
    fresh = select(Presence.user_id, Presence.state).where(Presence.seen_at > clock.now() - FRESH)
    return {row[0]: row[1] for row in db.session.execute(fresh)}
