"""A webhook that the profile's secret did not sign, or signed long ago, is not believed."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
import time_machine

from smsinbox.dialects.base import Credentials, InboundText, Posting, SignedRequest
from smsinbox.dialects.errors import Forged
from smsinbox.dialects.telnyx_v1 import client, server, wire

# The vector of Telnyx's own sample server, byte for byte:
# https://github.com/team-telnyx/telnyx-sms-demo-server
SECRET = "rq789onm321yxzkjihfEdcAm"
SIGNED_AT = 1520983646
BODY = (
    b'{"sms_id": "834f3d53-8a3c-4aa0-a733-7f2d682a72df", "from": "+13129450002",'
    b' "to": "+13125550001", "body": "Hello!"}'
)
SIGNATURE = "t=1520983646,h=FHbtAkvKvF5r81WLUlZtNy8k/mZi0byhw0G37njXqBs="
ACCOUNT = Credentials("", "", SECRET)


def webhook(signature: str = SIGNATURE, body: bytes = BODY) -> SignedRequest:
    return SignedRequest({"x-telnyx-SIGNATURE": signature}, body)


def signature(seconds: str, body: bytes = BODY, secret: str = SECRET) -> str:
    signed = seconds.encode() + b"." + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return f"t={seconds},h={base64.b64encode(digest).decode()}"


def at(seconds: int) -> time_machine.travel:
    return time_machine.travel(datetime.fromtimestamp(seconds, UTC), tick=False)


def refusal(request: SignedRequest, account: Credentials = ACCOUNT) -> str:
    with pytest.raises(Forged) as caught:
        client.verify(request, account)
    return caught.value.detail


def test_we_sign_as_the_published_vector_is_signed() -> None:
    assert f"t={SIGNED_AT},h={wire.sign(SECRET, str(SIGNED_AT), BODY)}" == SIGNATURE


def test_our_header_is_whole_what_the_sample_server_compares() -> None:
    now = datetime.fromtimestamp(SIGNED_AT, UTC)
    text = InboundText("m1", "+13129450002", "+13125550001", "Hello!")
    request = server.announce(text, ACCOUNT, Posting("e1", "https://x.test", now))
    assert request is not None
    assert request.header("X-Telnyx-Signature") == signature(str(SIGNED_AT), request.body)


@at(SIGNED_AT)
@pytest.mark.parametrize(
    "header",
    [
        "t=1520983646",
        "h=FHbtAkvKvF5r81WLUlZtNy8k/mZi0byhw0G37njXqBs=",
        "h=FHbtAkvKvF5r81WLUlZtNy8k/mZi0byhw0G37njXqBs=,t=1520983646",
        "t=,h=FHbtAkvKvF5r81WLUlZtNy8k/mZi0byhw0G37njXqBs=",
        "t=1520983646,h=",
        "t=-5,h=x",
        "t=1e9,h=x",
        "t=١٢٣,h=x",
        "t=" + "9" * 400 + ",h=x",
        "garbage",
        " ",
        "\0",
        "x" * 10_000,
    ],
    ids=range(13),
)
def test_a_header_of_another_shape_says_which_shape_it_should_have(header: str) -> None:
    assert refusal(webhook(header)).endswith("is not t=<seconds>,h=<base64>.")


@at(SIGNED_AT)
@pytest.mark.parametrize(
    "header",
    [
        SIGNATURE + ",h=more",
        SIGNATURE + "=",
        SIGNATURE.lower(),
        signature(str(SIGNED_AT), secret="of-another-profile"),
        signature(str(SIGNED_AT), secret=""),
        signature("0" + str(SIGNED_AT)).replace("t=0", "t="),
        "t=1520983646,h=ümlaut",
        "t=1520983646,h=\ud83d",
    ],
    ids=range(8),
)
def test_a_wrong_signature_says_that_the_secret_or_the_body_is_another(header: str) -> None:
    assert refusal(webhook(header)).startswith("The signature does not hold")
