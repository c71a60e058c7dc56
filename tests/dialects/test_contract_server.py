"""What every dialect promises in a carrier's place, and that its two sides understand each other.

The official clients, where there are any, are asked too: see their own files.
"""

import json
from dataclasses import replace
from functools import partial

import httpx
import pytest
import time_machine
from hypothesis import given, settings

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.dialects.base import (
    Announcement,
    Asked,
    ConsentChange,
    Credentials,
    End,
    Happening,
    InboundText,
    OutboundText,
    Posting,
    Progress,
    Rank,
    Receipt,
    RuleFired,
    SignedRequest,
    Taken,
)
from smsinbox.dialects.errors import CarrierError, Reason, Refusal
from tests.dialects.cases import CASES
from tests.dialects.cases.case import GONE, NOON, Case, mock, over_http

every_carrier = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
OURS, THEIRS = "+13125550100", "+13125550199"
MEDIA = "https://m.test/1.jpg"
TAKEN = Taken("m1", Asked(OutboundText(OURS, THEIRS, "Hello")), NOON, "GSM-7", 1)


@every_carrier
def test_the_smallest_request_is_taken(case: Case) -> None:
    text = case.accept(case.body()).text
    assert (text.recipient, text.body, text.media_urls) == (THEIRS, "Hello", ())


@every_carrier
@pytest.mark.parametrize("words", ["H", " ", "x" * 1530, "1 + 1 = 2 & 😀", "Hi “there” €"])
def test_whatever_people_write_is_taken(case: Case, words: str) -> None:
    assert case.accept(case.body(**{case.serves.words: words})).text.body == words


@every_carrier
def test_what_is_no_document_is_refused(case: Case) -> None:
    bodies = (b"", b"{", b"[]", b"null", b"5", b"\xff", b'{"to":"\xff"}', b"[" * 100_000)
    for body in (*bodies, b'{"a":' * 100_000):
        reason, _ = case.refused(body)
        assert reason in case.serves.no_document, body


@every_carrier
@pytest.mark.parametrize(
    "number",
    [
        *("1234", "3125550199", "13125550199", "(312) 555-0199", "+1 312 555 0199"),
        *("+03125550199", "+13125550199\n", "+١٣١٢٥٥٥٠١٩٩", "+1312555019913125550199"),
    ],
)
def test_what_is_no_number_is_refused_with_its_field(case: Case, number: str) -> None:
    assert case.refused(case.body(to=number)) == (case.serves.bad_number, "to")


@every_carrier
def test_a_field_of_another_type_is_refused_by_its_name(case: Case) -> None:
    for name in ("to", case.serves.sender, case.serves.words):
        for value in (5, [THEIRS], True):
            assert case.refused(case.body(**{name: value})) == (Reason.BAD_VALUE, name)


@every_carrier
def test_a_text_without_words_is_refused(case: Case) -> None:
    name = case.serves.words
    for value in ("", GONE):
        reason, field = case.refused(case.body(**{name: value}))
        assert reason in (Reason.NO_CONTENT, Reason.BAD_VALUE)
        assert field == name
    if case.serves.too_long:
        long = case.body(**{name: "x" * (case.serves.too_long + 1)})
        assert case.refused(long) == (Reason.TOO_LONG, name)


@every_carrier
def test_files_that_nobody_could_fetch_are_refused(case: Case) -> None:
    name = case.serves.media
    if not name:
        assert not case.accept(case.body(media_urls=[MEDIA])).text.media_urls
        return
    assert case.accept(case.body(**{name: [MEDIA]})).text.media_urls == (MEDIA,)
    for files in (
        [MEDIA] * 11,
        [5],
        [MEDIA, 5],
        ["ftp://a/b"],
        ["file:///etc/passwd"],
        ["https://"],
        ["https:///1"],
        ["https://[1"],
        ["https://m.test/a b"],
        [MEDIA + "x" * 2000],
    ):
        assert case.refused(case.body(**{name: files})) == (Reason.BAD_MEDIA, name), files


@every_carrier
def test_whatever_is_asked_is_taken_or_refused(case: Case) -> None:
    @given(case.serves.asked)
    def holds(request: tuple[str, bytes]) -> None:
        try:
            text = case.dialect.server.accept(*request).text
        except Refusal as refusal:
            case.dialect.server.refuse(refusal)
            return
        assert text.recipient
        assert text.body or text.media_urls

    holds()


@every_carrier
def test_a_programs_key_is_found_where_the_carrier_wants_it(case: Case) -> None:
    for headers, key in case.serves.keys:
        assert case.dialect.server.key_of(SignedRequest(headers, b"")) == key, headers


@every_carrier
def test_every_refusal_has_the_carriers_status_and_code(case: Case) -> None:
    found = {}
    for reason in Reason:
        reply = case.dialect.server.refuse(Refusal(reason, "Because."))
        assert "Because." in json.dumps(reply.body)
        assert ("WWW-Authenticate" in reply.headers) is (
            reply.status == 401 and "authorization" in case.serves.keys[0][0]
        )
        found[reason] = (reply.status, case.serves.code(reply))
    assert found == case.serves.refusals


@every_carrier
def test_a_status_and_a_time_to_wait_are_told(case: Case) -> None:
    refuse = case.dialect.server.refuse
    assert refuse(Refusal(Reason.BAD_REQUEST, "Too large.", status=413)).status == 413
    for reason in (Reason.RATE, Reason.UNAVAILABLE):
        headers = refuse(Refusal(reason, "Later.", retry_after=7)).headers
        assert headers["Retry-After"] == "7"


