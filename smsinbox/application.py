"""The web application: what it is made of, in reading order."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from smsinbox import api, gateway, live, web
from smsinbox.cli import inbox
from smsinbox.core import database
from smsinbox.core.config import Settings, settings
from smsinbox.core.database import db
from smsinbox.core.doorbell import bell
from smsinbox.core.files import shelf
from smsinbox.core.limits import limiter, storage
from smsinbox.migrations import FOLDER

ROOT = Path(__file__).resolve().parent.parent


def create_app(chosen: Settings | None = None) -> Flask:
    """An application for these settings, or for those of the environment. Opens no connection."""
    chosen = chosen or settings()
    app = Flask(
        "smsinbox",
        root_path=str(ROOT),
        template_folder="templates",
        static_folder="static",
        instance_path=str(chosen.instance),
    )
    app.url_map.converters["int"] = RowId
    _configure(app, chosen)
    database.configure(app, chosen.database)
    bell.configure(chosen.redis_url)
    shelf.configure(chosen.instance / "media")
    Migrate(app, db, directory=str(FOLDER), render_as_batch=True)
    limiter.init_app(app)
    csrf = CSRFProtect(app)
    for edge in (web, api, gateway):
        for blueprint in edge.BLUEPRINTS:
            app.register_blueprint(blueprint)
            if blueprint.name in app.config["KEYED"]:
                csrf.exempt(blueprint)
    web.init_app(app)
    live.init_app(app)
    app.cli.add_command(inbox)
    return app


class RowId(IntegerConverter):
    """A number in an address that a row could have: a greater one is simply not there."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": 2**63 - 1, **options})


def _configure(app: Flask, chosen: Settings) -> None:
    chosen.instance.mkdir(parents=True, exist_ok=True)
    app.config.update(
        SECRET_KEY=chosen.secret(),
        SESSION_COOKIE_NAME="smsinbox",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=chosen.address.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_PARTS=200,
        SEND_FILE_MAX_AGE_DEFAULT=0,  # asked for each time, by ETag, but for those of web/shell.py
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_STORAGE_URI=storage(chosen.redis_url),
        RATELIMIT_STORAGE_OPTIONS=_impatient(chosen.redis_url),
        TRUSTED_HOSTS=None,
        # These prove who asks by signature or key, in their own blueprints, and carry no cookie.
        KEYED=frozenset(
            ["webhooks", *(blueprint.name for blueprint in (*api.BLUEPRINTS, *gateway.BLUEPRINTS))]
        ),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if chosen.proxies:
        hops = chosen.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logging.getLogger("smsinbox").setLevel(logging.INFO)


def _impatient(redis_url: str) -> dict[str, float]:
    """A Redis that hangs must not hang a sign-in."""
    if not redis_url:
        return {}
    return {"socket_connect_timeout": 0.25, "socket_timeout": 0.5}
