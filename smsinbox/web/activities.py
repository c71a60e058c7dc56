"""What people do with the lines of a thread: ghosts of rules in shadow, and paused automation."""

from flask import Blueprint
from markupsafe import Markup

from smsinbox.queries import activities
from smsinbox.queries import conversations as conversations_query
from smsinbox.services import conversations, ghosts
from smsinbox.web.access import must_answer, viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("activities", __name__)


@pages.post("/activities/<int:activity_id>/send")
def send(activity_id: int) -> Markup:
    """Send what the rule would have sent."""
    _must_answer(activity_id)
    return _line(ghosts.send(activity_id, by=viewer()).id)


@pages.post("/activities/<int:activity_id>/refuse")
def refuse(activity_id: int) -> Markup:
    """No: it would have been wrong."""
    _must_answer(activity_id)
    return _line(ghosts.refuse(activity_id, by=viewer()).id)


@pages.post("/conversations/<int:conversation_id>/resume")
def resume(conversation_id: int) -> Markup:
    """Let rules answer in this conversation again."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    must_answer(conversation.number_id)
    conversation = conversations.resume_automation(conversation_id, by=viewer())
    return fragment("conversations/paused", conversation=conversation)


def _must_answer(activity_id: int) -> None:
    activity = activities.for_viewer(viewer(), activity_id)
    conversation = conversations_query.for_viewer(viewer(), activity.conversation_id)
    must_answer(conversation.number_id)


def _line(activity_id: int) -> Markup:
    return fragment("conversations/line", line=activities.line(activity_id))
