"""Programs ask what the rules would say; nothing comes of it."""

import pytest

from smsinbox.models import Decision, Message
from smsinbox.rules.decision import Mode
from smsinbox.services import api_keys, rules
from tests import build


@pytest.fixture
def ask(client, number):
    headers = {"Authorization": f"Bearer {api_keys.create('Shop', 'read')[1]}"}

    def asked(json, number_id=number.id):
        return client.post(f"/api/v1/numbers/{number_id}/rules/try", json=json, headers=headers)

    return asked


@pytest.fixture
def hours(number):
    wanted = {"match": {"terms": ["hours"]}, "reply": "9 to 5"}
    return rules.create(number.id, "Hours", wanted, None, Mode.ON)


@pytest.mark.parametrize(
    ("body", "winner", "consent", "reply"),
    [
        ("HOURS!!", "Hours", None, "9 to 5"),
        ("what are your hours", None, None, None),
        ("STOP", None, "stop", None),
        ("help", None, "help", None),
    ],
)
def test_the_answer_names_the_winner_and_what_came_of_each_rule(
    ask, hours, body, winner, consent, reply
):
    answer = ask({"body": body})
    assert answer.status_code == 200
    said = answer.json
    assert (said["winner"], said["consent"], said["reply"]) == (winner, consent, reply)
    [one] = said["decisions"]
    assert one.keys() == {"rule", "outcome", "reason"}
    assert one["rule"] == "Hours"
    assert build.every(Message) == build.every(Decision) == []


def test_new_contacts_and_moments_can_be_tried(ask, number):
    wanted = {"match": {"type": "first_contact"}, "reply": "Hi", "valid_until": "2026-01-31"}
    rules.create(number.id, "Welcome", wanted, None, Mode.ON)
    for fields, winner in (
        ({"at": "2026-01-31 23:59", "contact": "new"}, "Welcome"),
        ({"at": "2026-02-01T08:01:00Z", "contact": "new"}, None),
        ({"at": "2026-01-31 23:59"}, None),
    ):
        assert ask({"body": "hi"} | fields).json["winner"] == winner


@pytest.mark.parametrize(
    "json",
    [
        {},
        {"body": 1},
        {"body": "x", "at": "soon"},
        {"body": "x", "contact": "me"},
        {"body": "x" * 10_001},
    ],
)
def test_what_cannot_be_tried_is_refused(ask, json):
    answer = ask(json)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_a_number_that_is_not_there_is_not_found(ask):
    assert ask({"body": "x"}, 4711).status_code == 404


def test_without_a_key_that_may_read_nothing_is_said(client, number):
    path = f"/api/v1/numbers/{number.id}/rules/try"
    assert client.post(path, json={"body": "x"}).status_code == 401
    sends = {"Authorization": f"Bearer {api_keys.create('Shop', 'send')[1]}"}
    assert client.post(path, json={"body": "x"}, headers=sends).status_code == 403
