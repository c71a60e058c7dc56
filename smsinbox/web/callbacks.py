"""Callbacks: where programs hear of texts, what was posted to them, and how it went."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.i18n import _, _l
from smsinbox.dialects import VOICES
from smsinbox.models.callback import Callback, PostState
from smsinbox.queries import api_keys as keys_query
from smsinbox.queries import callbacks as callbacks_query
from smsinbox.services import callback_endpoints, callback_posts
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page, typed, whole

pages = Blueprint("callbacks", __name__, url_prefix="/callbacks")

NEW, EDIT = "callback-new", "callback-edit"
_STATES = {
    PostState.WAITING.value: (_l("Waiting"), ""),
    PostState.DONE.value: (_l("Delivered"), "tone-good"),
    PostState.GIVEN_UP.value: (_l("Given up"), "tone-bad"),
}


@pages.get("")
@administrators
def listed() -> Response:
    """All endpoints, and a form for a new one."""
    answer = _list(None)
    if callbacks_query.switched_off_for(viewer()):
        callback_endpoints.seen(viewer())
    return answer


@pages.post("")
@administrators
def create() -> Response:
    """Answers with the secret at once: a redirect would have to keep it somewhere."""
    form = typed(NEW, "api_key_id", "dialect", "url", "failover_url", "events")
    try:
        callback, proof = callback_endpoints.create(
            whole(form["api_key_id"]) or 0,
            form.text("dialect"),
            form.text("url"),
            _events(form),
            viewer(),
            form.text("failover_url"),
        )
    except (Invalid, Conflict) as problem:
        return _list(form.refused(problem))
    return _one(callback, None, proof)


@pages.post("/seen")
@administrators
def seen() -> Response:
    """The inbox need not tell any more which endpoints are off."""
    callback_endpoints.seen(viewer())
    return redirect("/conversations", 303)


@pages.get("/<callback_id>")
@administrators
def shown(callback_id: str) -> Response:
    """One endpoint, and its log."""
    return _one(callbacks_query.found(callback_id), None)


@pages.post("/<callback_id>")
@administrators
def edit(callback_id: str) -> Response:
    """Other addresses, other events."""
    form = typed(EDIT, "url", "failover_url", "events")
    try:
        callback_endpoints.edit(
            callback_id, form.text("url"), _events(form), viewer(), form.text("failover_url")
        )
    except (Invalid, Conflict) as problem:
        return _one(callbacks_query.found(callback_id), form.refused(problem))
    return back(_("Saved."), "callbacks.shown", callback_id=callback_id)


@pages.post("/<callback_id>/renew")
@administrators
def renew(callback_id: str) -> Response:
    """A new secret, shown in the answer and never again."""
    callback, proof = callback_endpoints.renew(callback_id, viewer())
    return _one(callback, None, proof)


@pages.post("/<callback_id>/switch-on")
@administrators
def switch_on(callback_id: str) -> Response:
    """Post to it again, from now on."""
    callback_endpoints.switch(callback_id, True, viewer())
    return back(_("It is on: what happens from now on is posted."), "callbacks.shown",
                callback_id=callback_id)  # fmt: skip


@pages.post("/<callback_id>/switch-off")
@administrators
def switch_off(callback_id: str) -> Response:
    """Post nothing to it."""
    callback_endpoints.switch(callback_id, False, viewer())
    return back(
        _("It is off: nothing is posted to it."), "callbacks.shown", callback_id=callback_id
    )


@pages.post("/<callback_id>/delete")
@administrators
def delete(callback_id: str) -> Response:
    """Forget it, and its log."""
    callback_endpoints.delete(callback_id, viewer())
    return back(_("The callback is deleted."), "callbacks.listed")


@pages.post("/<callback_id>/posts/<int:post_id>/again")
@administrators
def again(callback_id: str, post_id: int) -> Response:
    """Post it once more."""
    try:
        callback_posts.send_again(post_id, viewer())
    except (Invalid, Conflict) as problem:
        return _one(callbacks_query.found(callback_id), Form("", problem=problem))
    return back(_("It is being sent again."), "callbacks.shown", callback_id=callback_id)


def _events(form: Form) -> list[str]:
    return form.text("events").replace(",", " ").split()


def _list(form: Form | None) -> Response:
    return page(
        "callbacks/list.html",
        "callbacks",
        form or Form(NEW, {"events": "*"}),
        callbacks=callbacks_query.all_callbacks(),
        key_options=[
            (str(key.id), key.name) for key in keys_query.all_keys() if key.revoked_at is None
        ],
        dialect_options=[(name, voice.label) for name, voice in VOICES.items()],
        dialects=VOICES,
    )


def _one(callback: Callback, form: Form | None, proof: str = "") -> Response:
    stored = {
        "url": callback.url,
        "failover_url": callback.failover_url,
        "events": " ".join(callback.events),
    }
    answer = page(
        "callbacks/page.html",
        "callbacks",
        form if form and form.values else Form(EDIT, stored, form.problem if form else None),
        callback=callback,
        dialect=VOICES[callback.dialect],
        proof=proof,
        posts=callbacks_query.posts(callback.id, whole(request.args.get("before"))),
        states=_STATES,
    )
    answer.headers["Cache-Control"] = "no-store"
    if proof:  # else a reload would ask for an address that only takes posts
        answer.headers["HX-Replace-Url"] = url_for("callbacks.shown", callback_id=callback.id)
    return answer
