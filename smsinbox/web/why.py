"""Why a text was answered as it was."""

from flask import Blueprint
from markupsafe import Markup

from smsinbox.core.errors import NotFound
from smsinbox.models.permission import Permission, can
from smsinbox.queries import decisions
from smsinbox.queries import messages as messages_query
from smsinbox.web.access import viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("why", __name__)


@pages.get("/messages/<int:message_id>/why")
def show(message_id: int) -> Markup:
    """What was decided about it then, as it was written down."""
    message = messages_query.for_viewer(viewer(), message_id)
    if not message.is_inbound:
        raise NotFound
    found = decisions.why(message)
    may_edit = can(viewer(), Permission.ADMINISTER)
    rule_id = found.kept.rule_id if found.kept and may_edit else None
    return fragment("messages/why", why=found, rule_id=rule_id)
