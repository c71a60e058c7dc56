"""What a segment costs from a number to a country, learned from what carriers billed."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.phones import region_of
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message

_LATEST = 200  # billed texts that are looked through
_ENDED = (Message.state == "accepted") & (Message.delivery >= 40)  # as ix_message_ended has it


@dataclass(frozen=True, slots=True)
class Price:
    """Of one segment, in millionths of the currency."""

    micros: int
    currency: str


def price_beside(conversation: Conversation) -> Price | None:
    """By the newest text without files that was billed for a phone of the same country; None as
    long as none was."""
    country = _country(conversation.contact.phone)
    if not country:
        return None
    query = (
        select(Contact.phone, Message)
        .select_from(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Message.number_id == conversation.number_id, Message.direction == "outbound", _ENDED)
        .order_by(Message.id.desc())
        .limit(_LATEST)
    )
    for phone, message in db.session.execute(query):
        if message.cost_micros is None or not message.cost_currency or message.billed_segments < 1:
            continue
        if message.attachments or _country(phone) != country:
            continue
        return Price(round(message.cost_micros / message.billed_segments), message.cost_currency)
    return None


@lru_cache(maxsize=8192)
def _country(phone: str) -> str:
    return region_of(phone) or ""
