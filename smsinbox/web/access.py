"""Who is asking: every page needs a signed-in user unless it says that it is public."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue

from smsinbox.core.errors import Forbidden
from smsinbox.core.i18n import _
from smsinbox.models.conversation import Conversation
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.queries import conversations
from smsinbox.services import sign_ins

P = ParamSpec("P")
R = TypeVar("R")

TOKEN = sign_ins.SESSION_KEY
_PUBLIC = "_is_public"
_LARGEST_ID = 2**53


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that needs no sign-in: it proves who asks in its own way, or does not care."""
    setattr(view, _PUBLIC, True)
    return view


def viewer() -> User:
    """The signed-in user of this request."""
    return cast(User, g.viewer)


def administrators(view: Callable[P, R]) -> Callable[P, R]:
    """A view for admins only."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not can(viewer(), Permission.ADMINISTER):
            raise Forbidden(_("Only admins can open this page."))
        return view(*args, **kwargs)

    return guarded


def must_answer(number_id: int) -> User:
    """The viewer, when they may write on this number; raises Forbidden."""
    if not can(viewer(), Permission.ANSWER, number_id):
        raise Forbidden(_("You can read here, but not change anything."))
    return viewer()


def answerable(conversation_id: int) -> Conversation:
    """The conversation, when the viewer may write in it."""
    conversation = conversations.for_viewer(viewer(), conversation_id)
    must_answer(conversation.number_id)
    return conversation


def row_id(text: str) -> int:
    """An id out of a form or a query; ValueError for what no row can have."""
    number = int(text)
    if not 0 < number <= _LARGEST_ID:
        raise ValueError(text)
    return number


def init_app(app: Flask) -> None:
    """Deny by default, before every request."""
    app.before_request(_require_sign_in)
    app.context_processor(_viewer_for_pages)


def _require_sign_in() -> ResponseReturnValue | None:
    g.viewer = None
    view = current_app.view_functions.get(request.endpoint or "")
    if request.endpoint == "static" or view is None:
        return None
    is_public = getattr(view, _PUBLIC, False) or request.blueprint in current_app.config["KEYED"]
    if is_public and request.blueprint != "session":
        return None
    g.viewer = sign_ins.user_of(session.get(TOKEN, ""))
    if g.viewer is None and not is_public:
        return _to_sign_in()
    return None


def _to_sign_in() -> ResponseReturnValue:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    target = "/sign-in?" + urlencode({"next": wanted})
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": "/sign-in"})
    if request.headers.get("Upgrade", "").lower() == "websocket":
        return Response(status=401)
    return redirect(target)


def _viewer_for_pages() -> dict[str, Any]:
    return {"viewer": g.get("viewer")}
