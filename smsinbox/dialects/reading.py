"""Reading what carriers and programs post: JSON as it should be, and what is in it.

Strict about types, lenient about what is there beside: carriers add fields as they like.
"""

import json
import re
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from smsinbox.core.text import clean
from smsinbox.dialects.errors import Reason, Refusal, Unreadable

URL_LIMIT = 2000
_WEB_ADDRESS = re.compile(r"(?i:https?)://[\x21-\x7e]+")
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")

# Opaque, but it becomes a key of ours: one visible ASCII word of a bearable length.
CarrierId = Annotated[str, StringConstraints(pattern=r"\A[\x21-\x7e]{1,200}\z")]
Address = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=64, pattern=r"\A[^\x00-\x1f]*\z"
    ),
]


class Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


def places(error: ValidationError) -> Unreadable:
    """Where a document went wrong; the error itself would quote the text."""
    where = {".".join(map(str, each["loc"])) or "envelope" for each in error.errors()}
    return Unreadable(f"cannot read: {', '.join(sorted(where))}")


def short(value: object, limit: int) -> str | None:
    """A code or a reason as text, cut; None for what is neither a string nor a number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return clean(str(value))[:limit] or None


def parse(body: bytes) -> object:
    """JSON as its standard says and no deeper than 1024 levels; raises ValueError for all else.

    Half an emoji, escaped, is not UTF-8 and orjson says no; but it is somebody's text, so its
    broken half becomes U+FFFD and the rest is kept.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        if not _SURROGATE_ESCAPE.search(body):
            raise
    try:
        lenient = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        return orjson.loads(clean(json.dumps(lenient, ensure_ascii=False, allow_nan=False)))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def moment(value: object) -> datetime | None:
    """An ISO 8601 time as aware UTC, or None: a strange clock is no reason to lose a text."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.replace(tzinfo=parsed.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def host_of(url: str) -> str | None:
    """Where an http(s) address leads; None for what no request could be made to."""
    if len(url) > URL_LIMIT or not _WEB_ADDRESS.fullmatch(url):
        return None
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def asked_object(body: bytes) -> dict[str, object]:
    """The JSON object that a program sent us as a carrier; raises Refusal for anything else."""
    try:
        document = parse(body)
    except ValueError:
        raise Refusal(Reason.BAD_REQUEST, "The body is not JSON.") from None
    if not isinstance(document, dict):
        raise Refusal(Reason.BAD_REQUEST, "The body is not a JSON object.")
    return document
