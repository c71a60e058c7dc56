"""Keys for programs, and our gateway as a server that real clients can reach."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from smsinbox.models import ApiKey
from smsinbox.services import api_keys


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Nothing: a test's output is for failures."""


@pytest.fixture
def key(app: Flask) -> tuple[ApiKey, str]:
    """A key that may do everything, and its plain form."""
    return api_keys.create("Shop", "all")


@pytest.fixture
def plain(key: tuple[ApiKey, str]) -> str:
    return key[1]


@pytest.fixture
def slow(app: Flask) -> Iterator[None]:
    """Keys may send three texts an hour."""
    app.config["GATEWAY_RATE"] = "3 per hour"
    yield
    del app.config["GATEWAY_RATE"]


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    """Where the gateway listens, over real HTTP."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
