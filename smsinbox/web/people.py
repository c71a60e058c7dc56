"""Whole persons: two contacts made one and taken apart again, and one erased for good."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from smsinbox.core.i18n import _
from smsinbox.models.contact import Contact
from smsinbox.queries import contacts as contacts_query
from smsinbox.queries import merges as merges_query
from smsinbox.services import erasing, merging
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page, whole

pages = Blueprint("people", __name__)


@pages.get("/contacts/<int:contact_id>/merge")
def choose(contact_id: int) -> Response:
    """Find the other one."""
    return _choice(_changeable(contact_id), None)


@pages.post("/contacts/<int:contact_id>/merge")
def merge(contact_id: int) -> Response:
    """They are one person."""
    contact = _changeable(contact_id)
    try:
        other = contacts_query.for_viewer(viewer(), whole(request.form.get("other")) or 0)
        merging.merge(contact.leader_id, other.leader_id, viewer())
    except (Invalid, Conflict, Forbidden, NotFound) as problem:
        return _choice(contact, problem)
    words = _("They are one person now. You can undo that for 30 days, on this page.")
    return back(words, "contacts.show", contact_id=contact.id)


@pages.post("/contacts/<int:contact_id>/merges/<int:merge_id>/undo")
def undo(contact_id: int, merge_id: int) -> Response:
    """They are two after all."""
    contact = _changeable(contact_id)
    made = merges_query.found(merge_id)
    if made.into_id not in contacts_query.phones_of(contact):
        raise NotFound
    merging.undo(merge_id, viewer())
    return back(_("They are two contacts again."), "contacts.show", contact_id=contact.id)


@pages.get("/contacts/<int:contact_id>/erase")
@administrators
def ask(contact_id: int) -> Response:
    """What would be removed, and are you sure?"""
    return _question(contacts_query.for_viewer(viewer(), contact_id), None)


@pages.post("/contacts/<int:contact_id>/erase")
@administrators
def erase(contact_id: int) -> Response:
    """Gone for good, once the last digits of the phone were typed."""
    contact = contacts_query.for_viewer(viewer(), contact_id)
    typed = "".join(request.form.get("digits", "").split())
    form = Form("erase", {"digits": typed})
    if not contact.is_erased and typed != contact.phone[-4:]:
        words = _(
            "These are not the last four characters of this phone number. Nothing was erased."
        )
        return _question(contact, form.refused(Invalid(words, "digits")))
    try:
        removed = erasing.erase(contact.id, viewer())
    except Conflict as problem:
        return _question(contact, form.refused(problem))
    return back(_("Erased: %(what)s.", what=erasing.told(removed)), "contacts.listed")


def _choice(contact: Contact, problem: Problem | None) -> Response:
    search = request.values.get("search", "")
    form = Form("merge")
    return page(
        "contacts/merge.html",
        "contacts",
        form.refused(problem) if problem else form,
        contact=contact,
        search=search,
        found=contacts_query.candidates(viewer(), contact, search),
    )


def _question(contact: Contact, form: Form | None) -> Response:
    people = contacts_query.person(viewer(), contact)
    return page(
        "contacts/erase.html",
        "contacts",
        form,
        contact=contact,
        people=people,
        figures=erasing.told(erasing.figures([one.id for one in people])),
    )


def _changeable(contact_id: int) -> Contact:
    contact = contacts_query.for_viewer(viewer(), contact_id)
    if not contacts_query.may_change(viewer(), contact):
        raise Forbidden(_("You can read here, but not change anything."))
    return contact
