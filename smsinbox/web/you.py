"""What everybody may change about themselves, whatever their role."""

from flask import Blueprint, session
from werkzeug.wrappers import Response

from smsinbox.core.errors import Invalid
from smsinbox.core.limits import limiter
from smsinbox.services import sign_ins, you
from smsinbox.web.access import TOKEN, viewer
from smsinbox.web.setup import Form, back, page, typed

pages = Blueprint("you", __name__, url_prefix="/you")

DETAILS, PASSWORD, PREFERENCES = "you", "you-password", "you-preferences"
_GUESSES = "10 per minute"  # as at the door


@pages.get("")
def show() -> Response:
    """Name and e-mail, the password, and the other sign-ins."""
    return _page(None)


@pages.post("")
@limiter.limit(_GUESSES)
def edit() -> Response:
    """Another name or e-mail."""
    form = typed(DETAILS, "name", "email", "confirm")
    try:
        you.edit(viewer().id, form.text("name"), form.text("email"), form.text("confirm"))
    except Invalid as problem:
        return _page(form.refused(problem))
    return back("Your name and e-mail are saved.", "you.show")


@pages.post("/password")
@limiter.limit(_GUESSES)
def change_password() -> Response:
    """A new password, by the current one."""
    form = typed(PASSWORD, "current", "password")
    try:
        you.change_password(
            viewer().id, form.text("current"), form.text("password"), session[TOKEN]
        )
    except Invalid as problem:
        return _page(form.refused(problem))
    words = "Your password is changed. Everywhere but here you are signed out."
    return back(words, "you.show")


@pages.post("/preferences")
def prefer() -> Response:
    """Time zone, clock, single keys."""
    form = typed(PREFERENCES, "zone", "clock", "single_keys")
    zone, clock = form.text("zone").strip(), form.text("clock")
    try:
        you.prefer(viewer().id, zone, clock, bool(form.text("single_keys")))
    except Invalid as problem:
        return _page(form.refused(problem))
    return back("Your preferences are saved.", "you.show")


@pages.post("/sign-out-elsewhere")
def sign_out_elsewhere() -> Response:
    """End the sign-ins in other browsers, and keep this one."""
    sign_ins.sign_out_elsewhere(viewer().id, session[TOKEN])
    return back("You are signed out everywhere else.", "you.show")


def _page(refused: Form | None) -> Response:
    user = viewer()
    forms = {
        DETAILS: Form(DETAILS, {"name": user.name, "email": user.email}),
        PASSWORD: Form(PASSWORD),
        PREFERENCES: Form(
            PREFERENCES, {"zone": user.zone, "clock": user.clock, "single_keys": user.single_keys}
        ),
    }
    if refused is not None:
        forms[refused.id] = refused
    return page(
        "you/page.html",
        "you",
        refused,
        details=forms[DETAILS],
        secrets=forms[PASSWORD],
        preferences=forms[PREFERENCES],
        elsewhere=sign_ins.elsewhere(user.id, session[TOKEN]),
    )
