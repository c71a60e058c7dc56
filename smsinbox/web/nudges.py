"""A word to somebody who has just answered a conversation that nobody has."""

from markupsafe import Markup

from smsinbox.models.message import Message
from smsinbox.web.fragments import fragment, partial


def nudge(message: Message) -> Markup:
    """A toast that offers to take it; nothing when somebody has it."""
    if message.conversation.assignee_id is not None:
        return Markup()
    toast = fragment("conversations/nudge", conversation_id=message.conversation_id)
    return partial("#nudges", "innerHTML", toast)
