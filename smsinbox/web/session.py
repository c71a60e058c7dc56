"""The door: signing in and out, and the look that the browser asked for."""

from flask import Blueprint, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from smsinbox.core.errors import Invalid
from smsinbox.core.limits import limiter
from smsinbox.services import sign_ins
from smsinbox.web.access import TOKEN, public

pages = Blueprint("session", __name__)

_HOME = "/conversations"
_THEMES = ("light", "dark")
_FOLDS = ("sidebar", "contact")


@pages.get("/sign-in")
@public
def door() -> ResponseReturnValue:
    """The form; whoever is signed in already goes on to where they wanted to be."""
    wanted = _local(request.args.get("next", ""))
    if g.viewer is not None:
        return redirect(wanted)
    return _form(wanted)


@pages.post("/sign-in")
@public
@limiter.limit("10 per minute")
def sign_in() -> ResponseReturnValue:
    """Let somebody in, under a fresh session; a wrong password is told in the form."""
    wanted, email = _local(request.form.get("next", "")), request.form.get("email", "")
    try:
        _, token = sign_ins.sign_in(email, request.form.get("password", ""))
    except Invalid as problem:
        return _form(wanted, email, problem.words), problem.status
    session.clear()
    session.permanent = True
    session[TOKEN] = token
    return redirect(wanted, 303)


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this sign-in in every copy of the cookie."""
    sign_ins.sign_out(session.get(TOKEN, ""))
    session.clear()
    return redirect("/sign-in", 303)


@pages.app_template_global()
def theme() -> str:
    """`light`, `dark`, or nothing for what the system prefers; kept in a cookie by the page."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in _THEMES else ""


@pages.app_template_global()
def folded() -> list[str]:
    """Which parts of the page are folded away; kept in cookies by the page."""
    return [part for part in _FOLDS if request.cookies.get(part)]


def _form(wanted: str, email: str = "", problem: str = "") -> str:
    return render_template("session/sign_in.html", next=wanted, email=email, problem=problem)


def _local(target: str) -> str:
    """A path on this very site, or home: nobody may be sent elsewhere through our door."""
    is_path = target.startswith("/") and target[1:2] not in ("/", "\\")
    return target if is_path and target.isascii() and target.isprintable() else _HOME
