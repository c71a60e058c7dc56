"""What a composer shows around an empty or half-written text; personal."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from smsinbox.core import clock
from smsinbox.models.conversation import Conversation
from smsinbox.models.draft import Draft
from smsinbox.models.upload import Upload
from smsinbox.models.user import User
from smsinbox.queries import drafts, saved_replies, uploads
from smsinbox.queries.doubts import newest
from smsinbox.queries.prices import Price, price_beside
from smsinbox.queries.saved_replies import Offer
from smsinbox.queries.whereabouts import zone_beside


@dataclass(frozen=True, slots=True)
class Desk:
    """The viewer's drafts by mode and the files beside them, what a segment costs, the contact's
    clock, the id of the newest text, and saved replies to tap."""

    drafts: dict[str, Draft]
    uploads: list[Upload]
    price: Price | None
    zone: str
    now: datetime
    seen: int
    buttons: list[Offer]


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
    )
