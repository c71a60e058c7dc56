"""What is to be known about contacts, and the colours of tags: set up by admins."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.i18n import _, _l
from smsinbox.models.tag import COLORS
from smsinbox.queries import attributes as attributes_query
from smsinbox.queries import contacts as contacts_query
from smsinbox.services import attributes, contact_tags
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page, typed

pages = Blueprint("attributes", __name__)

KINDS = {
    "text": _l("Text"),
    "number": _l("A number"),
    "date": _l("A date"),
    "yes_no": _l("Yes or no"),
    "choice": _l("One of several"),
}
HUES = dict(
    zip(
        COLORS,
        (
            _l("grey"), _l("red"), _l("orange"), _l("yellow"), _l("green"), _l("teal"), _l("blue"),
            _l("violet"), _l("pink"),
        ),
        strict=True,
    )
)  # fmt: skip


@pages.get("/attributes")
@administrators
def listed() -> Response:
    """All of them, and all tags."""
    return _list(None)


@pages.post("/attributes")
@administrators
def create() -> Response:
    """One more."""
    form = typed("new", "label", "kind", "choices")
    try:
        made = attributes.create(
            form.text("label"), form.text("kind"), form.text("choices"), viewer()
        )
    except Invalid as problem:
        return _list(form.refused(problem))
    return back(_("“%(label)s” can be filled in now.", label=made.label), "attributes.listed")


@pages.post("/attributes/<int:attribute_id>")
@administrators
def edit(attribute_id: int) -> Response:
    """Another label or other choices."""
    form = typed(f"attribute-{attribute_id}", "label", "choices")
    try:
        attributes.edit(attribute_id, form.text("label"), form.text("choices"), viewer())
    except Invalid as problem:
        return _list(form.refused(problem))
    return back(_("Saved."), "attributes.listed")


@pages.post("/attributes/<int:attribute_id>/delete")
@administrators
def delete(attribute_id: int) -> Response:
    """Asked for no more."""
    gone = attributes.delete(attribute_id, viewer())
    return back(_("“%(label)s” is not asked for any more.", label=gone.label), "attributes.listed")


@pages.post("/tags/<int:tag_id>")
@administrators
def paint(tag_id: int) -> Response:
    """Another colour."""
    try:
        tag = contact_tags.paint(tag_id, request.form.get("color", ""), viewer())
    except (Invalid, Conflict) as problem:
        return _list(Form("tags").refused(problem))
    said = _("“%(name)s” is %(color)s now.", name=tag.name, color=HUES[tag.color])
    return back(said, "attributes.listed")


@pages.post("/tags/<int:tag_id>/delete")
@administrators
def throw_away(tag_id: int) -> Response:
    """Nobody wears it any more."""
    tag = contact_tags.throw_away(tag_id, viewer())
    return back(_("The tag “%(name)s” is gone.", name=tag.name), "attributes.listed")


def _list(form: Form | None) -> Response:
    return page(
        "attributes/list.html",
        "attributes",
        form,
        attributes=attributes_query.all_attributes(),
        tags=contacts_query.all_tags(),
        kinds=KINDS,
        colors=HUES,
    )
