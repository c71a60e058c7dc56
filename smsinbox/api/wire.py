"""The JSON of /api/v1: what comes in is checked here, what goes out is shaped here."""

import re
from datetime import datetime
from typing import Annotated, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from smsinbox.core.errors import Invalid
from smsinbox.models.attachment import Attachment
from smsinbox.models.message import Delivery, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.queries.conversation_rows import ConversationRow
from smsinbox.services import media_links
from smsinbox.services.sendable import RawFile

Json = dict[str, object]
M = TypeVar("M", bound=BaseModel)

FILES = "files"
FORM = "multipart/form-data"
_UNSENT = (MessageState.FAILED, MessageState.CANCELED, MessageState.UNCERTAIN)

# It becomes a key of ours: a UUID or any other word of visible ASCII.
ClientToken = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"\A[\x21-\x7e]*\z")
]
_TOKEN = re.compile(r"[\x21-\x7e]{1,64}")


class NewMessage(BaseModel):
    """A text to send. With a `client_token`, the same request again sends nothing twice. Without
    words it needs files, which come beside it in a form."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    body: str
    client_token: ClientToken | None = None


def read(model: type[M]) -> M:
    """The body of this request; raises 415, 400 for what is not JSON and 422 for what does not fit.

    A field that we do not know is refused: a misspelt `client_token` would send twice.
    """
    try:
        if request.mimetype == FORM:
            return model.model_validate(_fields())
        if not request.is_json:
            raise UnsupportedMediaType(
                "Send JSON, with Content-Type: application/json, or a multipart form with files."
            )
        return model.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
    if problems[0]["type"] == "json_invalid":
        raise BadRequest("The body is not JSON.")
    first = problems[0]
    where = ".".join(str(step) for step in first["loc"])[:80]
    raise Invalid(f"{where or 'body'}: {first['msg']}", where or None)


def token_of(new: NewMessage) -> str | None:
    """By what the same request is known: its `client_token`, or an Idempotency-Key in its place."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return new.client_token
    if new.client_token not in (None, key):
        raise Invalid("client_token and Idempotency-Key differ; send one of them.", "client_token")
    if not _TOKEN.fullmatch(key):
        raise Invalid("An Idempotency-Key has 1 to 64 visible ASCII characters here.")
    return key


def files() -> list[RawFile]:
    """The files of a form, in their order; raises Invalid for files under another name."""
    if request.files.keys() - {FILES}:
        raise Invalid(f"{FILES}: every file of a form goes by this name.", FILES)
    uploads = []
    for file in request.files.getlist(FILES):
        with file.stream as stream:
            uploads.append(RawFile(file.filename or "", stream.read()))
    return uploads


def _fields() -> dict[str, object]:
    """A form's fields; raises Invalid for one that comes twice."""
    for name, values in request.form.lists():
        if len(values) > 1:
            raise Invalid(f"{name[:80]}: comes more than once.", name)
    return {"body": "", **request.form.to_dict()}


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
        "unanswered": of.unanswered,
        "waiting_since": None if of.waiting_since is None else _instant(of.waiting_since),
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
        "segments": of.billed_segments,
        "error": _error(of),
        "files": [_file(one) for one in of.attachments],
    }


def _file(of: Attachment) -> Json:
    """`url` is there once the file is, works without a key, and for a day."""
    return {
        "name": of.title,
        "content_type": of.content_type,
        "size": of.size,
        "sha256": of.sha256,
        "state": of.state,
        "url": media_links.link(of) if of.is_stored else None,
        "error": of.error,
    }


def _error(of: Message) -> Json | None:
    """Why it did not arrive; None while it still may."""
    if of.state not in _UNSENT and of.delivery != Delivery.UNDELIVERED:
        return None
    return {"code": of.error_code, "detail": of.error_detail}


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
