"""Our own words: every happening has one, signed as Standard Webhooks has it."""

import base64
import hashlib
import hmac
import json

from smsinbox.dialects import VOICES, house
from smsinbox.dialects.base import Credentials, Happening, Progress, Rank
from tests.dialects.cases.case import NOON
from tests.dialects.test_contract_server import HAPPENING, OURS, POSTING, TAKEN, THEIRS

KEY = b"0123456789abcdef0123456789abcdef"
SECRET = Credentials("", "", f"whsec_{base64.b64encode(KEY).decode()}")


def told(happening: Happening) -> dict:
    webhook = house.announce(HAPPENING[happening], SECRET, POSTING)
    assert webhook is not None
    return json.loads(webhook.body)


def test_everything_that_happens_has_a_word():
    assert {kind: told(kind)["type"] for kind in Happening} == house.EVENTS
    assert VOICES[house.NAME].announcer.EVENTS == house.EVENTS


def test_a_text_that_has_come_no_further_is_not_told():
    assert house.announce(Progress(TAKEN, Rank.QUEUED, NOON), SECRET, POSTING) is None


def test_a_rule_tells_its_name_and_whom_and_what_it_is_about_and_no_words():
    assert told(Happening.RULE) == {
        "id": "event-1",
        "type": "rule.fired",
        "data": {
            "rule": {"id": 1, "name": "Urgent"},
            "conversation_id": 2,
            "text_id": 3,
            "contact": {"id": 4, "phone": THEIRS, "name": "Maya"},
            "number": {"id": 5, "phone": OURS, "name": "Us"},
            "at": NOON.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        },
    }


def test_the_signature_is_what_any_library_of_standard_webhooks_expects():
    webhook = house.announce(HAPPENING[Happening.RECEIVED], SECRET, POSTING)
    assert webhook is not None
    timestamp = webhook.header("webhook-timestamp")
    assert timestamp == str(int(NOON.timestamp()))
    signed = f"event-1.{timestamp}.".encode() + webhook.body
    wanted = base64.b64encode(hmac.digest(KEY, signed, hashlib.sha256)).decode()
    assert webhook.header("webhook-signature") == f"v1,{wanted}"
    assert webhook.header("webhook-id") == "event-1"


def test_new_secrets_sign_and_are_never_the_same():
    one, other = house.new_secrets(), house.new_secrets()
    assert one.signs == one.proves != other.signs
    assert house.announce(HAPPENING[Happening.SENT], Credentials("", "", one.signs), POSTING)
