"""A program with a key, as it stands before our door."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smsinbox.services import api_keys


class Program:
    """Asks the API with its key; paths are below /api/v1 unless they say it themselves."""

    def __init__(self, client: FlaskClient, key: str) -> None:
        self._client = client
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str) -> TestResponse:
        return self._client.get(_whole(path), headers=self.headers)

    def post(self, path: str, **request: Any) -> TestResponse:
        return self._client.post(_whole(path), headers=self.headers, **request)

    def walk(self, path: str) -> list[list[dict[str, Any]]]:
        """Every page of a list, to its end."""
        pages = []
        following: str | None = path
        while following:
            page = self.get(following).json
            assert page is not None
            pages.append(page["items"])
            following = page["next"]
            assert len(pages) < 20, "a list without end"
        return pages


def _whole(path: str) -> str:
    return path if path.startswith("/api/") else f"/api/v1{path}"


def a_program(app: Flask, scope: str = "all", name: str = "Shop") -> Program:
    _, plain = api_keys.create(name, scope)
    return Program(app.test_client(), plain)


@pytest.fixture
def program(app: Flask) -> Program:
    """It may read and send."""
    return a_program(app)


@pytest.fixture
def reader(app: Flask) -> Program:
    return a_program(app, "read")


@pytest.fixture
def sender(app: Flask) -> Program:
    return a_program(app, "send")
