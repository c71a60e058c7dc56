"""The same request under the same key is answered the same, and writes one text."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.models import Idempotency, Message
from smsinbox.services import api_keys, idempotency
from tests import build
from tests.gateway.test_doors import BODIES, EVERY, post, told

ONCE = {"Idempotency-Key": "order-1"}


@EVERY
def test_the_same_request_is_answered_the_same_and_sends_once(app, plain, number, dialect):
    first, second = (post(app, dialect, plain, headers=ONCE) for _ in "ab")
    assert (first.status_code, first.json) == (second.status_code, second.json)
    assert first.headers["Content-Type"] == second.headers["Content-Type"]
    assert len(build.every(Message)) == 1


@pytest.mark.parametrize(
    ("dialect", "status", "code"),
    [
        ("trunx", 409, "conflict"),
        ("telnyx", 422, "10012"),
        ("telnyx_v1", 409, "10012"),
        ("pingram", 409, "CONFLICT"),
    ],
)
def test_another_request_under_the_same_key_is_refused(app, plain, number, dialect, status, code):
    post(app, dialect, plain, headers=ONCE)
    answer = post(
        app, dialect, plain, headers=ONCE, json=BODIES[dialect][1] | {"to": "+13125550100"}
    )
    assert (answer.status_code, told(dialect, answer)) == (status, code)
    assert len(build.every(Message)) == 1


def test_the_same_body_at_another_address_is_another_request(app, plain, number):
    post(app, "telnyx", plain, headers=ONCE)
    headers = {"Authorization": f"Bearer {plain}"} | ONCE
    body = BODIES["telnyx"][1]
    answer = app.test_client().post("/v2/messages/long_code", json=body, headers=headers)
    assert answer.status_code == 422


def test_a_key_belongs_to_its_program(app, plain, number):
    _, other = api_keys.create("Other", "all")
    first, second = (post(app, "trunx", one, headers=ONCE) for one in (plain, other))
    assert first.json != second.json
    assert len(build.every(Message)) == 2


def test_what_was_answered_stands_whatever_happened_since(app, plain, number):
    first = post(app, "telnyx", plain, headers=ONCE)
    (message,) = build.every(Message)
    build.changed(message, state="accepted", carrier_id="c", delivery=60)
    build.an_opt_out(message.conversation)
    assert post(app, "telnyx", plain, headers=ONCE).json == first.json


def test_what_was_refused_may_be_tried_again(app, plain, number):
    wrong = BODIES["trunx"][1] | {"from": "+14155550143"}
    assert post(app, "trunx", plain, headers=ONCE, json=wrong).status_code == 422
    assert build.every(Idempotency) == []
    assert post(app, "trunx", plain, headers=ONCE).status_code == 200


@pytest.mark.parametrize("name", ["", "ö", "x" * 256, "a\x7fb"])
def test_a_key_that_none_can_be_is_refused(app, plain, number, name):
    answer = post(app, "telnyx", plain, headers={"Idempotency-Key": name})
    assert (answer.status_code, told("telnyx", answer)) == (400, "10015")


@EVERY
def test_many_that_come_at_once_send_one_text(app, plain, number, dialect):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(app, dialect, plain, headers=ONCE), range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert len(build.every(Message)) == 1


def test_of_two_different_ones_at_once_one_is_refused(app, plain, number):
    bodies = [BODIES["trunx"][1] | {"message": str(at % 2)} for at in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda b: post(app, "trunx", plain, headers=ONCE, json=b), bodies))
    assert {answer.status_code for answer in answers} == {200, 409}
    assert len(build.every(Message)) == 1


_PROGRAM = """
import sys
from pathlib import Path
from pydantic import SecretStr
from smsinbox.application import create_app
from smsinbox.core.config import Settings
instance, database, key, start = sys.argv[1:]
app = create_app(Settings(instance_path=Path(instance), database_url=database, redis_url="",
    secret_key=SecretStr("a key for tests only, long enough")))
sys.stdin.readline()
body = {"from": "+14155550142", "to": "+13125550199", "message": "Hello"}
headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "order-1"}
answer = app.test_client().post("/api/sms", json=body, headers=headers)
print(answer.status_code, answer.json["id"])
"""


def test_of_two_processes_one_sends(app, plain, number, tmp_path):
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    command = [sys.executable, "-c", _PROGRAM, str(tmp_path), url, plain, "go"]
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    running = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in "ab"
    ]
    for one in running:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    said = {one.communicate(timeout=60)[0].strip() for one in running}
    (message,) = build.every(Message)
    assert said == {f"200 {message.id}"}


def test_a_day_later_it_is_a_new_request(app, plain, number):
    post(app, "trunx", plain, headers=ONCE)
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert post(app, "trunx", plain, headers=ONCE).status_code == 200
    assert len(build.every(Message)) == 2


def test_the_sweeper_clears_what_is_older_than_a_day(app, plain, number):
    post(app, "trunx", plain, headers=ONCE)
    assert idempotency.forget() == 0
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert idempotency.forget() == 1
    db.session.rollback()
    assert build.every(Idempotency) == []
