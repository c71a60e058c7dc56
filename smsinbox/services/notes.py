"""Words for colleagues, beside the texts of a conversation; no contact ever sees them."""

from sqlalchemy import select

from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _
from smsinbox.core.text import clean
from smsinbox.models.activity import Activity, ActivityKind
from smsinbox.models.conversation import Conversation
from smsinbox.models.draft import Mode
from smsinbox.models.user import User
from smsinbox.services import activities, drafts, mentions, outbox
from smsinbox.services.client_tokens import checked_token

LONGEST = 5000  # characters


@atomic
def write(
    conversation_id: int,
    body: str,
    client_token: str | None,
    by: User,
    draft_tokens: frozenset[str] = frozenset(),
) -> Activity:
    """Leave a note; the same token again returns the first one. Raises Invalid."""
    conversation, token = outbox.lock(conversation_id), checked_token(client_token)
    if (before := _known(conversation, token)) is not None:
        return before
    text = clean(body.replace("\r\n", "\n")).strip()
    if not text:
        raise Invalid(_("Write something first: the note is empty."), "body")
    if len(text) > LONGEST:
        over = len(text) - LONGEST
        raise Invalid(
            _(
                "The note is %(over)s characters too long; %(longest)s are allowed.",
                over=over,
                longest=LONGEST,
            ),
            "body",
        )
    note = activities.write_down(conversation, text, by, ActivityKind.NOTE)
    note.client_token = token
    drafts.settle(conversation.id, by, Mode.NOTE, token, draft_tokens)
    mentions.tell(conversation, text, by, note)
    return note


def tell(conversation: Conversation, words: str, by: User, about: int | None = None) -> None:
    """A line about what a person did, in the transaction around us; about that text."""
    activities.write_down(conversation, words, by).message_id = about


def _known(conversation: Conversation, token: str | None) -> Activity | None:
    if token is None:
        return None
    return db.session.scalar(
        select(Activity).where(
            Activity.conversation_id == conversation.id, Activity.client_token == token
        )
    )
