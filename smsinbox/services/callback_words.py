"""What programs are told: how far a text has got, and what a post says of the rows as they are."""

from smsinbox.core.database import db
from smsinbox.core.words import consent_word
from smsinbox.dialects.base import (
    Announcement,
    ConsentChange,
    End,
    Happening,
    InboundText,
    Progress,
    Rank,
    RuleFired,
)
from smsinbox.models.callback import CallbackPost
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Delivery, Message, MessageState
from smsinbox.queries import decisions
from smsinbox.services import media_links
from smsinbox.services.schedules import TAKEN_BACK
from smsinbox.services.taken import taken_of

RANKS = {
    Happening.SENT: Rank.SENT,
    Happening.UNCONFIRMED: Rank.UNCONFIRMED,
    Happening.FAILED: Rank.UNDELIVERED,
    Happening.DELIVERED: Rank.DELIVERED,
}
_ENDS = {
    Delivery.UNCONFIRMED: Happening.UNCONFIRMED,
    Delivery.UNDELIVERED: Happening.FAILED,
    Delivery.DELIVERED: Happening.DELIVERED,
}


def reached(message: Message) -> list[Happening]:
    """How far a text of a program's has got, in the order in which it got there.

    What our carrier took is sent: some never tell more. What may or may not have left is as
    unconfirmed as what nobody reports about; a receipt may settle either later. A text that its
    program took back is no news to it.
    """
    match message.state:
        case MessageState.ACCEPTED:
            end = _ENDS.get(Delivery(message.delivery))
            return [Happening.SENT, end] if end else [Happening.SENT]
        case MessageState.UNCERTAIN:
            return [Happening.UNCONFIRMED]
        case MessageState.FAILED:
            return [Happening.FAILED]
        case MessageState.CANCELED if message.error_code not in (None, TAKEN_BACK):
            return [Happening.FAILED]
        case _:
            return []


def told(post: CallbackPost) -> Announcement:
    """What the post tells, of the rows as they are now."""
    happening = Happening(post.happening)
    conversation = db.session.get_one(Conversation, post.conversation_id)
    ours, theirs = conversation.number.phone, conversation.contact.phone
    if post.message_id is None:
        opted_out = happening is Happening.OPTED_OUT
        return ConsentChange(theirs, ours, opted_out, post.created_at, post.event_id)
    message = db.session.get_one(Message, post.message_id, populate_existing=True)
    if happening is Happening.RULE:
        return _fired(post, conversation)
    if happening is Happening.RECEIVED:
        at = message.occurred_at or message.created_at
        return InboundText(
            str(message.id),
            theirs,
            ours,
            message.body,
            at,
            media=media_links.told(message),
            answered=_answered(message),
        )
    taken = taken_of(message)
    is_failure = happening in (Happening.FAILED, Happening.UNCONFIRMED)
    code, detail = (message.error_code, message.error_detail) if is_failure else (None, None)
    return Progress(taken, RANKS[happening], post.created_at, code or "", detail or "")


def _fired(post: CallbackPost, conversation: Conversation) -> RuleFired:
    contact, number = conversation.contact, conversation.number
    return RuleFired(
        rule_id=post.rule_id or 0,
        rule_name=decisions.calling(post.message_id or 0).get(post.rule_id or 0, ""),
        conversation_id=conversation.id,
        text_id=post.message_id or 0,
        contact=End(contact.id, contact.phone, contact.name),
        number=End(number.id, number.phone, number.name),
        at=post.created_at,
    )


def _answered(message: Message) -> str:
    """The consent word that we answered as the carrier does, if the text is one."""
    word = consent_word(message.body)
    return word.value.upper() if word else ""
