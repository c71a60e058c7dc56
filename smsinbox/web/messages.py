"""What people do with one text, and what they ask about it."""

from flask import Blueprint
from markupsafe import Markup

from smsinbox.core.config import settings
from smsinbox.models.permission import Permission, can
from smsinbox.queries import messages as messages_query
from smsinbox.services import outbound
from smsinbox.web import stories
from smsinbox.web.access import must_answer, viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("messages", __name__)


@pages.post("/messages/<int:message_id>/resend")
def resend(message_id: int) -> Markup:
    """Send a failed or uncertain text again, because somebody decided to."""
    message = messages_query.for_viewer(viewer(), message_id)
    must_answer(message.number_id)
    return fragment("messages/message", message=outbound.resend(message.id, by=viewer()))


@pages.get("/messages/<int:message_id>/menu")
def menu(message_id: int) -> Markup:
    """What the viewer can do with it."""
    message = messages_query.for_viewer(viewer(), message_id)
    return fragment(
        "messages/menu",
        message=message,
        address=settings().address,
        may_answer=can(viewer(), Permission.ANSWER, message.number_id),
    )


@pages.get("/messages/<int:message_id>/story")
def story(message_id: int) -> Markup:
    """What happened to a text of ours."""
    message = messages_query.for_viewer(viewer(), message_id)
    return fragment(
        "messages/story",
        message=message,
        steps=stories.of(message),
        may_answer=can(viewer(), Permission.ANSWER, message.number_id),
        is_admin=can(viewer(), Permission.ADMINISTER),
    )
