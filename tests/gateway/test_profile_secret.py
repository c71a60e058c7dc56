"""A program of Telnyx's old API knows one secret: it sends with it, and checks posts with it."""

import base64
import hashlib
import hmac

import pytest

from smsinbox.core import clock
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import InboundText, Posting
from smsinbox.models import ApiKey, Callback, Message
from smsinbox.services import api_keys, callback_endpoints
from tests import build
from tests.gateway.test_doors import post

URL = "https://shop.example.com/sms"


@pytest.fixture
def secret(key: tuple[ApiKey, str], ada) -> str:
    callback, proof = callback_endpoints.create(key[0].id, "telnyx_v1", URL, ["*"], ada)
    assert proof == callback_endpoints.proof_of(callback)
    return proof


def believes(secret: str, header: str, body: bytes) -> bool:
    """As the sample server of that time does: the whole header must be the same."""
    seconds = header.partition(",")[0].removeprefix("t=")
    digest = hmac.digest(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256)
    return header == f"t={seconds},h={base64.b64encode(digest).decode()}"


def test_the_one_secret_sends_as_the_key_and_proves_what_we_post(app, key, number, secret):
    answer = post(app, "telnyx_v1", secret)
    assert answer.status_code == 200
    [message] = build.every(Message)
    assert (message.author_name, message.api_key_id) == ("Shop", key[0].id)
    [callback] = build.every(Callback)
    text = InboundText("m1", build.THEIRS, build.OURS, "Hello!", clock.now())
    webhook = DIALECTS["telnyx_v1"].server.announce(
        text, callback_endpoints.credentials(callback), Posting("e1", URL, clock.now())
    )
    assert webhook is not None
    assert believes(secret, webhook.header("X-Telnyx-Signature") or "", webhook.body)


def test_it_opens_no_other_door_and_ends_with_its_key(app, key, number, secret, ada):
    for dialect in ("trunx", "telnyx", "pingram"):
        assert post(app, dialect, secret).status_code == 401
    api_keys.revoke(key[0].id, ada)
    assert post(app, "telnyx_v1", secret).status_code == 401
    assert build.every(Message) == []


def test_a_new_secret_ends_the_old_one_and_a_second_endpoint_has_the_same(
    app, key, number, secret, ada
):
    callback, second = callback_endpoints.create(key[0].id, "telnyx_v1", URL + "2", ["*"], ada)
    assert second == secret
    _, new = callback_endpoints.renew(callback.id, ada)
    assert post(app, "telnyx_v1", secret).status_code == 401
    assert post(app, "telnyx_v1", new).status_code == 200


def test_a_key_that_only_reads_does_not_send_with_it_either(app, number, ada):
    reader, _ = api_keys.create("Reader", "read")
    _, proof = callback_endpoints.create(reader.id, "telnyx_v1", URL, ["*"], ada)
    assert post(app, "telnyx_v1", proof).status_code == 403


@pytest.mark.parametrize(
    "made_of", ["{}", "{}.", "{}.x", ".{}", "0{}.x", "\u0661.x", "9" * 30 + ".x"]
)
def test_what_only_looks_like_it_opens_nothing(app, key, number, secret, made_of):
    for word in (made_of.format(key[0].id), secret[:-1], secret + "x", "x" + secret):
        assert callback_endpoints.key_of("telnyx_v1", word) is None
