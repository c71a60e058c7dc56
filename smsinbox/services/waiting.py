"""Tells agents of people who wait for too long: whose conversation it is, or else everybody who
may see the number. Once for each wait. For the sweeper."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.models.conversation import Conversation
from smsinbox.models.notification import NotificationKind
from smsinbox.models.number import Number
from smsinbox.queries.inbox import inbox
from smsinbox.queries.views import IS_WORK
from smsinbox.services import notifications
from smsinbox.services.notifications import News

_MOST = 200  # a round


@atomic
def alarm() -> int:
    """Tell of those whose time has come; how many."""
    now, told = clock.now(), []
    limits = _limits(now)
    for number_id, before in limits.items():
        told += _late(number_id, before)
    for conversation in told:
        conversation.alarmed_at = now
    db.session.flush()
    notifications.notify_all(
        [
            News(NotificationKind.WAITING, [one.assignee_id] if one.assignee_id else None, one.id)
            for one in told
        ]
    )
    return len(told)


def _limits(now: datetime) -> dict[int, datetime]:
    """Per number with an alarm: who has waited since before that is told of."""
    house = inbox().alarm_after
    minutes = {
        id: house if own is None else own
        for id, own in db.session.execute(select(Number.id, Number.alarm_after))
    }
    return {id: now - timedelta(minutes=count) for id, count in minutes.items() if count}


def _late(number_id: int, before: datetime) -> list[Conversation]:
    untold = or_(
        Conversation.alarmed_at.is_(None), Conversation.alarmed_at < Conversation.waiting_since
    )
    late = (
        select(Conversation)
        .where(
            Conversation.waiting_since <= before,
            Conversation.number_id == number_id,
            IS_WORK,
            untold,
        )
        .order_by(Conversation.waiting_since)
        .limit(_MOST)
        .with_for_update(of=Conversation, key_share=True, skip_locked=True)
    )
    return list(db.session.scalars(late))
