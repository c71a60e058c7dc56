"""A program looks at the texts that it sent, and at no others."""

from datetime import timedelta
from typing import Any

import pytest

from smsinbox.core import clock
from smsinbox.models import Message
from smsinbox.services import api_keys
from tests import build
from tests.gateway.test_doors import BODIES, headers_of, post, told

PLACES = [
    ("telnyx", "GET", "/v2/messages/{}", "10005"),
    ("telnyx", "DELETE", "/v2/messages/{}", "10005"),
    ("telnyx_v1", "GET", "/messages/{}", "40303"),
    ("pingram", "PUT", "/sender/scheduler/{}", "NOT_FOUND"),
    ("pingram", "DELETE", "/sender/scheduler/{}", "NOT_FOUND"),
]
IDS = ["0", "-1", "x", "٣", "1.0", "9" * 18, "9" * 30, "%00"]


def ask(app, dialect: str, plain: str, method: str, path: str) -> Any:
    later = {"schedule": (clock.now() + timedelta(hours=1)).isoformat()}
    body = later if method == "PUT" else None
    headers = headers_of(dialect, plain)
    return app.test_client().open(path, method=method, json=body, headers=headers)


def written(app, plain: str, dialect: str = "telnyx") -> Message:
    assert post(app, dialect, plain).status_code == 200
    return build.every(Message)[-1]


@pytest.mark.parametrize(("dialect", "method", "path", "code"), PLACES)
def test_the_text_of_another_program_or_of_a_person_is_not_there(
    app, plain, number, dialect, method, path, code
):
    _, other = api_keys.create("Other", "all")
    for text in (written(app, plain), build.a_message(build.a_conversation(number))):
        answer = ask(app, dialect, other, method, path.format(text.id))
        assert (answer.status_code, told(dialect, answer)) == (404, code)


@pytest.mark.parametrize(("dialect", "method", "path", "code"), PLACES)
def test_an_id_that_none_can_be_is_not_there(app, plain, number, dialect, method, path, code):
    for one in IDS:
        answer = ask(app, dialect, plain, method, path.format(one))
        assert (answer.status_code, told(dialect, answer)) == (404, code)


def test_the_reply_that_pingrams_program_gives_along_is_armed_under_the_keys_name(
    app, plain, number
):
    body = BODIES["pingram"][1] | {"autoReply": {"message": "We got it"}}
    answer = post(app, "pingram", plain, json=body)
    assert answer.status_code == 200
    [text] = build.every(Message)
    assert (text.arming, text.auto_reply, text.author_name) == ("armed", "We got it", "Shop")


def test_pingram_leaves_out_what_the_program_did_not_send(app, plain, number):
    _, other = api_keys.create("Other", "all")
    mine, theirs = written(app, plain, "pingram"), written(app, other, "pingram")
    answer = ask(app, "pingram", plain, "GET", f"/logs/status/{theirs.id},{mine.id},{mine.id},x")
    assert [one["trackingId"] for one in answer.json["statuses"]] == [str(mine.id)]


def test_pingram_is_asked_about_a_hundred_at_most(app, plain, number):
    ids = ",".join(map(str, range(101)))
    assert ask(app, "pingram", plain, "GET", f"/logs/status/{ids}").status_code == 400


@pytest.mark.parametrize(
    ("fields", "telnyx", "telnyx_v1", "pingram"),
    [
        ({"state": "scheduled"}, "queued", "queued", "PROCESSING"),
        ({"state": "queued"}, "queued", "queued", "PROCESSING"),
        ({"state": "sending"}, "sending", "sending", "PROCESSING"),
        ({"state": "uncertain"}, "sending", "sending", "PROCESSING"),
        ({"state": "accepted", "delivery": 10}, "sending", "sending", "PROCESSING"),
        ({"state": "accepted", "delivery": 20}, "sent", "sent", "SENT"),
        ({"state": "accepted", "delivery": 40}, "delivery_unconfirmed", "dlr_unconfirmed", "SENT"),
        ({"state": "accepted", "delivery": 50}, "delivery_failed", "failed", "FAILED"),
        ({"state": "accepted", "delivery": 60}, "delivered", "delivered", "DELIVERED"),
        ({"state": "failed", "error_code": "40001"}, "sending_failed", "gw_reject", "FAILED"),
        ({"state": "canceled"}, "cancelled", "failed", "UNSCHEDULED"),
    ],
)
def test_each_carrier_has_its_word_for_how_far_a_text_is(
    app, plain, number, fields, telnyx, telnyx_v1, pingram
):
    text = written(app, plain)
    waits = fields["state"] == "scheduled"
    if waits:
        _schedule(text)
        telnyx, pingram = "scheduled", "SCHEDULED"
    build.changed(text, **fields)
    shown = ask(app, "telnyx", plain, "GET", f"/v2/messages/{text.id}").json["data"]
    assert shown["to"][0]["status"] == telnyx
    assert bool(shown["errors"]) == (telnyx in ("sending_failed", "delivery_failed"))
    record = ask(app, "telnyx_v1", plain, "GET", f"/messages/{text.id}").json
    assert record["status"] == telnyx_v1
    (status,) = ask(app, "pingram", plain, "GET", f"/logs/status/{text.id}").json["statuses"]
    assert status["status"] == pingram


def _schedule(text: Message) -> None:
    assert text.asked is not None
    at = (clock.now() + timedelta(hours=1)).isoformat()
    build.changed(text, asked=text.asked | {"send_at": at})


def test_a_schedule_is_deleted_once_and_its_text_never_leaves(app, plain, number):
    at = (clock.now() + timedelta(hours=1)).isoformat()
    body = BODIES["pingram"][1] | {"schedule": at}
    sent = post(app, "pingram", plain, json=body)
    path = f"/sender/scheduler/{sent.json['trackingId']}"  # type: ignore[index]
    assert sent.json["messages"] == ["SMS scheduled"]  # type: ignore[index]
    assert ask(app, "pingram", plain, "DELETE", path).status_code == 200
    late = ask(app, "pingram", plain, "PUT", path)
    assert (late.status_code, told("pingram", late)) == (409, "ALREADY_SENT")
    assert build.every(Message)[0].state == "canceled"


@pytest.mark.parametrize("schedule", ["9999-12-31T23:59:59Z", "2500-01-01T00:00:00Z", "soon", 5])
def test_a_schedule_that_nobody_can_keep_is_refused(app, plain, number, schedule):
    answer = post(app, "pingram", plain, json=BODIES["pingram"][1] | {"schedule": schedule})
    assert (answer.status_code, told("pingram", answer)) == (400, "INVALID_FIELD")


def test_a_text_at_once_cannot_be_canceled(app, plain, number):
    text = written(app, plain)
    answer = ask(app, "telnyx", plain, "DELETE", f"/v2/messages/{text.id}")
    assert (answer.status_code, told("telnyx", answer)) == (422, "10027")
