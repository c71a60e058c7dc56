"""What people write down about a contact."""

from flask import Blueprint, request
from markupsafe import Markup

from smsinbox.core.errors import Forbidden, NotFound
from smsinbox.models.permission import Permission, can
from smsinbox.queries import conversations as conversations_query
from smsinbox.services import contacts
from smsinbox.web.access import viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("contacts", __name__)


@pages.post("/contacts/<int:contact_id>")
def edit(contact_id: int) -> Markup:
    """Change name and notes; for those who may answer one of the contact's conversations."""
    theirs = conversations_query.history(viewer(), contact_id)
    if not theirs:
        raise NotFound
    if not any(can(viewer(), Permission.ANSWER, row.number_id) for row in theirs):
        raise Forbidden("You can read here, but not change anything.")
    form = request.form
    contact = contacts.edit(contact_id, form.get("name", ""), form.get("notes", ""), by=viewer())
    history = conversations_query.history(viewer(), contact_id)
    return fragment("contacts/card", contact=contact, history=history)
