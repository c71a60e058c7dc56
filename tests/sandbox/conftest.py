"""A sandbox in this process, an inbox that it posts to, and a client that speaks to it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smsinbox.sandbox.app import create_app
from smsinbox.sandbox.parts import Parts
from tests.sandbox.inbox import Inbox

NUMBER = "+13125550100"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    one = Inbox()
    yield one
    one.close()


@pytest.fixture
def instance(tmp_path: Path, inbox: Inbox) -> Path:
    """An instance folder as the product leaves it after its first start."""
    write_account(tmp_path, inbox)
    return tmp_path


def write_account(instance: Path, inbox: Inbox, key: str = "tk_test_1") -> None:
    account = {
        "key": key,
        "secret": inbox.secret,
        "webhook_url": inbox.url,
        "number": NUMBER,
        "settings": {},
    }
    (instance / "sandbox.json").write_text(json.dumps([account]))


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    app = create_app(instance)
    yield app
    close(app)


def close(app: Flask) -> None:
    parts = app.extensions["sandbox"]
    assert isinstance(parts, Parts)
    parts.close()


@pytest.fixture
def sandbox(app: Flask) -> FlaskClient:
    return app.test_client()
