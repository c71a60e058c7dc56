"""A reply leaves: written by a person or a program, kept first, sent by the outbox."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, Invalid, NotFound, OptedOut
from smsinbox.core.events import emit
from smsinbox.core.failpoints import failpoint
from smsinbox.core.i18n import _
from smsinbox.core.text import clean
from smsinbox.models.api_key import ApiKey
from smsinbox.models.conversation import Conversation
from smsinbox.models.draft import Mode
from smsinbox.models.events import (
    ConversationClosed,
    ConversationReopened,
    ConversationSettled,
    MessageQueued,
)
from smsinbox.models.message import Author, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.queries import saved_replies
from smsinbox.queries.messages import opted_out
from smsinbox.rules import fields
from smsinbox.services import (
    assigning,
    attachments,
    automation,
    drafts,
    held,
    misgivings,
    outbox,
    sendable,
    uploads,
    watching,
)
from smsinbox.services.client_tokens import checked_token
from smsinbox.services.manner import PLAIN, Manner
from smsinbox.services.sendable import RawFile

LONGEST = 1600  # characters
FURTHEST = timedelta(days=366)  # that a text may be scheduled ahead


@atomic
def reply(
    conversation_id: int,
    body: str,
    client_token: str | None,
    by: User | ApiKey,
    files: Sequence[RawFile] = (),
    manner: Manner = PLAIN,
) -> Message:
    """Queue a text for the contact, or schedule it; the same token again returns the first text.

    Raises Invalid for an empty or over-long text, for a merge field of a person's that says
    nothing, and for files that carriers do not take, OptedOut, Doubtful for what a person should
    look at again, and Conflict when the contact cannot be answered at all, or is blocked: what
    people shut out, they let in first. Programs may text them, as their codes and receipts are no
    talk; and what they write stands as it is.
    """
    conversation = outbox.lock(conversation_id)
    before = outbox.known(conversation, checked_token(client_token))
    if before is not None:
        return before
    brought = uploads.brought(conversation.id, manner.uploads, by)
    came = sendable.checked(files, conversation.number, brought)
    text = checked(body, alone=not brought and not came)
    check_reachable(conversation, by)
    _check_time(manner.at)
    text, overruled = _looked_over(text, conversation, by, manner)
    outgoing = _outgoing(conversation, text, by, manner)
    enclosed = attachments.enclose(brought, came)
    [queued] = outbox.queue([replace(outgoing, client_token=client_token, files=enclosed)])
    db.session.expire(conversation, ["preview", "last_message_at", "last_direction"])
    if isinstance(by, User):
        drafts.settle(conversation.id, by, Mode.TEXT, client_token, manner.drafts)
        misgivings.tell(conversation, overruled, by, queued.id)
        watching.sent(conversation, queued.id, text, by)
        _go_on(conversation, by, manner)
    failpoint("reply.before_commit")
    return db.session.get_one(Message, queued.id)


def _outgoing(
    conversation: Conversation, text: str, by: User | ApiKey, manner: Manner
) -> outbox.Outgoing:
    return outbox.Outgoing(
        conversation_id=conversation.id,
        number=conversation.number,
        body=text,
        writer=writer_of(by),
        at=manner.at,
        hold=timedelta(seconds=by.undo_seconds if isinstance(by, User) else 0),
        unless_texted=manner.unless_texted,
        patience=_patience(conversation.number, by),
    )


def _patience(number: Number, by: User | ApiKey) -> timedelta:
    return number.patience if isinstance(by, User) else outbox.PATIENCE


@atomic
def resend(message_id: int, by: User | ApiKey) -> Message:
    """Send a failed or uncertain text again because a person asked for it; the only way there is.
    However old it is: its patience begins anew.

    An uncertain text may have arrived: whoever presses the button accepts that it comes twice.
    """
    message = db.session.get(
        Message, message_id, populate_existing=True, with_for_update={"key_share": True}
    )
    if message is None:
        raise NotFound
    if not message.can_be_resent:
        raise Conflict(_("This text is on its way or has arrived; it cannot be sent again."))
    check_reachable(db.session.get_one(Conversation, message.conversation_id), by)
    watching.check(db.session.get_one(Number, message.number_id), message.body, by)
    now = clock.now()
    message.state = MessageState.QUEUED.value
    message.next_at = None if held.fetch_anew(message) else now
    number = db.session.get_one(Number, message.number_id)
    message.expires_at = now + _patience(number, by)
    message.fence = message.lease_until = None
    message.carrier_id = message.billed = None
    message.delivery = message.attempts = 0
    message.error_code = message.error_detail = message.error_raw = None
    db.session.flush()
    outbox.announce_queued([MessageQueued.of(message)])
    return message


def checked(body: str, *, alone: bool = True) -> str:
    """The text as it will be sent, which is not empty when it goes `alone`, without files; raises
    Invalid with words for the writer."""
    text = clean(body.replace("\r\n", "\n"))
    if alone and not text.strip():
        raise Invalid(_("Write something first: the text is empty."), "body")
    if len(text) > LONGEST:
        over = len(text) - LONGEST
        raise Invalid(
            _(
                "The text is %(over)s characters too long; %(longest)s are allowed.",
                over=over,
                longest=LONGEST,
            ),
            "body",
        )
    return text


def _looked_over(
    text: str, conversation: Conversation, by: User | ApiKey, manner: Manner
) -> tuple[str, list[str]]:
    """The words as they will leave, and the doubts that a person sends them in spite of. Nobody
    looks into what programs write."""
    if not isinstance(by, User):
        return text, []
    if not manner.literal:
        text = _filled_in(text, conversation, by, manner.at or clock.now())
    watching.check(conversation.number, text, by)
    if manner.literal or manner is PLAIN:
        return text, []
    return text, misgivings.check(conversation, text, by, manner)


def _filled_in(text: str, conversation: Conversation, by: User, at: datetime) -> str:
    if "{{" not in text:
        return text
    try:
        known = saved_replies.values(conversation, by, at)
        return checked(fields.filled_in(text, known))
    except ValueError as error:
        raise Invalid(str(error), "body") from None


def writer_of(by: User | ApiKey) -> outbox.Writer:
    """The name that the bubble will show."""
    if isinstance(by, User):
        return outbox.Writer(Author.USER, by.name, user_id=by.id)
    return outbox.Writer(Author.PROGRAM, by.name, api_key_id=by.id)


def check_reachable(conversation: Conversation, by: User | ApiKey) -> None:
    """Raises OptedOut, or Conflict for whom nobody can or should text."""
    if not conversation.contact.is_answerable:
        raise Conflict(_("This sender cannot be answered: it is a short code or a name."))
    if opted_out(conversation):
        raise OptedOut
    if isinstance(by, User) and conversation.contact.is_blocked:
        raise Conflict(_("This contact is blocked. Unblock them first, then text them."))


def _check_time(at: datetime | None) -> None:
    now = clock.now()
    if at is not None and not now < at < now + FURTHEST:
        raise Invalid(_("Choose a time to come, at most a year ahead."), "at")


def _go_on(conversation: Conversation, by: User, manner: Manner) -> None:
    """What a person's text does to its conversation; one that is scheduled, nothing yet."""
    if manner.at is None:
        automation.give_way(conversation)
        take_up(conversation, by)
    if manner.close and conversation.close():
        db.session.flush()
        emit(ConversationClosed.of(conversation))


def take_up(conversation: Conversation, by: User) -> None:
    """A person's reply opens a closed conversation, and nobody waits for one any more."""
    if conversation.reopen():
        emit(ConversationReopened.of(conversation))
    assigning.take_up(conversation, by)
    if conversation.settle():
        emit(ConversationSettled.of(conversation))
