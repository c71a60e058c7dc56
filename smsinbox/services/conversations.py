"""What people do with a conversation: take it, put it away, take it up, begin one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.core.events import emit
from smsinbox.core.i18n import _
from smsinbox.core.phones import Address, BadAddress, Kind, address, region_of
from smsinbox.core.text import clean
from smsinbox.models.api_key import ApiKey
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation, ConversationStatus
from smsinbox.models.events import (
    AutomationResumed,
    ConversationClosed,
    ConversationReopened,
    ConversationSettled,
    ConversationStarred,
    OfConversation,
)
from smsinbox.models.message import Message
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.services import activities, assigning, farewells, outbound, outbox
from smsinbox.services.manner import PLAIN, Manner
from smsinbox.services.sendable import RawFile

LONGEST_NOTE = 2000  # characters


@atomic
def assign(conversation_id: int, assignee_id: int | None, by: User, note: str = "") -> Conversation:
    """Give it to somebody who may answer here, or to nobody; the note stays in the thread."""
    conversation = outbox.lock(conversation_id)
    to = None if assignee_id is None else assigning.chosen(conversation, assignee_id)
    words = clean(note.strip())
    if len(words) > LONGEST_NOTE:
        raise Invalid(_("A note has at most %(most)s characters.", most=LONGEST_NOTE), "note")
    assigning.give(conversation, to, by, assigning.told(to, by), words)
    return conversation


@atomic
def close(conversation_id: int, by: User) -> Conversation:
    """Put it away until the contact writes again."""
    conversation = outbox.lock(conversation_id)
    if conversation.close():
        activities.write_down(conversation, "Closed it.", by)
        _changed(conversation, ConversationClosed)
    return conversation


@atomic
def reopen(conversation_id: int, by: User, waiting: datetime | None = None) -> Conversation:
    """Take it up again; with `waiting` as if it had never been closed: it waits since then."""
    conversation = outbox.lock(conversation_id)
    if conversation.reopen():
        activities.write_down(conversation, "Reopened it.", by)
        _changed(conversation, ConversationReopened)
    return conversation


@atomic
def settle(conversation_id: int, by: User) -> Conversation:
    """It needs no reply, somebody says."""
    conversation = outbox.lock(conversation_id)
    if conversation.settle():
        _changed(conversation, ConversationSettled)
    return conversation


@atomic
def unsettle(conversation_id: int, by: User) -> Conversation:
    """It does need a reply after all."""
    conversation = outbox.lock(conversation_id)
    if conversation.wait(clock.now()):
        _changed(conversation, ConversationSettled)
    return conversation


@atomic
def star(conversation_id: int, by: User, starred: bool = True) -> Conversation:
    """Mark it for everybody's eyes, or take the star away."""
    conversation = outbox.lock(conversation_id)
    if conversation.starred is not starred:
        conversation.starred = starred
        _changed(conversation, ConversationStarred)
    return conversation


@atomic
def resume_automation(conversation_id: int, by: User) -> Conversation:
    """Let rules answer there again; what was said before tells of no loop any more."""
    conversation = outbox.lock(conversation_id)
    if conversation.resume():
        activities.write_down(conversation, "Let rules answer again.", by)
        _changed(conversation, AutomationResumed)
    return conversation


@atomic
def start(
    number_id: int,
    phone: str,
    body: str,
    client_token: str | None,
    by: User | ApiKey,
    files: Sequence[RawFile] = (),
    manner: Manner = PLAIN,
) -> Message:
    """Write to a phone number, in the conversation that is there or a new one.

    `phone` may be written as people write it beside that number; raises Invalid when it is no
    person's number, and what `outbound.reply` raises.
    """
    number = db.session.get(Number, number_id)
    if number is None:
        raise NotFound
    outbound.checked(body, alone=not files)
    try:
        there = address(phone, region_of(number.phone))
    except BadAddress as error:
        raise Invalid(str(error), "phone") from None
    if there.kind is not Kind.PERSON:
        raise Invalid(_("Only a person's phone number can be texted."), "phone")
    if there.value == number.phone:
        raise Invalid(_("That is the number you would send from."), "phone")
    conversation = between(number, there)
    farewells.recall(conversation.contact)
    return outbound.reply(conversation.id, body, client_token, by, files, manner)


@atomic
def between(number: Number, there: Address) -> Conversation:
    """The conversation of that contact with that number; made when it is not there yet."""
    insert = (sqlite if is_sqlite() else postgresql).insert
    now = clock.now()
    db.session.execute(
        insert(Contact)
        .values(phone=there.value, kind=there.kind.value, name="", notes="", created_at=now)
        .on_conflict_do_nothing()
    )
    contact = db.session.scalars(select(Contact).where(Contact.phone == there.value)).one()
    db.session.execute(
        insert(Conversation)
        .values(
            number_id=number.id,
            contact_id=contact.id,
            status=ConversationStatus.OPEN.value,
            unanswered=0,
            received=0,
            starred=False,
            last_message_at=now,
            preview="",
            wants_out=False,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )
    return db.session.scalars(
        select(Conversation).where(
            Conversation.number_id == number.id, Conversation.contact_id == contact.id
        )
    ).one()


def _changed(conversation: Conversation, what: type[OfConversation]) -> None:
    db.session.flush()
    emit(what.of(conversation))
