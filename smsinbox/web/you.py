"""What everybody may change about themselves, whatever their role."""

from flask import Blueprint, request, session
from werkzeug.wrappers import Response

from smsinbox.core import mail
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _, _l, choices, language, speak
from smsinbox.core.limits import limiter
from smsinbox.models.notification import NotificationKind
from smsinbox.models.preference import FOR_ADMINS, TEXT, UNHURRIED, Level
from smsinbox.models.user import User
from smsinbox.queries import preferences as preferences_query
from smsinbox.services import daily_mail, preferences, sign_ins, you
from smsinbox.web.access import TOKEN, viewer
from smsinbox.web.setup import Form, back, page, typed, whole

pages = Blueprint("you", __name__, url_prefix="/you")

DETAILS, PASSWORD, SENDING = "you", "you-password", "you-sending"
PREFERENCES = "you-preferences"
LEVELS = {
    Level.OFF.value: _l("Nobody’s"),
    Level.MINE.value: _l("Mine, and those that nobody has taken"),
    Level.ALL.value: _l("Everybody’s on my numbers"),
}
HAPPENINGS = {
    TEXT: _l("A text arrives"),
    NotificationKind.ASSIGNED.value: _l("A conversation is assigned to me"),
    NotificationKind.MENTIONED.value: _l("A colleague mentions me"),
    NotificationKind.FAILED.value: _l("A text of mine does not get through"),
    NotificationKind.WAITING.value: _l("Somebody waits for too long"),
    NotificationKind.RULE.value: _l("A rule asks me to look"),
    NotificationKind.ALERT.value: _l("Somebody writes an alert word"),
    NotificationKind.STRANGE.value: _l("A carrier says what we do not know"),
}
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
    return back(_("Your name and e-mail are saved."), "you.show")


@pages.post("/sending")
def choose_sending() -> Response:
    """Which key sends, and how long a text can be undone."""
    form = typed(SENDING, "enter", "undo_seconds")
    seconds = whole(form.text("undo_seconds"))
    try:
        you.choose_sending(
            viewer().id, form.text("enter") != "breaks", -1 if seconds is None else seconds
        )
    except Invalid as problem:
        return _page(form.refused(problem))
    return back(_("Saved. It holds from your next text on."), "you.show")


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
    words = _("Your password is changed. Everywhere but here you are signed out.")
    return back(words, "you.show")


@pages.post("/preferences")
def prefer() -> Response:
    """Time zone, clock, language, single keys."""
    form = typed(PREFERENCES, "zone", "clock", "language", "single_keys")
    zone, clock = form.text("zone").strip(), form.text("clock")
    try:
        you.prefer(viewer().id, zone, clock, form.text("language"), bool(form.text("single_keys")))
    except Invalid as problem:
        return _page(form.refused(problem))
    speak(form.text("language") or language())
    return back(_("Your preferences are saved."), "you.show")


@pages.post("/sign-out-elsewhere")
def sign_out_elsewhere() -> Response:
    """End the sign-ins in other browsers, and keep this one."""
    sign_ins.sign_out_elsewhere(viewer().id, session[TOKEN])
    return back(_("You are signed out everywhere else."), "you.show")


@pages.post("/alerts")
def alert() -> Response:
    """What to be told of, and where."""
    form = request.form
    preferences.edit(
        form.get("level", ""),
        repeats="repeats" in form,
        hides_text="hides_text" in form,
        wanted=form.getlist("wanted"),
        by=viewer(),
        mails="mails" in form if _is_mailed(viewer()) else None,
    )
    return back(_("Saved. It holds on all your pages at once."), "you.show")


def _is_mailed(user: User) -> bool:
    """Whether there is a daily mail at all that they may want."""
    return mail.is_set_up() and daily_mail.may_be_told(user)


def _sending(user: User) -> Form:
    enter = "sends" if user.enter_sends else "breaks"
    return Form(SENDING, {"enter": enter, "undo_seconds": str(user.undo_seconds)})


def _page(refused: Form | None) -> Response:
    user = viewer()
    forms = {
        DETAILS: Form(DETAILS, {"name": user.name, "email": user.email}),
        PASSWORD: Form(PASSWORD),
        PREFERENCES: Form(
            PREFERENCES,
            {
                "zone": user.zone,
                "clock": user.clock,
                "language": user.language,
                "single_keys": user.single_keys,
            },
        ),
        SENDING: _sending(user),
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
        sending=forms[SENDING],
        undo_choices=you.UNDO,
        wishes=preferences_query.of(user),
        is_mailed=_is_mailed(user),
        happenings=HAPPENINGS,
        for_admins=FOR_ADMINS,
        unhurried=UNHURRIED,
        levels=LEVELS,
        languages=choices(),
        elsewhere=sign_ins.elsewhere(user.id, session[TOKEN]),
    )
