"""Contacts: the list, one of them with everything between us, and what people write down."""

from flask import Blueprint, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from smsinbox.core import whereabouts
from smsinbox.core.errors import Forbidden
from smsinbox.core.i18n import _
from smsinbox.models.contact import Contact
from smsinbox.models.permission import Permission, can
from smsinbox.queries import attributes as attributes_query
from smsinbox.queries import contacts as contacts_query
from smsinbox.queries import conversations as conversations_query
from smsinbox.queries import merges as merges_query
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries import timeline as timeline_query
from smsinbox.services import contact_tags, contacts
from smsinbox.services.contacts import Details
from smsinbox.web.access import viewer
from smsinbox.web.fragments import fragment
from smsinbox.web.opt_outs import SOURCES
from smsinbox.web.setup import page, whole

pages = Blueprint("contacts", __name__)
pages.app_template_global("local_time")(whereabouts.local_time)
pages.app_template_filter("area")(whereabouts.area)


@pages.app_template_global()
def contact_tags_of(contact_ids: list[int]) -> list[object]:
    """The tags that any of these wears, by name."""
    worn = contacts_query.tags_of(contact_ids)
    by_name = {tag.name: tag for tags in worn.values() for tag in tags}
    return [by_name[name] for name in sorted(by_name)]


@pages.get("/contacts")
def listed() -> Response:
    """By name; ?search=, ?tag= and ?number= find some, ?after= goes on."""
    asked = request.args
    search, tag = asked.get("search", ""), asked.get("tag", "")
    number_id = whole(asked.get("number"))
    return page(
        "contacts/list.html",
        "contacts",
        found=contacts_query.listed(viewer(), search, tag, number_id, asked.get("after", "")),
        search=search,
        tag=tag,
        number_id=number_id,
        tags=contacts_query.all_tags(),
        numbers=numbers_query.granted(viewer()),
        is_admin=can(viewer(), Permission.ADMINISTER),
    )


@pages.get("/contacts/<int:contact_id>")
def show(contact_id: int) -> Response:
    """One person: everything between us, and all that is known."""
    contact = contacts_query.for_viewer(viewer(), contact_id)
    people = contacts_query.person(viewer(), contact)
    return page(
        "contacts/page.html",
        "contacts",
        contact=contact,
        people=people,
        moments=timeline_query.page(viewer(), people, request.args.get("before")),
        sources=SOURCES,
        attributes=attributes_query.all_attributes(),
        all_tags=contacts_query.all_tags(),
        zones=sorted(whereabouts.known_zones()),
        merges=merges_query.standing(people),
        may_change=contacts_query.may_change(viewer(), contact),
        is_admin=can(viewer(), Permission.ADMINISTER),
        conversations=conversations_query.history(viewer(), contact.id),
    )


@pages.get("/contacts/<int:contact_id>/timeline")
def timeline(contact_id: int) -> Markup:
    """What was before the place `before`."""
    contact = contacts_query.for_viewer(viewer(), contact_id)
    people = contacts_query.person(viewer(), contact)
    moments = timeline_query.page(viewer(), people, request.args.get("before"))
    return fragment("contacts/moments", contact=contact, moments=moments, sources=SOURCES)


@pages.post("/contacts/<int:contact_id>")
def edit(contact_id: int) -> Markup:
    """Change name and notes; for those who may answer one of the contact's conversations."""
    _changeable(contact_id)
    form = request.form
    contact = contacts.edit(contact_id, form.get("name", ""), form.get("notes", ""), by=viewer())
    history = conversations_query.history(viewer(), contact_id)
    return fragment("contacts/card", contact=contact, history=history, may_change=True)


@pages.post("/contacts/<int:contact_id>/details")
def describe(contact_id: int) -> Markup:
    """Change whatever the form names."""
    _changeable(contact_id)
    form = request.form
    keys = [attribute.key for attribute in attributes_query.all_attributes()]
    said = {key: form[f"attr-{key}"] for key in keys if f"attr-{key}" in form}
    details = Details(
        name=form.get("name"),
        notes=form.get("notes"),
        language=form.get("language"),
        zone=form.get("zone"),
        attributes=said or None,
    )
    contact = contacts.describe(contact_id, details, by=viewer())
    return fragment(
        "contacts/details",
        contact=contact,
        attributes=attributes_query.all_attributes(),
        zones=sorted(whereabouts.known_zones()),
        may_change=True,
    )


@pages.post("/contacts/<int:contact_id>/tags")
def put_on(contact_id: int) -> Markup:
    """Put on the tag that was typed."""
    contact = _changeable(contact_id)
    contact_tags.put_on(contact.id, request.form.get("tag", ""), by=viewer())
    return _tags(contact)


@pages.post("/contacts/<int:contact_id>/tags/<int:tag_id>/off")
def take_off(contact_id: int, tag_id: int) -> Markup:
    """Take a tag off."""
    contact = _changeable(contact_id)
    contact_tags.take_off(contact.id, tag_id, by=viewer())
    return _tags(contact)


def _tags(contact: Contact) -> Markup:
    return fragment(
        "contacts/tags",
        contact=contact,
        tags=contact_tags_of(contacts_query.phones_of(contact)),
        all_tags=contacts_query.all_tags(),
        may_change=True,
    )


def _changeable(contact_id: int) -> Contact:
    """The contact, when the viewer may write about it."""
    contact = contacts_query.for_viewer(viewer(), contact_id)
    if not contacts_query.may_change(viewer(), contact):
        raise Forbidden(_("You can read here, but not change anything."))
    return contact
