"""The list of numbers behind which machines answer."""

from flask import Blueprint
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.i18n import _
from smsinbox.queries import paired_numbers as paired_query
from smsinbox.services import paired_numbers
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page, typed

pages = Blueprint("paired_numbers", __name__, url_prefix="/paired-numbers")

NEW = "paired-new"


@pages.get("")
@administrators
def listed() -> Response:
    """All of them, and a form for one more."""
    return _page(Form(NEW))


@pages.post("")
@administrators
def create() -> Response:
    """One more that no rule answers."""
    form = typed(NEW, "phone", "note")
    try:
        paired_numbers.create(form.text("phone"), form.text("note"), viewer())
    except (Invalid, Conflict) as problem:
        return _page(form.refused(problem))
    return back(_("No rule answers this number from now on."), "paired_numbers.listed")


@pages.post("/<int:paired_id>/delete")
@administrators
def delete(paired_id: int) -> Response:
    """Take one off the list."""
    paired_numbers.delete(paired_id, viewer())
    return back(_("Rules answer this number again."), "paired_numbers.listed")


def _page(form: Form) -> Response:
    return page(
        "paired_numbers/list.html", "paired-numbers", form, paired=paired_query.all_paired()
    )
