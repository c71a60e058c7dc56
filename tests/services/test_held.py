"""A program's text with files is taken at once, waits for them, and leaves with all or never."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from time_machine import travel

from smsinbox.core import clock
from smsinbox.dialects import http, media
from smsinbox.dialects.base import Asked, OutboundText
from smsinbox.dialects.errors import Reason, Refusal, Unavailable
from smsinbox.models import Attachment, Author, Conversation, Message
from smsinbox.queries import outbox
from smsinbox.services import (
    delivery,
    fetching,
    media_links,
    numbers,
    outbound,
    outcomes,
    schedules,
)
from smsinbox.services.outbox import Writer
from smsinbox.services.submission import Submission
from smsinbox.services.submissions import submit
from tests import build
from tests.build import OURS, THEIRS
from tests.files import HTML, PDF, PNG, a_carrier

SHOP = Writer(Author.PROGRAM, "Shop")
SMALLER = PNG + b"x" * 600_000


@pytest.fixture
def host():
    with a_carrier() as one:
        yield one


@pytest.fixture
def ours(app, files_from_private):
    return build.a_number(account=build.an_account(dialect="telnyx_v1"))


def submitted(*urls: str, body: str = "", send_at=None, **fields) -> Submission:
    text = OutboundText(OURS, THEIRS, body, urls, **fields)
    submission = Submission(Asked(text, send_at=send_at), SHOP, "telnyx")
    submit([submission])
    return submission


def send(*urls: str, **fields) -> Message:
    assert submitted(*urls, **fields).problem is None
    return build.every(Message)[-1]


def fetch_all() -> int:
    """What a worker does, without the texts that it would send meanwhile."""
    count = 0
    while (claimed := fetching.claim()) is not None:
        fetching.fetch_one(claimed)
        count += 1
    return count


def told(message: Message) -> tuple[str, str | None, str | None]:
    now = build.again(message)
    return now.state, now.error_code, now.error_detail


def test_it_is_taken_at_once_and_does_not_leave_before_its_files_are_here(ours, host):
    message = send(host.at("/a.png"), host.at("/b.pdf", PDF))
    assert host.asked == []
    assert (delivery.claim(), outbox.ready_at()) == (None, None)
    assert fetch_all() == 2
    claimed = delivery.claim()
    assert claimed is not None
    assert claimed.text.media_urls == media_links.of(message)
    assert [url.rpartition("/")[2] for url in claimed.text.media_urls] == [
        "picture.png",
        "file.pdf",
    ]
    assert build.every(Conversation)[0].preview == "2 files"


def test_its_subject_goes_along(ours, host):
    send(host.at("/a.png"), subject="From Telnyx!")
    fetch_all()
    claimed = delivery.claim()
    assert claimed is not None
    assert claimed.text.subject == "From Telnyx!"


def test_what_is_written_after_it_leaves_after_it(ours, host):
    first = send(host.at("/a.png"))
    second = send(body="And this")
    assert delivery.claim() is None
    fetch_all()
    claimed = delivery.claim()
    assert claimed is not None
    assert claimed.message_id == first.id < second.id


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 404}, "File 2 of 2: There is no such file at its address."),
        ({"body": HTML}, "File 2 of 2: Carriers do not take this kind of file."),
        ({"body": PNG + b"x" * 1_000_000}, "File 2 of 2: Too large: carriers take less than 1 MB."),
    ],
)
def test_a_file_that_cannot_be_had_fails_the_text_and_lets_the_next_go(ours, host, answer, words):
    message = send(host.at("/a.png"), host.at("/b", **answer))
    after = send(body="Words alone")
    fetch_all()
    assert told(message) == ("failed", "no-file", words)
    claimed = delivery.claim()
    assert claimed is not None
    assert claimed.message_id == after.id


def test_files_that_are_too_large_together_fail_the_text(ours, host):
    message = send(host.at("/a", SMALLER), host.at("/b", SMALLER))
    fetch_all()
    state, code, words = told(message)
    assert (state, code) == ("failed", "no-file")
    assert words is not None
    assert words.startswith("Together the files have 1.2 MB; carriers take less than 1 MB.")


def test_a_busy_host_is_asked_four_times_and_within_two_minutes(ours, host):
    message = send(host.at("/a", status=503))
    begun = clock.now()
    for seconds in (0, 3, 14, 75):
        assert build.again(message).state == "queued"
        with travel(begun + timedelta(seconds=seconds), tick=False):
            fetch_all()
    words = "File 1 of 1: The file never came. Its host answered 503."
    assert told(message) == ("failed", "no-file", words)
    assert len(host.asked) == 4


def test_two_files_that_come_at_the_same_time_let_it_go(app, ours, host):
    message = send(*(host.at(f"/{n}") for n in range(4)))
    claims = [fetching.claim() for _ in range(4)]

    def fetch(claimed):
        with app.app_context():
            fetching.fetch_one(claimed)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fetch, claims))
    assert build.again(message).next_at is not None


@pytest.mark.parametrize("is_here", [True, False])
def test_one_with_a_time_of_its_own_waits_for_both(ours, host, is_here):
    at = clock.now() + timedelta(hours=1)
    message = send(host.at("/a.png"), send_at=at)
    if is_here:
        fetch_all()
    with travel(at + timedelta(seconds=1)):
        assert (delivery.claim(), schedules.release()) == (None, 1)
        assert (build.again(message).next_at is not None) is is_here
        fetch_all()
        assert delivery.claim() is not None


def test_a_scheduled_text_fails_as_soon_as_its_file_cannot_be_had(ours, host):
    message = send(host.at("/a", status=404), send_at=clock.now() + timedelta(hours=1))
    fetch_all()
    assert told(message)[:2] == ("failed", "no-file")


def test_a_canceled_text_stays_canceled_when_its_file_comes(ours, host):
    message = send(host.at("/a.png"))
    build.changed(message, state="canceled")
    fetch_all()
    assert build.again(message).state == "canceled"


def test_sending_it_again_asks_for_the_file_again(ours, host, ada):
    message = send(host.at("/a.png", status=404), host.at("/b.png"))
    fetch_all()
    outbound.resend(message.id, ada)
    assert delivery.claim() is None
    host.at("/a.png")
    fetch_all()
    claimed = delivery.claim()
    assert claimed is not None
    assert len(claimed.text.media_urls) == 2


@pytest.mark.parametrize("where", ["127.0.0.1", "169.254.169.254", "10.0.0.1"])
def test_a_name_that_leads_inside_is_not_followed(app, host, monkeypatch, where):
    build.a_number(account=build.an_account(dialect="telnyx_v1"))
    message = send("http://files.example.com/a.png")
    for module in (media, http):
        monkeypatch.setattr(module, "addresses_of", lambda _host: [where])
    fetch_all()
    words = "File 1 of 1: Its address leads into a network that is not public."
    assert told(message) == ("failed", "no-file", words)


def test_a_redirect_into_our_own_network_is_not_followed(app, host, monkeypatch):
    build.a_number(account=build.an_account(dialect="telnyx_v1"))
    inner = host.at("/inner")
    outer = host.at("/outer", b"", status=302, headers={"Location": inner})
    message = send(outer.replace("127.0.0.1", "files.example.com"))
    monkeypatch.setattr(media, "addresses_of", lambda _host: ["127.0.0.1"])
    monkeypatch.setattr(media.Anywhere, "lets_in", lambda *_: True)
    fetch_all()
    assert told(message)[2] == "File 1 of 1: This address is not on the public internet."
    assert [path for path, _ in host.asked] == ["/outer"]


def test_no_key_of_ours_and_no_cookie_goes_to_a_programs_host(ours, host):
    send(host.at("/a.png"))
    fetch_all()
    [(_, headers)] = host.asked
    assert not {"Authorization", "Cookie", "X-Profile-Secret"} & headers.keys()


def test_a_number_whose_carrier_takes_no_files_refuses_them_at_once(number):
    submission = submitted("https://example.com/a.png")
    assert isinstance(submission.problem, Refusal)
    assert submission.problem.reason is Reason.NO_MEDIA
    assert build.every(Message) == build.every(Attachment) == []


def test_neither_words_nor_files_are_no_text(ours):
    assert submitted(body=" ").problem is not None


@pytest.fixture
def words_only(ours):
    """A backup that carries no files."""
    account = build.an_account()
    numbers.edit(ours.id, ours.name, 1000.0, [account.id], None)
    return account


def with_a_file(host) -> Message:
    message = send(host.at("/a.png"))
    fetch_all()
    return message


def test_a_backup_that_takes_no_files_is_skipped_for_a_text_with_some(ours, words_only, host):
    message = with_a_file(host)
    claimed = delivery.claim()
    assert claimed is not None
    outcomes.refuse(message.id, claimed.fence, Unavailable(code="unreachable"))
    now = build.again(message)
    assert (now.state, now.route) == ("queued", 0)
    assert now.next_at > clock.now()


@pytest.mark.parametrize("busy", ["paused_at", "open_until"])
def test_it_waits_for_the_account_that_can_carry_it_and_uses_up_no_try(
    ours, words_only, host, busy
):
    message = with_a_file(host)
    build.changed(ours.account, **{busy: clock.now() + timedelta(seconds=20)})
    assert delivery.claim() is None
    now = build.again(message)
    assert (now.state, now.attempts, now.fence) == ("queued", 0, None)
    build.changed(ours.account, **{busy: None})
    with travel(clock.now() + timedelta(seconds=16)):
        claimed = delivery.claim()
        assert claimed is not None
        assert claimed.account.id == ours.account_id


def test_a_text_of_words_still_goes_by_that_backup(ours, words_only):
    send(body="Words")
    build.changed(ours.account, paused_at=clock.now())
    claimed = delivery.claim()
    assert claimed is not None
    assert claimed.account.id == words_only.id


def test_files_go_by_the_backup_when_only_that_can_carry_them(number, files_from_private, host):
    backup = build.an_account(dialect="telnyx_v1")
    numbers.edit(number.id, number.name, 1000.0, [backup.id], None)
    with_a_file(host)
    claimed = delivery.claim()
    assert claimed is not None
    assert claimed.account.id == backup.id
