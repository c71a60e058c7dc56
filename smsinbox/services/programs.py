"""What programs ask for: who they are by their key, and texts of theirs in a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from smsinbox.core.database import atomic
from smsinbox.models.api_key import ApiKey
from smsinbox.models.message import Message
from smsinbox.services import outbound, outbox
from smsinbox.services.uploads import Upload


@dataclass(frozen=True, slots=True)
class Written:
    """A text, and whether this request wrote it or one before with the same token."""

    message: Message
    is_new: bool


@atomic
def reply(
    conversation_id: int,
    body: str,
    client_token: str | None,
    by: ApiKey,
    files: Sequence[Upload] = (),
) -> Written:
    """`outbound.reply`, exact about repetition even when two requests come at once."""
    conversation = outbox.lock(conversation_id)
    before = outbox.known(conversation, client_token)
    message = before or outbound.reply(conversation_id, body, client_token, by, files)
    return Written(message, before is None)
