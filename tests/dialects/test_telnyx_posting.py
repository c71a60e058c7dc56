"""A text goes to Telnyx once, at the right address, and with all that can be said of it."""

import json
from dataclasses import replace

import httpx
import pytest

from smsinbox.dialects.base import Credentials, OutboundText
from smsinbox.dialects.telnyx import client

ACCOUNT = Credentials("https://carrier.test", "KEY1", "", {})
PROFILE = replace(ACCOUNT, settings={"messaging_profile_id": "4000eba1"})
TEXT = OutboundText("+13125550100", "+13125550199", "Hello")


def sent(text: OutboundText, account: Credentials = ACCOUNT) -> httpx.Request:
    calls: list[httpx.Request] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(200, json={"data": {"id": "m1"}})

    with httpx.Client(transport=httpx.MockTransport(carrier)) as http:
        client.send(text, account, http)
    [request] = calls
    return request


def test_a_text_is_posted_as_documented() -> None:
    request = sent(TEXT)
    assert (request.method, str(request.url)) == ("POST", "https://carrier.test/v2/messages")
    assert request.headers["Authorization"] == "Bearer KEY1"
    assert request.headers["Content-Type"] == "application/json"
    assert "Idempotency-Key" not in request.headers
    assert json.loads(request.content) == {
        "from": "+13125550100",
        "to": "+13125550199",
        "text": "Hello",
    }


def test_everything_that_can_be_said_of_a_text_is_said() -> None:
    text = replace(
        TEXT,
        media_urls=("https://media.example.test/1",),
        subject="Look",
        webhook_url="https://inbox.example.test/hooks",
        reference="r-1",
    )
    request = sent(text, PROFILE)
    assert request.headers["Idempotency-Key"] == "r-1"
    assert json.loads(request.content) == {
        "from": "+13125550100",
        "to": "+13125550199",
        "text": "Hello",
        "subject": "Look",
        "media_urls": ["https://media.example.test/1"],
        "type": "MMS",
        "messaging_profile_id": "4000eba1",
        "webhook_url": "https://inbox.example.test/hooks",
    }


def test_the_encoding_that_a_program_insists_on_is_told() -> None:
    asked = replace(TEXT, encoding="ucs2")
    assert json.loads(sent(asked).content)["encoding"] == "ucs2"
    with_files = replace(asked, media_urls=("https://media.example.test/1",))
    assert "encoding" not in json.loads(sent(with_files).content)


def test_without_a_sender_the_number_pool_is_asked() -> None:
    request = sent(replace(TEXT, sender=""), PROFILE)
    assert request.url.path == "/v2/messages/number_pool"
    assert json.loads(request.content) == {
        "to": "+13125550199",
        "text": "Hello",
        "messaging_profile_id": "4000eba1",
    }


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://carrier.test", "https://carrier.test/v2/messages"),
        ("https://carrier.test/", "https://carrier.test/v2/messages"),
        ("https://carrier.test/v2", "https://carrier.test/v2/messages"),
        ("https://carrier.test/v2/", "https://carrier.test/v2/messages"),
        ("https://carrier.test/telnyx", "https://carrier.test/telnyx/v2/messages"),
        ("", "https://api.telnyx.com/v2/messages"),
    ],
)
def test_a_base_address_may_have_its_v2_or_not(base: str, url: str) -> None:
    assert str(sent(TEXT, replace(ACCOUNT, base_url=base)).url) == url
