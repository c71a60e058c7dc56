"""The JSON of /api/v1: what comes in is checked here, what goes out is shaped here."""

from datetime import datetime
from typing import Annotated, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from smsinbox.core.errors import Invalid
from smsinbox.models.message import Delivery, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.queries.conversations import ConversationRow

Json = dict[str, object]
M = TypeVar("M", bound=BaseModel)

_UNSENT = (MessageState.FAILED, MessageState.CANCELED, MessageState.UNCERTAIN)

# It becomes a key of ours: a UUID or any other word of visible ASCII.
ClientToken = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"\A[\x21-\x7e]*\z")
]


class NewMessage(BaseModel):
    """A text to send. With a `client_token`, the same request again sends nothing twice."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    body: str
    client_token: ClientToken | None = None


def read(model: type[M]) -> M:
    """The body of this request; raises 415, 400 for what is not JSON and 422 for what does not fit.

    A field that we do not know is refused: a misspelt `client_token` would send twice.
    """
    if not request.is_json:
        raise UnsupportedMediaType("Send JSON, with Content-Type: application/json.")
    try:
        return model.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
    if problems[0]["type"] == "json_invalid":
        raise BadRequest("The body is not JSON.")
    first = problems[0]
    where = ".".join(str(step) for step in first["loc"])[:80]
    raise Invalid(f"{where or 'body'}: {first['msg']}", where or None)


def whole(name: str) -> int | None:
    """An id in the query, None when it is absent; raises Invalid for anything else."""
    plain = request.args.get(name, "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) < 19):
        raise Invalid(f"{name}: not an id.", name)
    return int(plain)


def page(items: list[Json], following: str | None) -> Json:
    """A list; `following` is the path of the next page."""
    return {"items": items, "next": following}


def number(of: Number) -> Json:
    return {"id": of.id, "phone": of.phone, "name": of.name}


def conversation(of: ConversationRow) -> Json:
    return {
        "id": of.id,
        "number": {"id": of.number_id, "phone": of.number_phone, "name": of.number_name},
        "contact": {"id": of.contact_id, "phone": of.contact_phone, "name": of.contact_name},
        "status": of.status,
        "unread": of.unread,
        "last_message_at": _instant(of.last_message_at),
    }


def message(of: Message) -> Json:
    return {
        "id": of.id,
        "direction": of.direction,
        "body": of.body,
        "state": of.state,
        "delivery": Delivery(of.delivery).name.lower(),
        "created_at": _instant(of.created_at),
        "segments": of.segments,
        "error": _error(of),
    }


def _error(of: Message) -> Json | None:
    """Why it did not arrive; None while it still may."""
    if of.state not in _UNSENT and of.delivery != Delivery.UNDELIVERED:
        return None
    return {"code": of.error_code, "detail": of.error_detail}


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
