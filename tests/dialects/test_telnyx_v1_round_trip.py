"""Both sides of the legacy API understand each other, and the programs that people wrote for it."""

import base64
import hmac
import json
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Asked,
    ConsentChange,
    Cost,
    Credentials,
    InboundText,
    Media,
    OutboundText,
    Posting,
    Progress,
    Rank,
    Receipt,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.errors import Misconfigured, OptedOut, Reason, Refusal
from smsinbox.dialects.http import carrier_client
from smsinbox.dialects.sides import Reply
from smsinbox.dialects.telnyx_v1 import DIALECT

SECRET = "rq789onm321yxzkjihfEdcAm"
OPTED_OUT = "+13125550300"

phones = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
ids = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=200)
# Everything a string of ours can hold, lone surrogates and NUL included.
bodies = st.text(st.characters(exclude_categories=()), max_size=1600)
urls = st.from_regex(r"https://m\.test/[a-z0-9]{1,20}\.(jpg|mp4|amr|txt|vcf)", fullmatch=True)
moments = st.integers(0, 4_000_000_000_000).map(
    lambda millis: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis)
)
files = st.builds(
    Media,
    urls,
    st.sampled_from(["", "image/jpeg"]),
    st.none() | st.integers(0, 1_000_000),
    st.sampled_from(["", "ab" * 32]),
)
accounts = st.builds(
    Credentials,
    base_url=st.just("https://carrier.test/"),
    key=st.just(""),
    secret=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60),
    settings=st.sampled_from([{}, {"check_sender_health": "true"}, {"check_sender_health": ""}]),
)
taken = st.builds(
    Taken,
    carrier_id=ids,
    asked=st.builds(Asked, st.builds(OutboundText, phones, phones, bodies)),
    at=moments,
    encoding=st.sampled_from(["GSM-7", "UCS-2"]),
    segments=st.integers(1, 10),
    cost=st.none() | st.builds(Cost, st.integers(0, 10**9), st.just("USD")),
)
progress = st.builds(
    Progress,
    taken=taken,
    rank=st.sampled_from([rank for rank in Rank if rank]),
    occurred_at=moments,
    code=st.sampled_from(["", "40001", "landline"]),
    detail=st.sampled_from(["", "The phone is off.", "No such number."]),
)
texts = st.builds(
    OutboundText,
    sender=st.just("") | phones | st.sampled_from(["ACME", "72345"]),
    recipient=phones,
    body=bodies.filter(len),
    media_urls=st.lists(urls, max_size=10).map(tuple),
    subject=st.sampled_from(["", "Cat"]),
    webhook_url=st.sampled_from(["", "https://inbox.test/webhooks/1"]),
)


def posting() -> Posting:
    return Posting("event-1", "https://inbox.test/webhooks", clock.now())


@given(
    st.builds(
        InboundText,
        ids,
        phones,
        phones,
        bodies,
        st.none(),
        st.lists(files, max_size=3).map(tuple),
    ),
    accounts,
)
def test_an_announced_text_is_verified_and_read_as_it_was_written(
    text: InboundText, account: Credentials
) -> None:
    webhook = DIALECT.server.announce(text, account, posting())
    assert webhook is not None

    DIALECT.client.verify(webhook, account)
    [event] = DIALECT.client.read(webhook)

    assert event == replace(text, body=clean(text.body))


@given(progress, accounts)
def test_announced_progress_is_verified_and_read_as_a_receipt_with_its_rank(
    progress: Progress, account: Credentials
) -> None:
    webhook = DIALECT.server.announce(progress, account, posting())
    assert webhook is not None

    DIALECT.client.verify(webhook, account)
    [event] = DIALECT.client.read(webhook)

    assert isinstance(event, Receipt)
    assert event.rank is progress.rank
    assert event.carrier_id == progress.taken.carrier_id
    text = progress.taken.text
    assert (event.sender, event.recipient) == (text.sender, text.recipient)
    bare = "failed" if progress.rank is Rank.UNDELIVERED else None
    assert (event.code, event.detail) == (progress.code or bare, progress.detail or None)
    assert event.occurred_at == progress.occurred_at
    assert (event.cost, event.segments) == (progress.taken.cost, progress.taken.segments)


