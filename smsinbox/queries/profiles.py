"""The pools of our numbers, by profile, and what a choice among them depends on."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from smsinbox.core.database import db
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message, MessageState
from smsinbox.models.opt_out import OptOut
from smsinbox.models.profile import Profile


def all_profiles() -> list[Profile]:
    """Every profile, by name."""
    return list(db.session.scalars(select(Profile).order_by(Profile.name)))


def waiting(number_ids: Sequence[int]) -> dict[int, int]:
    """How many texts wait to leave from each of these numbers; those without any are missing."""
    states = [MessageState.QUEUED.value, MessageState.SENDING.value]
    query = (
        select(Message.number_id, func.count())
        .where(Message.state.in_(states), Message.number_id.in_(number_ids))
        .group_by(Message.number_id)
    )
    return {number_id: int(count) for number_id, count in db.session.execute(query)}


def last_used(phone: str, number_ids: Sequence[int]) -> int | None:
    """Which of these numbers a contact has their newest conversation with."""
    return db.session.scalar(
        select(Conversation.number_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Contact.phone == phone, Conversation.number_id.in_(number_ids))
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(1)
    )


def has_opted_out(phone: str, number_ids: Sequence[int]) -> bool:
    """Whether a contact said STOP to any of these numbers, or to all of ours."""
    query = (
        select(OptOut.id)
        .join(Contact, Contact.id == OptOut.contact_id)
        .where(
            Contact.phone == phone,
            or_(OptOut.number_id.in_(number_ids), OptOut.number_id.is_(None)),
        )
        .limit(1)
    )
    return db.session.scalar(query) is not None
