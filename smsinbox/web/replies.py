"""Replies: what agents write to a contact."""

from flask import Blueprint, request
from markupsafe import Markup

from smsinbox.core.failpoints import failpoint
from smsinbox.services import outbound
from smsinbox.web.access import answerable, viewer
from smsinbox.web.fragments import fragment
from smsinbox.web.nudges import nudge
from smsinbox.web.uploads import allow_files, uploads_in

pages = Blueprint("replies", __name__)
pages.url_value_preprocessor(allow_files)


@pages.post("/conversations/<int:conversation_id>/reply")
def reply(conversation_id: int) -> Markup:
    """Write to the contact, files with it; the bubble is the answer. The same client token, the
    same bubble."""
    conversation, form = answerable(conversation_id), request.form
    message = outbound.reply(
        conversation.id,
        form.get("body", ""),
        form.get("client_token") or None,
        by=viewer(),
        files=uploads_in(request),
    )
    failpoint("reply.after_commit")
    return fragment("messages/message", message=message) + nudge(message)
