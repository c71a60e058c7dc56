"""A tail of the log that looks when the test says so."""

import pytest

from smsinbox.core.database import db
from smsinbox.live.tail import Tail


@pytest.fixture
def tail(app, monkeypatch):
    """A tail that looks when the test says so."""
    tail = Tail(app)
    monkeypatch.setattr(tail, "_start", lambda: setattr(tail, "_started", True))
    return tail


@pytest.fixture
def look(app, tail):
    def now() -> None:
        db.session.rollback()
        with app.test_request_context():
            tail._look(patient=False)

    return now
