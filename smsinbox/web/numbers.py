"""Our numbers: added and changed on the page of their accounts."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid
from smsinbox.services import numbers
from smsinbox.web.access import administrators, viewer
from smsinbox.web.accounts import shown
from smsinbox.web.setup import back, typed, whole

pages = Blueprint("numbers", __name__, url_prefix="/numbers")


@pages.get("")
@administrators
def listed() -> Response:
    """They are shown with their accounts."""
    return redirect(url_for("accounts.listed"))


@pages.post("")
@administrators
def create() -> Response:
    """A new number of an account."""
    account_id = whole(request.form.get("account_id")) or 0
    form = typed(f"number-new-{account_id}", "phone", "name", "pace")
    try:
        numbers.create(
            account_id, form.text("phone"), form.text("name"), form.decimal("pace"), viewer()
        )
    except (Invalid, Conflict) as problem:
        return shown(form.refused(problem))
    return back("Number added. Grant it to your agents under Users.", "accounts.listed")


@pages.post("/<int:number_id>")
@administrators
def edit(number_id: int) -> Response:
    """Another name, pace, zone or backup; a phone never changes, as conversations hang on it."""
    form = typed(f"number-{number_id}", "name", "pace", "zone", "alarm_after", several=("backup",))
    chosen = form.integers("backup")
    try:
        numbers.edit(
            number_id,
            form.text("name"),
            form.decimal("pace"),
            chosen,
            viewer(),
            form.text("zone").strip() or None,
            request.form.get("alarm_after"),
        )
    except (Invalid, Conflict) as problem:
        return shown(form.refused(problem))
    return back("Number saved.", "accounts.listed")
