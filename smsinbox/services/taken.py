"""A text of a program's as the carrier that we are for it knows it: for answers and callbacks."""

from pydantic import TypeAdapter

from smsinbox.dialects.base import Asked, Cost, OutboundText, Rank, Taken
from smsinbox.models.message import Message

_ASKED = TypeAdapter(Asked)


def written_down(dialect: str, asked: Asked) -> dict[str, object]:
    """What is kept with a message of what a program asked for (`Message.asked`)."""
    document: dict[str, object] = _ASKED.dump_python(asked, mode="json")
    return document | {"dialect": dialect}


def dialect_of(message: Message) -> str | None:
    """In whose language the program spoke; None when no program of a gateway wrote it."""
    return (message.asked or {}).get("dialect")


def taken_of(message: Message) -> Taken:
    """The text, how far it is, and all that was asked for with it."""
    text = OutboundText(
        message.conversation.number.phone, message.conversation.contact.phone, message.body
    )
    kept = {name: value for name, value in (message.asked or {}).items() if name != "dialect"}
    asked = _ASKED.validate_python(kept) if kept else Asked(text)
    cost = None
    if message.cost_micros is not None and message.cost_currency:
        cost = Cost(message.cost_micros, message.cost_currency)
    return Taken(
        carrier_id=str(message.id),
        asked=asked,
        at=message.created_at,
        encoding=message.encoding,
        segments=message.segments,
        rank=Rank(message.delivery) if message.delivery in set(Rank) else Rank.QUEUED,
        cost=cost,
    )
