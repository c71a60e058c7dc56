"""Which time zone somebody means: their browser says so with every request of a page."""

from flask import Request

from smsinbox.core.whereabouts import is_zone
from smsinbox.models.conversation import Conversation

HEADER = "X-Zone"


def zone_of(request: Request, conversation: Conversation) -> str:
    """The browser's zone (IANA), else that of the conversation's number."""
    said = request.headers.get(HEADER, "")
    return said if is_zone(said) else conversation.number.zone
