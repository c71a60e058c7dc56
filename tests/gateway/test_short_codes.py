"""Texts to short codes, and from senders that are no phone numbers, where a carrier can."""

from typing import Any

import pytest

from smsinbox.models import Contact, Message
from smsinbox.services import accounts, delivery, numbers
from tests import build
from tests.gateway.test_doors import BODIES, EVERY, post, told

SHORT = "12345"


@pytest.fixture
def telnyx(app):
    account = accounts.create("telnyx", "Telnyx", "http://127.0.0.1:9", "KEY1", "A" * 43 + "=")
    return build.a_number(account=account)


def send(app, plain, dialect="telnyx", **fields: Any):
    return post(app, dialect, plain, json=BODIES[dialect][1] | fields)


@pytest.mark.parametrize("ours", [build.OURS, "54321", "Shop"])
def test_telnyx_takes_a_text_to_a_short_code(app, plain, telnyx, ours):
    if ours != build.OURS:
        build.a_number(ours, account=telnyx.account)
    fields = {"messaging_profile_id": "4000eba1"} if ours == "Shop" else {}
    answer = send(app, plain, to=SHORT, **{"from": ours}, **fields)
    assert answer.json["data"]["to"][0]["phone_number"] == SHORT
    [contact] = build.every(Contact)
    assert (contact.phone, contact.kind) == (SHORT, "short_code")
    claim = delivery.claim()
    assert claim is not None
    assert (claim.text.sender, claim.text.recipient) == (ours, SHORT)


@EVERY
def test_where_the_carrier_texts_none_it_is_refused(app, plain, number, dialect):
    refused = send(app, plain, dialect, to=SHORT)
    assert refused.status_code in (400, 422)
    assert dialect not in ("telnyx", "telnyx_v1") or told(dialect, refused) == "40310"
    assert build.every(Contact) == []


def test_the_pool_chooses_a_number_whose_carrier_can(app, plain, telnyx):
    build.a_number("+14155550143")
    body = {"to": SHORT, "text": "Hi", "messaging_profile_id": "4000eba1"}
    assert post(app, "telnyx", plain, json=body).status_code == 200
    assert build.every(Message)[0].number_id == telnyx.id


def test_it_never_goes_by_a_backup_that_cannot(app, plain, telnyx):
    numbers.edit(telnyx.id, telnyx.name, 1000.0, [build.an_account().id], None)
    send(app, plain, to=SHORT)
    build.changed(build.again(telnyx.account), paused_at=telnyx.created_at)
    assert delivery.claim() is None


@pytest.mark.parametrize("sender", ["Shop", "54321"])
def test_the_refusal_of_another_name_says_what_to_do(app, plain, telnyx, sender):
    refused = send(app, plain, **{"from": sender}, messaging_profile_id="4000eba1")
    assert "an admin adds those" in refused.json["errors"][0]["detail"]
