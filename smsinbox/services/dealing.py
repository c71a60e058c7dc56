"""Work goes round: to agents who are here and have room, and back when it lies unanswered.

Both are a number's own choice (models/number.py) and done by the sweeper.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Select, func, or_, select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation, ConversationStatus
from smsinbox.models.number import Number
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import Role, User
from smsinbox.queries import availability
from smsinbox.services import assigning

_MOST = 100  # a round of the sweeper's


@atomic
def deal() -> int:
    """Give what waits and nobody has to the agents who are online, in turn; how many were given.

    Admins are not dealt to: they are often here for other things.
    """
    waiting = list(db.session.scalars(_UNCLAIMED.limit(_MOST)))
    if not waiting:
        return 0
    online = [one for one in availability.online() if one.role == Role.AGENT]
    loads = _loads(one.id for one in online)
    given = 0
    for conversation in waiting:
        if (to := _next(online, loads, conversation)) is None:
            continue
        loads[to.id] += 1
        to.dealt_at = clock.now()
        assigning.give(conversation, to, None, f"Given to {to.name}, whose turn it was.")
        given += 1
    return given


def _next(online: Iterable[User], loads: dict[int, int], what: Conversation) -> User | None:
    """Whoever has room and was dealt to longest ago."""
    free = [
        one
        for one in online
        if can(one, Permission.ANSWER, what.number_id) and loads[one.id] < what.number.capacity
    ]
    return min(free, key=lambda one: (one.dealt_at or clock.EPOCH, one.id), default=None)


def _loads(user_ids: Iterable[int]) -> dict[int, int]:
    """How many open ones each has, whatever the number."""
    ids = list(user_ids)
    mine = Conversation.assignee_id.in_(ids)
    is_open = Conversation.status == ConversationStatus.OPEN.value
    whose = Conversation.assignee_id
    counted = select(whose, func.count()).where(mine, is_open).group_by(whose)
    found = {row[0]: row[1] for row in db.session.execute(counted)}
    return {one: found.get(one, 0) for one in ids}


@atomic
def take_back() -> int:
    """What its assignee has left unanswered for too long is everybody's again; how many."""
    patient = select(Number.id, Number.returns_after).where(Number.returns_after.is_not(None))
    taken = 0
    for number_id, minutes in db.session.execute(patient).all():
        before = clock.now() - timedelta(minutes=minutes or 0)
        stale = _stale(number_id).where(
            Conversation.waiting_since <= before,
            or_(Conversation.assigned_at.is_(None), Conversation.assigned_at <= before),
        )
        for conversation in db.session.scalars(stale.limit(_MOST)).all():
            name = conversation.assignee.name if conversation.assignee else "Somebody"
            words = f"{name} had it for {minutes} minutes without an answer: it is free again."
            taken += assigning.give(conversation, None, None, words)
    return taken


_WAITS = select(Conversation).where(
    Conversation.status == ConversationStatus.OPEN.value, Conversation.waiting_since.is_not(None)
)
_UNCLAIMED = (
    _WAITS.join(Number, Number.id == Conversation.number_id)
    .join(Contact, Contact.id == Conversation.contact_id)
    .where(Conversation.assignee_id.is_(None), Number.deals, Contact.blocked_at.is_(None))
    .order_by(Conversation.waiting_since, Conversation.id)
    .with_for_update(of=Conversation, key_share=True)
)


def _stale(number_id: int) -> Select[Conversation]:
    return (
        _WAITS.where(Conversation.number_id == number_id, Conversation.assignee_id.is_not(None))
        .order_by(Conversation.id)
        .with_for_update(of=Conversation, key_share=True)
    )
