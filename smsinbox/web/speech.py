"""How an answer is written: in the reader's language, zone and clock, as they chose or as their
browser has them."""

from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import Flask, current_app, g, request, request_started

from smsinbox.core import i18n
from smsinbox.core.i18n import Style, choices, speak, style, write_in
from smsinbox.core.whereabouts import is_zone
from smsinbox.web.problems import for_programs
from smsinbox.web.zones import COOKIE


def init_app(app: Flask) -> None:
    """Programs, and carriers, hear English always."""
    i18n.teach(app.jinja_env)
    request_started.connect(_as_the_browser_asks, app)
    app.before_request(_as_the_viewer_chose)
    app.teardown_request(_fall_silent)


def _as_the_browser_asks(_app: Flask, **_more: Any) -> None:
    """Before anything can be refused."""
    is_program = request.blueprint in current_app.config["KEYED"]
    write_in(Style() if is_program or for_programs() else _style(_asked_for()))


def _asked_for() -> str:
    """The first that we have; an Austrian reads German, too."""
    known = choices()
    asked = (one for wanted in request.accept_languages.values() for one in _widened(wanted))
    return next((one for one in asked if one in known), "en")


def _widened(wanted: str) -> tuple[str, str]:
    return wanted, wanted.partition("-")[0]


def _as_the_viewer_chose() -> None:
    viewer = g.viewer
    if viewer is None or not (viewer.language or viewer.zone or viewer.clock):
        return
    write_in(_style(viewer.language or style().language, viewer.zone, viewer.clock))


def _style(language: str, zone: str = "", clock: str = "") -> Style:
    zones = zone, request.cookies.get(COOKIE, "")
    regions = (_region(one) for one in request.accept_languages.values() if _is_of(one, language))
    return Style(
        language,
        region=next(filter(None, regions), ""),
        zone=next(filter(is_zone, zones), ""),
        clock=clock,
    )


def _is_of(wanted: str, language: str) -> bool:
    return wanted.partition("-")[0] == language


@lru_cache(maxsize=256)
def _region(wanted: str) -> str:
    """As Babel calls it; nothing for what it does not know."""
    try:
        return str(Locale.parse(wanted, sep="-"))
    except (UnknownLocaleError, ValueError):
        return ""


def _fall_silent(_problem: BaseException | None) -> None:
    speak("en")
