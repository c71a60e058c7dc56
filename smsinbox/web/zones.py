"""Which time zone somebody means: their pages leave it in a cookie."""

from flask import Request

from smsinbox.core.whereabouts import is_zone
from smsinbox.models.conversation import Conversation

COOKIE = "zone"


def zone_of(request: Request, conversation: Conversation) -> str:
    """The browser's zone (IANA), else that of the conversation's number."""
    said = request.cookies.get(COOKIE, "")
    return said if is_zone(said) else conversation.number.zone
