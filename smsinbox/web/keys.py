"""Keys for programs: shown once when they are made, listed by their first letters, revoked."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from smsinbox.core.config import settings
from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.i18n import _, _l
from smsinbox.queries import api_keys as keys_query
from smsinbox.queries import key_uses
from smsinbox.services import api_keys
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page, typed, whole

pages = Blueprint("keys", __name__, url_prefix="/keys")

NEW = "key-new"
SCOPES = {
    "all": _l("Read and send"),
    "read": _l("Read only"),
    "send": _l("Send only"),
}


@pages.get("")
@administrators
def listed() -> Response:
    """All keys, and a form for a new one; ?limit= opens the limits of one of them."""
    key_id = whole(request.args.get("limit"))
    return _page(None if key_id is None else _limiting(key_id))


@pages.post("")
@administrators
def create() -> Response:
    """Answers with the plain key at once: a redirect would have to keep it somewhere."""
    form = typed(NEW, "name", "scope", "hourly", "daily")
    name, scope, *limits = (form.text(one) for one in ("name", "scope", "hourly", "daily"))
    try:
        _, plain = api_keys.create(name, scope, viewer(), *limits)
    except (Invalid, Conflict) as problem:
        return _page(form.refused(problem))
    answer = _page(None, plain)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/<int:key_id>/limits")
@administrators
def limit(key_id: int) -> Response:
    """How many texts it may send; from the next one on."""
    form = typed(f"limit-{key_id}", "hourly", "daily")
    try:
        key = api_keys.limit(key_id, form.text("hourly"), form.text("daily"), viewer())
    except (Invalid, Conflict) as problem:
        return _page(form.refused(problem))
    return back(_("The limits of %(name)s are saved.", name=key.name), "keys.listed")


@pages.post("/<int:key_id>/revoke")
@administrators
def revoke(key_id: int) -> Response:
    """The program that uses it is locked out at once."""
    key = api_keys.revoke(key_id, viewer())
    return back(_("The key of %(name)s is revoked.", name=key.name), "keys.listed")


def _limiting(key_id: int) -> Form:
    key = keys_query.found(key_id)
    limits = {"hourly": key.hourly_limit, "daily": key.daily_limit}
    shown = {name: "" if most is None else str(most) for name, most in limits.items()}
    return Form(f"limit-{key_id}", shown)


def _page(form: Form | None, plain: str = "") -> Response:
    keys = keys_query.all_keys()
    return page(
        "keys/list.html",
        "keys",
        form,
        keys=keys,
        used=key_uses.used(key.id for key in keys),
        scopes=SCOPES,
        plain=plain,
        address=settings().address,
    )
