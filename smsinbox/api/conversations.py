"""Conversations, for programs: newest first, one page after the other."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from smsinbox.api import wire
from smsinbox.api.keys import caller, keyed
from smsinbox.core.errors import Invalid
from smsinbox.queries import conversations
from smsinbox.queries.views import View

pages = keyed("conversations")

STATUSES = ("open", "closed")
_CURSOR = re.compile(r"[0-9]{1,18}-[0-9]{1,18}")


@pages.get("/conversations")
def index() -> ResponseReturnValue:
    """`status` (open or closed) and `number` (an id) narrow the list; `cursor` goes on."""
    status, number = request.args.get("status", ""), wire.whole("number")
    if status and status not in STATUSES:
        raise Invalid(f"status: one of {', '.join(STATUSES)}.", "status")
    cursor = request.args.get("cursor", "")
    if cursor and not _CURSOR.fullmatch(cursor):
        raise Invalid("cursor: not one of ours. Follow 'next' as it is.", "cursor")
    found = conversations.listed(caller(), View(status or "all", number), cursor or None)
    query = {"status": status, "number": number, "cursor": found.next}
    return wire.page([wire.conversation(row) for row in found.items], _next(query))


@pages.get("/conversations/<int:conversation_id>")
def show(conversation_id: int) -> ResponseReturnValue:
    """One conversation."""
    conversation = conversations.for_viewer(caller(), conversation_id)
    return wire.conversation(conversations.rows([conversation.id])[conversation.id])


def _next(query: Mapping[str, object]) -> str | None:
    if query["cursor"] is None:
        return None
    given = {name: value for name, value in query.items() if value not in ("", None)}
    return f"/api/v1/conversations?{urlencode(given)}"
