"""Who is online, away or offline."""

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.models.presence import HOLDS, Availability, Presence
from smsinbox.models.user import User


def everybody() -> dict[int, Availability]:
    """Users with a page open; all others are offline."""
    query = select(Presence).where(Presence.seen_at > clock.now() - HOLDS)
    return {one.user_id: Availability(one.state) for one in db.session.scalars(query)}


def online() -> list[User]:
    """Those who are there now, by id."""
    here = select(User).join(Presence, Presence.user_id == User.id)
    fresh = here.where(
        User.active,
        Presence.state == Availability.ONLINE.value,
        Presence.seen_at > clock.now() - HOLDS,
    )
    return list(db.session.scalars(fresh.order_by(User.id)))


def of(user_id: int) -> Availability:
    """One of them."""
    return everybody().get(user_id, Availability.OFFLINE)
