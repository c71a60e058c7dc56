"""What people do with a conversation as a whole; the header is drawn anew."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from smsinbox.core.errors import Invalid
from smsinbox.models.conversation import Conversation
from smsinbox.queries import conversations as conversations_query
from smsinbox.services import conversations, read_markers
from smsinbox.web.access import answerable, row_id, viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("standing", __name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pages.post("/conversations/<int:conversation_id>/assign")
def assign(conversation_id: int) -> Markup:
    """Give it to a user, to `me`, or to nobody."""
    conversation, to = answerable(conversation_id), _assignee()
    before = conversation.assignee_id
    conversation = conversations.assign(conversation.id, to, by=viewer())
    if to == before:
        return _header(conversation)
    words = f"Assigned to {conversation.assignee.name}." if conversation.assignee else "Unassigned."
    return _header(conversation) + _undo(conversation, words, "assign", assignee_id=before or "")


@pages.post("/conversations/<int:conversation_id>/close")
def close(conversation_id: int) -> Markup:
    """Put it away until the contact writes again."""
    conversation = answerable(conversation_id)
    waited = conversation.waiting_since
    conversation = conversations.close(conversation.id, by=viewer())
    back = {} if waited is None else {"waiting": (waited - _EPOCH) // timedelta(microseconds=1)}
    return _header(conversation) + _undo(conversation, "Closed.", "reopen", **back)


@pages.post("/conversations/<int:conversation_id>/reopen")
def reopen(conversation_id: int) -> Markup:
    """Take it up again; to undo a close, `waiting` says since when it waited, in microseconds."""
    conversation, waited = answerable(conversation_id), request.form.get("waiting", type=row_id)
    waiting = None if waited is None else _EPOCH + timedelta(microseconds=waited)
    return _header(conversations.reopen(conversation.id, viewer(), waiting))


@pages.post("/conversations/<int:conversation_id>/settle")
def settle(conversation_id: int) -> Markup:
    """It needs no reply."""
    return _header(conversations.settle(answerable(conversation_id).id, by=viewer()))


@pages.post("/conversations/<int:conversation_id>/unsettle")
def unsettle(conversation_id: int) -> Markup:
    """It needs a reply after all."""
    return _header(conversations.unsettle(answerable(conversation_id).id, by=viewer()))


@pages.post("/conversations/<int:conversation_id>/star")
def star(conversation_id: int) -> Markup:
    """Set the star; `off` takes it away."""
    starred = "off" not in request.form
    return _header(conversations.star(answerable(conversation_id).id, viewer(), starred))


@pages.post("/conversations/<int:conversation_id>/unread")
def leave_unread(conversation_id: int) -> ResponseReturnValue:
    """The viewer will read it again: from the text `since` on, or the last one."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    read_markers.leave_unread(conversation.id, viewer(), request.form.get("since", type=row_id))
    return "", 204


@pages.post("/conversations/<int:conversation_id>/read")
def mark_read(conversation_id: int) -> ResponseReturnValue:
    """The viewer saw it on an open screen, as far as the text `upto`."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    read_markers.read(conversation.id, viewer(), request.form.get("upto", type=row_id))
    return "", 204


def _header(conversation: Conversation) -> Markup:
    return fragment("conversations/header", conversation=conversation)


def _undo(conversation: Conversation, words: str, verb: str, **values: object) -> Markup:
    path = f"/conversations/{conversation.id}/{verb}"
    return fragment("errors/undo", words=words, path=path, values=values)


def _assignee() -> int | None:
    chosen = request.form.get("assignee_id", "")
    if chosen in ("", "me"):
        return viewer().id if chosen else None
    try:
        return row_id(chosen)
    except ValueError:
        raise Invalid("Choose somebody from the list.", "assignee_id") from None
