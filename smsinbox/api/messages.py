"""The texts of a conversation, for programs: read oldest first, and written."""

from flask import url_for
from flask.typing import ResponseReturnValue

from smsinbox.api import wire
from smsinbox.api.keys import caller, keyed
from smsinbox.queries import conversations, messages
from smsinbox.services import programs

pages = keyed("messages")

PAGE = 50
_PATH = "/conversations/<int:conversation_id>/messages"


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
    """Send a text: 201, or 200 with the first text when its token was used before."""
    new = wire.read(wire.NewMessage)
    written = programs.reply(conversation_id, new.body, new.client_token, by=caller())
    return wire.message(written.message), 201 if written.is_new else 200
