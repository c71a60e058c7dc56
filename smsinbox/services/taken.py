"""A text of a program's as the carrier that we are for it knows it: for answers and callbacks."""

from dataclasses import replace

from pydantic import TypeAdapter

from smsinbox.dialects.base import Asked, OutboundText, Progress, Rank, Stage, Taken
from smsinbox.models.message import Message, MessageState
from smsinbox.queries import messages
from smsinbox.services import billing, media_links

_ASKED = TypeAdapter(Asked)
_STAGES = {
    MessageState.SCHEDULED: Stage.SCHEDULED,
    MessageState.QUEUED: Stage.QUEUED,
    MessageState.CANCELED: Stage.CANCELED,
    MessageState.FAILED: Stage.FAILED,
}


def written_down(dialect: str, asked: Asked) -> dict[str, object]:
    """What is kept with a message of what a program asked for (`Message.asked`)."""
    document: dict[str, object] = _ASKED.dump_python(asked, mode="json")
    return document | {"dialect": dialect}


def dialect_of(message: Message) -> str | None:
    """In whose language the program spoke; None when no program of a gateway wrote it."""
    return (message.asked or {}).get("dialect")


def taken_of(message: Message) -> Taken:
    """The text, how far it is, and all that was asked for with it."""
    ours, theirs = message.conversation.number.phone, message.conversation.contact.phone
    kept = {name: value for name, value in (message.asked or {}).items() if name != "dialect"}
    asked = _ASKED.validate_python(kept) if kept else Asked(OutboundText(ours, theirs, ""))
    text = replace(asked.text, sender=ours, recipient=theirs, body=message.body)
    return Taken(
        carrier_id=str(message.id),
        asked=replace(asked, text=text),
        at=message.created_at,
        encoding=message.encoding,
        segments=message.billed_segments,
        rank=Rank(message.delivery) if message.delivery in set(Rank) else Rank.QUEUED,
        cost=billing.cost_of(message),
        stage=_STAGES.get(MessageState(message.state), Stage.SENDING),
        media=media_links.told(message) if asked.text.media_urls or not kept else (),
        sent_at=messages.left_at(message),
    )


def progress_of(message: Message) -> Progress:
    """How far the text is, since when, and what went wrong with it if something did."""
    taken = taken_of(message)
    wrong = taken.stage is Stage.FAILED or taken.rank is Rank.UNDELIVERED
    return Progress(
        taken,
        taken.rank,
        messages.last_heard_of(message),
        code=(message.error_code or "") if wrong else "",
        detail=(message.error_detail or "") if wrong else "",
    )
