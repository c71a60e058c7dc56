"""The addresses under which carriers fetch the files that we send, and programs those of texts:
signed, and good for a day."""

from functools import lru_cache

from itsdangerous import BadSignature, URLSafeTimedSerializer

from smsinbox.core import kinds
from smsinbox.core.config import Settings, settings
from smsinbox.dialects.base import Media
from smsinbox.models.attachment import Attachment
from smsinbox.models.message import Message

GOOD_FOR = 24 * 60 * 60  # seconds


def of(message: Message) -> tuple[str, ...]:
    """Where a carrier finds the files of a text of ours."""
    return tuple(link(one) for one in message.attachments if one.is_stored)


def told(message: Message) -> tuple[Media, ...]:
    """The files of a text as programs are told of them: by the address that they gave themselves,
    else by one of ours, which works as soon as the file is here."""
    return tuple(_told(one, message.is_inbound) for one in message.attachments)


def _told(one: Attachment, is_inbound: bool) -> Media:
    """A carrier says what it has; what a program's own file is, nobody knows before it is here."""
    url = link(one) if is_inbound else one.source_url or link(one)
    kind = one.content_type if is_inbound or one.is_stored else ""
    return Media(url, kind, one.size, one.sha256 or "")


def link(attachment: Attachment) -> str:
    """A fresh address for a stored file; its ending tells the type, which some carriers go by."""
    token = _serializer(settings()).dumps(attachment.id)
    name = f"{attachment.shape}{kinds.ending(attachment.content_type)}"
    return f"{settings().address}/media/out/{token}/{name}"


def attachment_of(token: str) -> int | None:
    """The file that an address of ours names; None for a forged or an old one."""
    try:
        found = _serializer(settings()).loads(token, max_age=GOOD_FOR)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


@lru_cache(maxsize=4)
def _serializer(of: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(of.secret(), salt="media")