@given(texts, taken, accounts)
def test_what_we_send_is_what_a_server_accepts(
    text: OutboundText, taken: Taken, account: Credentials
) -> None:
    seen: list[Asked] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        assert request.url == "https://carrier.test/messages"
        asked_by = SignedRequest(dict(request.headers), b"")
        assert DIALECT.server.key_of(asked_by) == account.secret
        seen.append(DIALECT.server.accept(request.url.path, request.content))
        return _http(DIALECT.server.answer(taken))

    with httpx.Client(transport=httpx.MockTransport(carrier)) as http:
        accepted = DIALECT.client.send(text, account, http)

    assert (accepted.carrier_id, accepted.segments) == (taken.carrier_id, taken.segments)
    [asked] = seen
    subject = text.subject if text.media_urls else ""
    assert asked.text == replace(text, body=clean(text.body), subject=subject, webhook_url="")
    assert asked.webhook_urls == ((text.webhook_url,) if text.webhook_url else ())
    assert asked.refuse_unhealthy is (account.settings.get("check_sender_health") == "true")


def test_a_carrier_that_tells_nothing_about_consent_announces_nothing() -> None:
    change = ConsentChange("+13125550199", "+13125550100", opted_out=True)
    assert DIALECT.server.announce(change, Credentials("", "", SECRET), posting()) is None


def _http(reply: Reply) -> httpx.Response:
    return httpx.Response(reply.status, json=reply.body, headers=reply.headers)


class _Carrier(BaseHTTPRequestHandler):
    """Nothing but the server side of the dialect, on a port."""

    def do_POST(self) -> None:
        request = SignedRequest(
            dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))
        )
        try:
            reply = self._reply(request)
        except Refusal as refusal:
            reply = DIALECT.server.refuse(refusal)
        body = json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in (reply.headers | {"Content-Type": reply.media_type}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _reply(self, request: SignedRequest) -> Reply:
        if DIALECT.server.key_of(request) != SECRET:
            raise Refusal(Reason.UNAUTHORIZED, "The profile secret is wrong.")
        asked = DIALECT.server.accept(self.path, request.body)
        if asked.text.recipient == OPTED_OUT:
            raise Refusal(Reason.OPTED_OUT, "They said STOP.", field="to")
        return DIALECT.server.answer(Taken("m1", asked, clock.now(), "GSM-7", 1))

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    carrier = ThreadingHTTPServer(("127.0.0.1", 0), _Carrier)
    thread = threading.Thread(target=carrier.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{carrier.server_address[1]}"
    carrier.shutdown()
    thread.join()
    carrier.server_close()


def sample_send(base_url: str) -> tuple[int, str]:
    """The request of the official sample server, as it was recorded."""
    request = urllib.request.Request(
        base_url + "/messages",
        b"from=%2B13125550100&to=%2B13125550199&body=Echo%3A+Hello%21",
        {"X-Profile-Secret": SECRET, "Content-Type": "application/x-www-form-urlencoded"},
    )
    with urllib.request.urlopen(request) as answer:
        return answer.status, answer.read().decode()


def sample_verify(secret: str, header: str, body: bytes) -> bool:
    """As the official sample server does it: it rebuilds the whole header and compares that."""
    timestamp = header.split(",")[0].split("=")[1]
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, "sha256").digest()
    return header == f"t={timestamp},h={base64.b64encode(digest).decode('ascii')}"


def test_the_request_of_the_official_sample_is_answered_with_the_200_it_wants(
    base_url: str,
) -> None:
    status, body = sample_send(base_url)
    assert (status, json.loads(body)["status"]) == (200, "queued")


@pytest.mark.parametrize(
    "event",
    [
        InboundText("m1", "+13125550199", "+13125550100", "Grüße 😀"),
        Progress(
            Taken("m1", Asked(OutboundText("+1", "+2", "Hi")), clock.EPOCH, "GSM-7", 1),
            Rank.SENT,
            clock.EPOCH,
        ),
    ],
    ids=["text", "progress"],
)
def test_the_official_sample_believes_our_webhooks(event: InboundText | Progress) -> None:
    request = DIALECT.server.announce(event, Credentials("", "", SECRET), posting())
    assert request is not None
    header = request.header("X-Telnyx-Signature") or ""
    assert sample_verify(SECRET, header, request.body)
    assert not sample_verify(SECRET, header, request.body + b" ")


def test_our_own_client_sends_over_a_real_connection(base_url: str) -> None:
    account = Credentials(base_url, "", SECRET)
    text = OutboundText("+13125550100", "+13125550199", "Hello")
    with carrier_client() as http:
        assert DIALECT.client.send(text, account, http).carrier_id == "m1"
        with pytest.raises(OptedOut) as opted_out:
            DIALECT.client.send(replace(text, recipient=OPTED_OUT), account, http)
        with pytest.raises(Misconfigured) as wrong:
            DIALECT.client.send(text, replace(account, secret="another"), http)
    assert (opted_out.value.code, opted_out.value.detail) == ("40300", "They said STOP.")
    assert wrong.value.code == "40311"
