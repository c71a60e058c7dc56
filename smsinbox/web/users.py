"""Who signs in, with which role, and which numbers they see."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.i18n import _, _l
from smsinbox.models.user import Role
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries import users as users_query
from smsinbox.services import users
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page, typed, whole

pages = Blueprint("users", __name__, url_prefix="/users")

NEW = "user-new"
ROLES = {
    Role.AGENT.value: _l("Agent: reads and answers on the numbers ticked here"),
    Role.VIEWER.value: _l("Viewer: reads them and answers nothing"),
    Role.ADMIN.value: _l("Admin: all numbers, and these settings"),
}


@pages.get("")
@administrators
def listed() -> Response:
    """Everybody; ?add opens a new one, ?edit= opens one of them."""
    if "add" in request.args:
        return _page(Form(NEW, {"role": Role.AGENT.value, "number_ids": []}))
    user_id = whole(request.args.get("edit"))
    return _page(_editing(user_id) if user_id is not None else None)


@pages.post("")
@administrators
def create() -> Response:
    """Somebody new."""
    form = typed(NEW, "email", "name", "password", "role", several=("number_ids",))
    try:
        user = users.create(
            form.text("email"),
            form.text("name"),
            form.text("password"),
            form.text("role"),
            form.integers("number_ids"),
            viewer(),
        )
    except (Invalid, Conflict) as problem:
        return _page(form.refused(problem))
    return back(_("%(name)s can sign in now.", name=user.name), "users.listed")


@pages.post("/<int:user_id>")
@administrators
def edit(user_id: int) -> Response:
    """Name, role, activity, grants and, where one is typed, a new password."""
    form = typed(f"user-{user_id}", "name", "password", "role", "active", several=("number_ids",))
    try:
        user = users.edit(
            user_id,
            form.text("name"),
            form.text("role"),
            form.text("active") == "1",
            form.integers("number_ids"),
            form.text("password"),
            viewer(),
        )
    except (Invalid, Conflict) as problem:
        return _page(form.refused(problem))
    return back(_("%(name)s is saved.", name=user.name), "users.listed")


def _page(form: Form | None) -> Response:
    return page(
        "users/list.html",
        "users",
        form,
        users=users_query.all_users(),
        numbers=numbers_query.all_numbers(),
        roles=ROLES,
        own_id=viewer().id,
    )


def _editing(user_id: int) -> Form:
    user = users_query.found(user_id)
    return Form(
        f"user-{user_id}",
        {
            "name": user.name,
            "role": user.role,
            "active": "1" if user.active else "",
            "number_ids": [str(number_id) for number_id in user.granted],
        },
    )
