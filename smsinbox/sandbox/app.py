"""The sandbox as one WSGI application: its file, its couriers, its routes."""

from pathlib import Path

from flask import Flask

from smsinbox.core.files import Shelf
from smsinbox.sandbox import guard
from smsinbox.sandbox.accounts import AccountBook
from smsinbox.sandbox.carrier import carrier
from smsinbox.sandbox.control import control
from smsinbox.sandbox.courier import Courier
from smsinbox.sandbox.faults import Knobs
from smsinbox.sandbox.handsets import handsets
from smsinbox.sandbox.page import page
from smsinbox.sandbox.parts import Parts
from smsinbox.sandbox.pictures import pictures
from smsinbox.sandbox.store import Store

ROOT = Path(__file__).resolve().parents[2]
LARGEST_REQUEST = 64 * 1024


def create_app(instance: Path) -> Flask:
    """A sandbox that keeps `sandbox.sqlite3` in this folder and starts its couriers at once.

    Its Parts are in `app.extensions["sandbox"]`, for whoever has to close them.
    """
    app = Flask(
        __name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    store = Store(instance / "sandbox.sqlite3")
    accounts = AccountBook(store, instance / "sandbox.json")
    knobs, shelf = Knobs(), Shelf()
    shelf.configure(instance / "sandbox-media")
    courier = Courier(store, accounts, knobs)
    app.extensions["sandbox"] = Parts(store, accounts, courier, knobs, shelf)
    guard.install(app)
    for routes in (carrier, control, handsets, pictures, page):
        app.register_blueprint(routes)
    courier.start()
    return app
