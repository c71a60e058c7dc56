"""Keys for programs: shown once when they are made, listed by their first letters, revoked."""

from flask import Blueprint
from werkzeug.wrappers import Response

from smsinbox.core.config import settings
from smsinbox.core.errors import Conflict, Invalid
from smsinbox.queries import api_keys as keys_query
from smsinbox.services import api_keys
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page, typed

pages = Blueprint("keys", __name__, url_prefix="/keys")

NEW = "key-new"
SCOPES = {
    "all": "Read and send",
    "read": "Read only",
    "send": "Send only",
}


@pages.get("")
@administrators
def listed() -> Response:
    """All keys, and a form for a new one."""
    return _page(None)


@pages.post("")
@administrators
def create() -> Response:
    """Answers with the plain key at once: a redirect would have to keep it somewhere."""
    form = typed(NEW, "name", "scope")
    try:
        _, plain = api_keys.create(form.text("name"), form.text("scope"), viewer())
    except (Invalid, Conflict) as problem:
        return _page(form.refused(problem))
    answer = _page(None, plain)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/<int:key_id>/revoke")
@administrators
def revoke(key_id: int) -> Response:
    """The program that uses it is locked out at once."""
    key = api_keys.revoke(key_id, viewer())
    return back(f"The key of {key.name} is revoked.", "keys.listed")


def _page(form: Form | None, plain: str = "") -> Response:
    return page(
        "keys/list.html",
        "keys",
        form,
        keys=keys_query.all_keys(),
        scopes=SCOPES,
        plain=plain,
        address=settings().address,
    )
