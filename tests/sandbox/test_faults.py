"""Each knob makes the carrier misbehave in one way, for as long as it is told to."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.sandbox.inbox import Inbox, until
from tests.sandbox.test_texts import send


def put(sandbox: FlaskClient, **knobs: Any) -> Any:
    answer = sandbox.put("/faults", json=knobs)
    assert answer.status_code == 200
    return answer.json


def test_without_faults_all_knobs_are_calm(sandbox: FlaskClient) -> None:
    assert sandbox.get("/faults").json == {
        "dialect": "",
        "answer": "ok",
        "answer_times": None,
        "retry_after": None,
        "delay": 0.0,
        "receipts": {
            "duplicate": 0,
            "delay": 0.0,
            "reorder": False,
            "drop": False,
            "before_answer": False,
            "fail": False,
            "forged": False,
            "skew": 0.0,
        },
        "blocks_stop": False,
    }


@pytest.mark.parametrize(
    ("answer", "status", "kind"),
    [
        ("429", 429, "rate-limited"),
        ("500", 500, "internal-error"),
        ("503", 503, "unavailable"),
        ("401", 401, "unauthorized"),
        ("reject", 422, "content-blocked"),
    ],
)
def test_a_refusal_takes_nothing_and_ends_after_its_times(
    sandbox: FlaskClient, answer: str, status: int, kind: str
) -> None:
    put(sandbox, answer=answer, answer_times=2, retry_after=7)
    for _ in range(2):
        refusal = send(sandbox)
        assert refusal.status_code == status
        assert refusal.headers["Retry-After"] == "7"
        assert refusal.json
        assert refusal.json["type"].endswith(f"/{kind}")
    assert send(sandbox).status_code == 200
    assert len(sandbox.get("/log").json or []) == 1


def test_putting_one_knob_leaves_the_others(sandbox: FlaskClient) -> None:
    put(sandbox, answer="503", receipts={"duplicate": 2})
    knobs = put(sandbox, receipts={"reorder": True})
    assert knobs["answer"] == "503"
    assert knobs["receipts"]["duplicate"] == 2
    assert knobs["receipts"]["reorder"] is True


@pytest.mark.parametrize(
    "knobs",
    [
        {"colour": "red"},
        {"receipts": {"colour": "red"}},
        {"receipts": None},
        {"answer": "418"},
        {"answer_times": 0},
        {"delay": -1},
        {"delay": 1e9},
        {"receipts": {"drop": "yes"}},
        [],
        "ok",
    ],
    ids=str,
)
def test_an_absurd_knob_changes_nothing(sandbox: FlaskClient, knobs: object) -> None:
    before = put(sandbox, answer="429")
    assert sandbox.put("/faults", json=knobs).status_code == 400
    assert sandbox.get("/faults").json == before


def test_receipts_can_come_twice_and_in_the_wrong_order(sandbox: FlaskClient, inbox: Inbox) -> None:
    put(sandbox, receipts={"duplicate": 1, "reorder": True})
    send(sandbox)
    until(lambda: len(inbox.receipts) == 4)
    assert inbox.receipts == ["delivered", "delivered", "sent", "sent"]


def test_receipts_can_come_before_the_answer(sandbox: FlaskClient, inbox: Inbox) -> None:
    put(sandbox, receipts={"before_answer": True})
    send(sandbox)
    assert inbox.receipts == ["sent", "delivered"]


def test_receipts_can_tell_of_a_failure(sandbox: FlaskClient, inbox: Inbox) -> None:
    put(sandbox, receipts={"fail": True, "before_answer": True})
    send(sandbox)
    assert inbox.receipts == ["sent", "failed"]
    assert inbox.events[1].code == "undeliverable"  # type: ignore[union-attr]


def test_receipts_can_be_late_or_never_come(sandbox: FlaskClient, inbox: Inbox) -> None:
    put(sandbox, receipts={"drop": True})
    send(sandbox)
    put(sandbox, receipts={"drop": False, "delay": 0.5})
    send(sandbox)
    assert inbox.receipts == []
    until(lambda: len(inbox.receipts) == 2)
    assert inbox.tries == 2
