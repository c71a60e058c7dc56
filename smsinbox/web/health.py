"""For whoever watches us: is the process there, and can it do its work."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from smsinbox.core import events
from smsinbox.core.database import db, readable
from smsinbox.migrations.schema import is_current
from smsinbox.queries import pausing
from smsinbox.web.access import public

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@pages.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Database, migrations and the event log; says which part fails. Numbers from which somebody
    lets nothing leave are told and are no failure."""
    parts = {"database": readable, "migrations": _migrated, "events": events.newest}
    failing = {}
    for name, check in parts.items():
        try:
            check()
        except Exception as error:
            # Any failure means not ready; its kind is enough for whoever looks into the log.
            db.session.rollback()
            failing[name] = type(error).__name__
    if failing:
        return jsonify(status="failing", failing=failing), 503
    return jsonify(status="ok", numbers_paused=pausing.numbers_paused())


def _migrated() -> None:
    if not is_current():
        raise RuntimeError("not at the newest migration")
