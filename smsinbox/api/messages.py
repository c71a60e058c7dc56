"""The texts of a conversation, for programs: read oldest first, and written."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from smsinbox.api import wire
from smsinbox.api.keys import caller, keyed
from smsinbox.queries import conversations, messages
from smsinbox.services import programs

pages = keyed("messages")

PAGE = 50
LARGEST = 4 * 1024 * 1024  # bytes: enough to say which of the files is too large
_PATH = "/conversations/<int:conversation_id>/messages"


@pages.url_value_preprocessor
def _allow_files(endpoint: str | None, _values: object) -> None:
    """No later place will do: a form is read before any view is called."""
    if endpoint == "api_messages.write" and request.mimetype == wire.FORM:
        request.max_content_length = LARGEST


@pages.get(_PATH)
def index(conversation_id: int) -> ResponseReturnValue:
    """Its texts; `cursor` goes on after the page before."""
    conversation = conversations.for_viewer(caller(), conversation_id)
    found = messages.following(conversation.id, wire.whole("cursor") or 0, PAGE + 1)
    shown = found[:PAGE]
    following = None
    if len(found) > PAGE:
        following = url_for(".index", conversation_id=conversation.id, cursor=shown[-1].id)
    return wire.page([wire.message(one) for one in shown], following)


@pages.post(_PATH)
def write(conversation_id: int) -> ResponseReturnValue:
    """Send a text, files with it when it comes as a form: 201, or 200 with the first text when its
    token was used before; 422 for words that programs may not send, 429 with Retry-After beyond the
    limits of the key."""
    new = wire.read(wire.NewMessage)
    written = programs.reply(
        conversation_id, new.body, wire.token_of(new), by=caller(), files=wire.files()
    )
    return wire.message(written.message), 201 if written.is_new else 200
