"""A program that insists on an encoding gets it, or is told that it cannot have it."""

from typing import Any

import pytest

from smsinbox.models import Message
from smsinbox.services import accounts, delivery, numbers
from tests import build
from tests.gateway.test_doors import BODIES, post, told


@pytest.fixture
def telnyx(app):
    return build.a_number(
        account=accounts.create("telnyx", "Telnyx", "http://127.0.0.1:9", "KEY1", "A" * 43 + "=")
    )


def send(app, plain, **fields: Any):
    return post(app, "telnyx", plain, json=BODIES["telnyx"][1] | fields)


@pytest.mark.parametrize(
    ("encoding", "text", "told_as", "parts", "said"),
    [
        ("auto", "x" * 71, "GSM-7", 1, "x" * 71),
        ("ucs2", "x" * 71, "UCS-2", 2, "x" * 71),
        ("gsm7", "“x” – …", "GSM-7", 1, '"x" - ...'),
        ("auto", "“x”", "UCS-2", 1, "“x”"),
    ],
)
def test_the_answer_the_segments_and_the_carrier_hear_the_same(
    app, plain, telnyx, encoding, text, told_as, parts, said
):
    answer = send(app, plain, text=text, encoding=encoding).json["data"]
    assert (answer["encoding"], answer["parts"], answer["text"]) == (told_as, parts, said)
    [message] = build.every(Message)
    assert (message.encoding, message.segments) == (told_as, parts)
    headers = {"Authorization": f"Bearer {plain}"}
    shown = app.test_client().get(f"/v2/messages/{message.id}", headers=headers).json["data"]
    assert (shown["encoding"], shown["parts"]) == (told_as, parts)
    claim = delivery.claim()
    assert claim is not None
    assert (claim.text.body, claim.text.encoding) == (said, encoding.replace("auto", ""))


def test_what_a_carrier_cannot_be_told_is_refused(app, plain, number):
    refused = send(app, plain, encoding="ucs2")
    assert (refused.status_code, told("telnyx", refused)) == (422, "10027")
    assert refused.json["errors"][0]["source"] == {"pointer": "/encoding"}
    assert "Trunx" in refused.json["errors"][0]["detail"]
    assert send(app, plain, encoding="ucs2", text="я").status_code == 200
    assert [message.body for message in build.every(Message)] == ["я"]


def test_words_that_gsm_7_lacks_are_refused_where_it_is_wanted(app, plain, telnyx):
    assert send(app, plain, encoding="gsm7", text="я").status_code == 400
    assert build.every(Message) == []


def test_it_waits_for_a_carrier_that_can_be_told(app, plain, telnyx):
    backup = build.an_account(name="Backup")
    numbers.edit(telnyx.id, telnyx.name, 1000.0, [backup.id], None)
    send(app, plain, encoding="ucs2")
    build.changed(build.again(telnyx.account), paused_at=telnyx.created_at)
    assert delivery.claim() is None
    assert build.every(Message)[0].state == "queued"
