"""Which time zone somebody means: the one they chose, else their pages leave it in a cookie."""

from smsinbox.core.i18n import style
from smsinbox.models.conversation import Conversation

COOKIE = "zone"


def zone_of(conversation: Conversation) -> str:
    """The viewer's zone (IANA), else that of the conversation's number."""
    return style().zone or conversation.number.zone
