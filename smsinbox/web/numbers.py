"""Our numbers: added and changed on the page of their accounts."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.i18n import _
from smsinbox.services import numbers
from smsinbox.services.numbers import Sharing
from smsinbox.web.access import administrators, viewer
from smsinbox.web.accounts import shown
from smsinbox.web.setup import Form, back, typed, whole

pages = Blueprint("numbers", __name__, url_prefix="/numbers")

_FIELDS = ("name", "pace", "zone", "calendar", "alarm_after", "gives_up_after")
_SHARING = ("takes_up", "deals", "capacity", "returns_after")


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
    return back(_("Number added. Grant it to your agents under Users."), "accounts.listed")


@pages.post("/<int:number_id>")
@administrators
def edit(number_id: int) -> Response:
    """Another name, pace, zone or backup; a phone never changes, as conversations hang on it."""
    form = typed(f"number-{number_id}", *_FIELDS, *_SHARING, several=("backup",))
    chosen = form.integers("backup")
    try:
        numbers.edit(
            number_id,
            form.text("name"),
            form.decimal("pace"),
            chosen,
            viewer(),
            form.text("zone").strip() or None,
            _sharing(form) if form.text("capacity") else None,
            form.text("calendar") if "calendar" in request.form else None,
            request.form.get("alarm_after"),
            request.form.get("gives_up_after"),
        )
    except (Invalid, Conflict) as problem:
        return shown(form.refused(problem))
    return back(_("Number saved."), "accounts.listed")


def _sharing(form: Form) -> Sharing:
    after = form.text("returns_after").strip()
    return Sharing(
        takes_up=bool(form.text("takes_up")),
        deals=bool(form.text("deals")),
        capacity=whole(form.text("capacity").strip()) or 0,
        returns_after=(whole(after) or 0) if after else None,
    )
