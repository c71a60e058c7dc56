"""Nobody enters the API without a key whose scope covers what they ask for."""

import base64

import pytest

from smsinbox.services import api_keys
from tests import build

NUMBERS = "/api/v1/numbers"


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def assert_problem(answer, status: int, kind: str) -> None:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert set(answer.json) == {"type", "title", "status", "detail"}
    assert answer.json["status"] == status
    assert answer.json["type"].endswith(f"/errors/{kind}")
    assert answer.json["title"]
    assert answer.json["detail"]


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer sk_unknown", "sk_unknown", "Basic", basic("a:b"), "Bearer é"],
)
def test_without_a_good_key_the_answer_is_401_and_names_the_scheme(client, authorization):
    answer = client.get(NUMBERS, headers={"Authorization": authorization})
    assert_problem(answer, 401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_key_is_refused_at_once(client):
    key, plain = api_keys.create("Shop", "all")
    headers = {"Authorization": f"Bearer {plain}"}
    assert client.get(NUMBERS, headers=headers).status_code == 200
    api_keys.revoke(key.id, None)
    assert client.get(NUMBERS, headers=headers).status_code == 401


@pytest.mark.parametrize("name", ["key", "api_key", "apikey", "token", "access_token"])
def test_a_key_in_the_address_is_refused_even_beside_a_good_one(program, name):
    key = program.headers["Authorization"].removeprefix("Bearer ")
    assert_problem(program.get(f"/numbers?{name}={key}"), 401, "unauthorized")


def test_the_scheme_may_be_written_in_lower_case(client, program):
    lower = program.headers["Authorization"].replace("Bearer", "bearer")
    assert client.get(NUMBERS, headers={"Authorization": lower}).status_code == 200


def test_a_key_that_only_reads_cannot_send(reader):
    conversation = build.a_conversation()
    answer = reader.post(f"/conversations/{conversation.id}/messages", json={"body": "Hi"})
    assert_problem(answer, 403, "forbidden")


@pytest.mark.parametrize("path", ["/numbers", "/conversations", "/conversations/1"])
def test_a_key_that_only_sends_cannot_read(sender, path):
    assert_problem(sender.get(path), 403, "forbidden")


def test_a_key_that_only_sends_can_send(sender):
    conversation = build.a_conversation()
    answer = sender.post(f"/conversations/{conversation.id}/messages", json={"body": "Hi"})
    assert answer.status_code == 201


def test_a_signed_in_user_is_not_a_program(app, ada):
    assert build.signed_in(app, ada).get(NUMBERS).status_code == 401


def test_every_address_of_the_api_asks_for_a_key(app, client):
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    assert len(rules) >= 5
    for rule in rules:
        path = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, 1))
        for method in rule.methods:
            assert client.open(path, method=method).status_code == 401, (method, path)


@pytest.mark.parametrize("path", ["/nothing", "/conversations/x"])
def test_what_is_not_there_is_a_problem_too(program, path):
    answer = program.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_a_method_that_an_address_does_not_take_is_405(program):
    answer = program.post("/numbers", json={})
    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"
