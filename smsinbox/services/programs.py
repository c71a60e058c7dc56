"""What programs ask for: who they are by their key, and texts of theirs in a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from smsinbox.core.database import atomic
from smsinbox.models.api_key import ApiKey
from smsinbox.models.message import Message
from smsinbox.queries import content_rules
from smsinbox.services import outbound, outbox, quotas
from smsinbox.services.compliance import Scan
from smsinbox.services.sendable import RawFile


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
    files: Sequence[RawFile] = (),
) -> Written:
    """`outbound.reply`, exact about repetition even when two requests come at once.

    Raises Refusal, too: for words that programs may not send, and beyond the limits of the key. A
    repetition is no text more.
    """
    quota = quotas.quota_of(by)
    # The key is held before the conversation, as in a batch of the gateway's.
    ledger = quotas.Ledger([quota] if quota else [])
    conversation = outbox.lock(conversation_id)
    before = outbox.known(conversation, client_token)
    if before is not None:
        return Written(before, False)
    Scan(content_rules.for_programs()).look(body)
    if quota:
        ledger.take(quota)
    message = outbound.reply(conversation_id, body, client_token, by, files)
    ledger.close()
    return Written(message, True)
