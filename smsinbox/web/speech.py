"""Which language an answer speaks: the reader's own choice, or what their browser asks for."""

from typing import Any

from flask import Flask, current_app, g, request, request_started

from smsinbox.core import i18n
from smsinbox.core.i18n import choices, speak
from smsinbox.web.problems import for_programs


def init_app(app: Flask) -> None:
    """Programs, and carriers, hear English always."""
    i18n.teach(app.jinja_env)
    request_started.connect(_as_the_browser_asks, app)
    app.before_request(_as_the_viewer_chose)
    app.teardown_request(_fall_silent)


def _as_the_browser_asks(_app: Flask, **_more: Any) -> None:
    """Before anything can be refused."""
    is_program = request.blueprint in current_app.config["KEYED"]
    speak("en" if is_program or for_programs() else _asked_for())


def _asked_for() -> str:
    """The first that we have; an Austrian reads German, too."""
    known = choices()
    asked = (one for wanted in request.accept_languages.values() for one in _widened(wanted))
    return next((one for one in asked if one in known), "en")


def _widened(wanted: str) -> tuple[str, str]:
    return wanted, wanted.partition("-")[0]


def _as_the_viewer_chose() -> None:
    if g.viewer is not None and g.viewer.language:
        speak(g.viewer.language)


def _fall_silent(_problem: BaseException | None) -> None:
    speak("en")
