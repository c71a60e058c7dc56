"""What speaks against sending a text just now (services/misgivings.py)."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from smsinbox.core.database import db
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Author, Direction, Message, MessageState
from smsinbox.models.user import User
from smsinbox.queries.granted import granted
from smsinbox.rules.mixups import Person

_MISSED = 20
_RECENT = 60  # conversations that somebody may have open beside this one
_SAID = 100  # texts of the thread that are looked through
_STANDS = Message.state != MessageState.CANCELED.value


def missed(conversation_id: int, seen: int, user_id: int) -> list[int]:
    """Texts of the contact or a colleague after that one, oldest first."""
    theirs = Message.direction == Direction.INBOUND.value
    colleague: ColumnElement[bool] = (Message.author == Author.USER.value) & (
        Message.user_id != user_id
    )
    query = select(Message.id).where(
        Message.conversation_id == conversation_id, Message.id > seen, or_(theirs, colleague)
    )
    return list(db.session.scalars(query.where(_STANDS).order_by(Message.id).limit(_MISSED)))


def newest(conversation_id: int) -> int:
    """The id of its last text; 0 for none."""
    query = select(func.max(Message.id)).where(Message.conversation_id == conversation_id)
    return db.session.scalar(query) or 0


def is_begun(conversation_id: int) -> bool:
    """Whether anybody, the contact or one of us, has said anything there."""
    query = select(Message.id).where(Message.conversation_id == conversation_id, _STANDS)
    return db.session.scalar(query.limit(1)) is not None


def was_said(contact_id: int, body: str, user_id: int, since: datetime) -> bool:
    """Whether this user sent the contact this very text since then, from any number of ours."""
    theirs = select(Conversation.id).where(Conversation.contact_id == contact_id)
    query = select(Message.id).where(
        Message.conversation_id.in_(theirs),
        Message.created_at > since,
        Message.user_id == user_id,
        Message.author == Author.USER.value,
        Message.body == body,
        Message.body != "",
    )
    return db.session.scalar(query.where(_STANDS).limit(1)) is not None


def recent_contacts(viewer: User, beside: Conversation) -> list[Person]:
    """Who else was texted with lately where the viewer may look; not the person of `beside`."""
    leader = func.coalesce(Contact.person_id, Contact.id)
    query = (
        select(Contact.name, Contact.phone)
        .join(Conversation, Conversation.contact_id == Contact.id)
        .where(granted(viewer), leader != beside.contact.leader_id)
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
    )
    return [Person(*row) for row in db.session.execute(query.limit(_RECENT))]


def said(conversation_id: int) -> list[str]:
    """The bodies of its latest texts."""
    query = select(Message.body).where(Message.conversation_id == conversation_id, _STANDS)
    return list(db.session.scalars(query.order_by(Message.id.desc()).limit(_SAID)))
