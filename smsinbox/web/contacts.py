"""What people write down about a contact, and whom they block."""

from flask import Blueprint, request
from markupsafe import Markup

from smsinbox.core.errors import Forbidden, NotFound
from smsinbox.models.conversation import Conversation
from smsinbox.models.permission import Permission, can
from smsinbox.queries import conversations as conversations_query
from smsinbox.queries import messages as messages_query
from smsinbox.services import contacts
from smsinbox.web.access import must_answer, viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("contacts", __name__)


@pages.post("/contacts/<int:contact_id>")
def edit(contact_id: int) -> Markup:
    """Change name and notes; for those who may answer one of the contact's conversations."""
    theirs = conversations_query.history(viewer(), contact_id)
    if not theirs:
        raise NotFound
    if not any(can(viewer(), Permission.ANSWER, row.number_id) for row in theirs):
        raise Forbidden("You can read here, but not change anything.")
    form = request.form
    contact = contacts.edit(contact_id, form.get("name", ""), form.get("notes", ""), by=viewer())
    history = conversations_query.history(viewer(), contact_id)
    return fragment("contacts/card", contact=contact, history=history)


@pages.post("/conversations/<int:conversation_id>/block")
def block(conversation_id: int) -> Markup:
    """Be disturbed by them no more; the bar that says so is the answer."""
    conversation = _answerable(conversation_id)
    contacts.block(conversation.contact_id, by=viewer())
    return _bar(conversation)


@pages.post("/conversations/<int:conversation_id>/unblock")
def unblock(conversation_id: int) -> Markup:
    """Listen to them again."""
    conversation = _answerable(conversation_id)
    contacts.unblock(conversation.contact_id, by=viewer())
    return _bar(conversation)


def _answerable(conversation_id: int) -> Conversation:
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    must_answer(conversation.number_id)
    return conversation


def _bar(conversation: Conversation) -> Markup:
    opt_out = messages_query.opted_out(conversation)
    return fragment("conversations/consent", conversation=conversation, opt_out=opt_out)
