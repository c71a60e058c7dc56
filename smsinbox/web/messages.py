"""What people do with one text."""

from flask import Blueprint
from markupsafe import Markup

from smsinbox.queries import messages as messages_query
from smsinbox.services import outbound
from smsinbox.web.access import must_answer, viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("messages", __name__)


@pages.post("/messages/<int:message_id>/resend")
def resend(message_id: int) -> Markup:
    """Send a failed or uncertain text again, because somebody decided to."""
    message = messages_query.for_viewer(viewer(), message_id)
    must_answer(message.number_id)
    return fragment("messages/message", message=outbound.resend(message.id, by=viewer()))