@every_carrier
def test_our_no_is_understood_as_it_was_meant(case: Case) -> None:
    found = {}
    for reason in Reason:
        reply = case.dialect.server.refuse(Refusal(reason, "Because.", retry_after=7))
        with mock(partial(_answered, over_http(reply))) as http:
            account = replace(case.proof.account, base_url="https://carrier.test")
            with pytest.raises(CarrierError) as caught:
                case.dialect.client.send(OutboundText(OURS, THEIRS, "Hi"), account, http)
        assert "Because." in caught.value.detail
        found[reason] = type(caught.value)
    assert found == case.serves.understood


def _answered(answer: httpx.Response, _request: httpx.Request) -> httpx.Response:
    return answer


@every_carrier
def test_new_secrets_sign_and_prove_and_are_never_the_same(case: Case) -> None:
    one, other = case.dialect.server.new_secrets(), case.dialect.server.new_secrets()
    assert not {*one} & {*other}
    webhook = announced(case, INBOUND, Credentials("", "", one.signs))
    case.dialect.client.verify(webhook, Credentials("", "", one.proves))


INBOUND = InboundText("m2", THEIRS, OURS, "Where is my order?", NOON)
HAPPENING: dict[Happening, Announcement] = {
    Happening.RECEIVED: INBOUND,
    Happening.SENT: Progress(TAKEN, Rank.SENT, NOON),
    Happening.UNCONFIRMED: Progress(TAKEN, Rank.UNCONFIRMED, NOON),
    Happening.FAILED: Progress(TAKEN, Rank.UNDELIVERED, NOON),
    Happening.DELIVERED: Progress(TAKEN, Rank.DELIVERED, NOON),
    Happening.OPTED_OUT: ConsentChange(THEIRS, OURS, opted_out=True),
    Happening.OPTED_IN: ConsentChange(THEIRS, OURS, opted_out=False),
    Happening.RULE: RuleFired(1, "Urgent", 2, 3, End(4, THEIRS, "Maya"), End(5, OURS, "Us"), NOON),
}
POSTING = Posting("event-1", "https://inbox.test/hooks", NOON)


def announced(case: Case, event: Announcement, account: Credentials) -> SignedRequest:
    posting = replace(POSTING, now=clock.now())
    webhook = case.dialect.server.announce(event, account, posting)
    assert webhook is not None
    return webhook


def signing(case: Case, account: Credentials) -> Credentials:
    """What the carrier holds where the customer holds that."""
    return replace(account, secret=case.talks.signs or account.secret)


@every_carrier
def test_what_the_carrier_has_an_event_for_is_announced_and_nothing_else(case: Case) -> None:
    server, account = case.dialect.server, signing(case, case.proof.account)
    webhooks = {kind: server.announce(HAPPENING[kind], account, POSTING) for kind in Happening}
    told = {kind: webhook for kind, webhook in webhooks.items() if webhook}
    assert {kind: case.talks.name(json.loads(told[kind].body)) for kind in told} == (
        case.talks.announces
    )
    assert case.talks.announces == server.EVENTS
    for kind, webhook in told.items():
        with time_machine.travel(NOON, tick=False):
            case.dialect.client.verify(webhook, case.proof.account)
        [event] = case.dialect.client.read(webhook)
        about = HAPPENING[kind]
        assert isinstance(event, Receipt if isinstance(about, Progress) else type(about))


@every_carrier
def test_nothing_is_announced_that_the_carrier_has_no_event_for(case: Case) -> None:
    account = signing(case, case.proof.account)
    events = {rank: Progress(TAKEN, rank, NOON) for rank in Rank}
    told = {rank: case.dialect.server.announce(events[rank], account, POSTING) for rank in Rank}
    assert tuple(rank for rank in Rank if told[rank] is None) == case.talks.silent


@every_carrier
def test_an_announced_text_is_believed_and_read_as_it_was_written(case: Case) -> None:
    @settings(max_examples=50)
    @given(case.talks.texts, case.talks.accounts)
    def holds(text: InboundText, account: Credentials) -> None:
        webhook = announced(case, text, signing(case, account))
        case.dialect.client.verify(webhook, account)
        assert case.dialect.client.read(webhook) == [replace(text, body=clean(text.body))]

    holds()


@every_carrier
def test_announced_progress_is_believed_and_read_as_a_receipt(case: Case) -> None:
    @settings(max_examples=50)
    @given(case.talks.progress, case.talks.accounts)
    def holds(progress: Progress, account: Credentials) -> None:
        webhook = announced(case, progress, signing(case, account))
        case.dialect.client.verify(webhook, account)
        assert case.dialect.client.read(webhook) == [case.talks.receipt(progress)]

    holds()


@every_carrier
def test_what_we_send_is_what_a_server_takes(case: Case) -> None:
    @settings(max_examples=50)
    @given(case.talks.sending, case.talks.accounts)
    def holds(text: OutboundText, account: Credentials) -> None:
        asked = received(case, text, account)
        assert asked == case.talks.taken(text, account)

    holds()


def received(case: Case, text: OutboundText, account: Credentials) -> Asked:
    """What the server side understands of what the client side sends; it answers as it would."""
    server, seen = case.dialect.server, list[Asked]()

    def carrier(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == case.talks.url or not text.sender
        asked_by = SignedRequest(dict(request.headers), b"")
        assert server.key_of(asked_by) == (account.key or account.secret)
        seen.append(server.accept(request.url.path, request.content))
        return over_http(server.answer(replace(TAKEN, asked=seen[0], carrier_id="m7", segments=3)))

    with mock(carrier) as http:
        accepted = case.dialect.client.send(text, account, http)
    assert (accepted.carrier_id, accepted.segments) in (("m7", 3), ("m7", None))
    [asked] = seen
    return asked
