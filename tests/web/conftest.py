"""Who opens the pages, and whose conversation stands there."""

import pytest
from flask.testing import FlaskClient

from smsinbox.models import Conversation
from tests import build


@pytest.fixture
def agent(app, ben) -> FlaskClient:
    return build.signed_in(app, ben)


@pytest.fixture
def outsider(app, cy) -> FlaskClient:
    return build.signed_in(app, cy)


@pytest.fixture
def viewer(app, number) -> FlaskClient:
    return build.signed_in(app, build.a_user("Vi", role="viewer", numbers=[number]))


@pytest.fixture
def maria(number) -> Conversation:
    return build.a_conversation(number, build.a_contact("+14155550111", name="Maria Lopez"))
