"""Whom people block, and let in again."""

from flask import Blueprint
from markupsafe import Markup

from smsinbox.models.conversation import Conversation
from smsinbox.queries import messages as messages_query
from smsinbox.services import blocking
from smsinbox.web.access import answerable, viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("blocking", __name__)


@pages.post("/conversations/<int:conversation_id>/block")
def block(conversation_id: int) -> Markup:
    """Be disturbed by them no more; the bar that says so is the answer."""
    conversation = answerable(conversation_id)
    blocking.block(conversation.contact_id, by=viewer())
    return _bar(conversation)


@pages.post("/conversations/<int:conversation_id>/unblock")
def unblock(conversation_id: int) -> Markup:
    """Listen to them again."""
    conversation = answerable(conversation_id)
    blocking.unblock(conversation.contact_id, by=viewer())
    return _bar(conversation)


def _bar(conversation: Conversation) -> Markup:
    opt_out = messages_query.opted_out(conversation)
    return fragment("conversations/consent", conversation=conversation, opt_out=opt_out)
