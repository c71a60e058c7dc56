"""What a composer shows around an empty or half-written text; personal."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.models.conversation import Conversation
from smsinbox.models.draft import Draft
from smsinbox.models.number import Number
from smsinbox.models.permission import Permission, can
from smsinbox.models.upload import Upload
from smsinbox.models.user import User
from smsinbox.queries import drafts, saved_replies, uploads
from smsinbox.queries.doubts import newest
from smsinbox.queries.prices import Price, price_beside
from smsinbox.queries.saved_replies import Offer
from smsinbox.queries.whereabouts import zone_beside


@dataclass(frozen=True, slots=True)
class Sender:
    """Another number to write to the contact from, and the id of the conversation there, if any."""

    number: Number
    conversation_id: int | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The viewer's drafts by mode and the files beside them, what a segment costs, the contact's
    clock, the id of the newest text, saved replies to tap, and where else they may write from."""

    drafts: dict[str, Draft]
    uploads: list[Upload]
    price: Price | None
    zone: str
    now: datetime
    seen: int
    buttons: list[Offer]
    senders: list[Sender]


def desk(conversation: Conversation, viewer: User) -> Desk:
    """For this conversation as it is now."""
    zone = zone_beside(conversation)
    return Desk(
        drafts.of(conversation.id, viewer),
        uploads.of(conversation.id, viewer),
        price_beside(conversation),
        zone,
        clock.now().astimezone(ZoneInfo(zone)),
        newest(conversation.id),
        saved_replies.buttons(conversation, viewer),
        _senders(conversation, viewer),
    )


def _senders(beside: Conversation, viewer: User) -> list[Sender]:
    """By name; only numbers that the viewer may answer on."""
    theirs = and_(Conversation.number_id == Number.id, Conversation.contact_id == beside.contact_id)
    query = select(Number, Conversation.id).outerjoin(Conversation, theirs)
    others = query.where(Number.id != beside.number_id).order_by(Number.name, Number.id)
    return [
        Sender(number, there)
        for number, there in db.session.execute(others)
        if can(viewer, Permission.ANSWER, number.id)
    ]
