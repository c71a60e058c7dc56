"""Files of texts that came: noted with the text, fetched once it is kept, and told to screens."""

import threading
from datetime import timedelta

import pytest
from time_machine import travel

from smsinbox.core import clock, doorbell, events
from smsinbox.core.doorbell import bell
from smsinbox.core.events import LogEntry
from smsinbox.core.files import shelf
from smsinbox.core.i18n import Style
from smsinbox.dialects import http, media
from smsinbox.dialects.base import InboundText, Media
from smsinbox.live import redraw
from smsinbox.models import Account, Attachment, Conversation, Message
from smsinbox.queries import attachments as attachments_query
from smsinbox.services import carriage, fetching, inbound
from smsinbox.services.inbound import Arrival
from smsinbox.sweeper import Sweeper
from smsinbox.worker import ALLOWED
from tests import build
from tests.build import OURS, THEIRS
from tests.files import HTML, PDF, PNG, a_carrier
from tests.sandbox.inbox import until


@pytest.fixture
def carrier():
    with a_carrier() as one:
        yield one


@pytest.fixture
def ours(app, carrier):
    """A number at a carrier that is on this machine."""
    return build.a_number(account=an_account(carrier.url))


def an_account(base_url: str, **fields) -> Account:
    return build.an_account(base_url, dialect="telnyx_v1", **fields)


def receive(number, *urls: str, body: str = "", kind: str = "image/jpeg") -> Message:
    files = tuple(Media(url, kind) for url in urls)
    text = InboundText("carrier-1", THEIRS, OURS, body, None, files)
    inbound.receive([Arrival(number.account_id, b"{}", text)])
    [message] = build.every(Message)
    return message


def fetch_one() -> Attachment:
    """Fetch everything that is ready; the first file as it is now."""
    fetching.fetch_ready(1)
    return build.every(Attachment)[0]


def test_files_are_noted_in_order_with_the_text(ours, carrier):
    message = receive(ours, carrier.url + "/a", carrier.url + "/b", body="Look")
    assert [(one.position, one.state) for one in build.again(message).attachments] == [
        (0, "waiting"),
        (1, "waiting"),
    ]


def test_a_text_without_files_costs_no_statement_more(number, statements):
    text = InboundText("a", THEIRS, OURS, "Hi", None)
    with statements() as seen:
        inbound.receive([Arrival(number.account_id, b"{}", text)])
    assert not [statement for statement in seen if "attachment" in statement]


def test_a_text_without_words_is_called_by_its_files_in_the_list(ours, carrier):
    receive(ours, carrier.url + "/a", carrier.url + "/b")
    assert build.every(Conversation)[0].preview == "2 pictures"


def test_a_repeated_webhook_notes_no_file_twice(ours, carrier):
    for _ in range(2):
        receive(ours, carrier.url + "/a")
    assert len(build.every(Attachment)) == 1


def test_a_file_is_fetched_judged_and_kept(ours, carrier):
    receive(ours, carrier.at("/a", PNG), kind="text/html")
    file = fetch_one()
    assert (file.state, file.content_type, file.size) == ("stored", "image/png", len(PNG))
    assert shelf.path(file.sha256 or "").read_bytes() == PNG


def test_screens_are_told_when_a_fetch_ends(ours, carrier):
    message = receive(ours, carrier.at("/a"))
    fetch_one()
    last = build.every(LogEntry)[-1]
    assert (last.kind, last.message_id) == ("MessageChanged", message.id)
    assert (last.conversation_id, last.number_id) == (message.conversation_id, ours.id)


def test_all_parts_come_and_stay_in_order(ours, carrier):
    urls = [carrier.at(f"/{n}", PNG if n % 2 else PDF) for n in range(7)]
    message = receive(ours, *urls)
    assert fetching.fetch_ready(5) == 7
    kinds = [file.content_type for file in build.again(message).attachments]
    assert kinds == ["image/png" if n % 2 else "application/pdf" for n in range(7)]


def test_a_page_that_calls_itself_a_picture_is_only_bytes(ours, carrier):
    receive(ours, carrier.at("/a", HTML, headers={"Content-Type": "image/png"}), kind="image/png")
    assert fetch_one().content_type == "application/octet-stream"


@pytest.mark.parametrize("status", [404, 410])
def test_a_file_that_is_gone_says_so_and_is_not_asked_for_again(ours, carrier, status):
    receive(ours, carrier.at("/a", status=status))
    file = fetch_one()
    assert (file.state, file.error) == ("gone", "Expired at the carrier.")
    assert fetching.fetch_ready(1) == 0


def test_an_address_that_is_not_the_carriers_is_refused_unasked(ours, carrier):
    with a_carrier() as other:
        receive(ours, other.at("/a"))
        assert fetch_one().state == "refused"
    assert other.asked == []


def test_a_host_that_the_account_names_is_one_of_the_carriers(app, carrier):
    account = an_account(carrier.url, media_hosts="cdn.example.com,b.example.org")
    hosts = carriage.source_of(account).hosts
    assert set(hosts) == {".telnyx.com", "cdn.example.com", "b.example.org"}


def test_a_length_that_lies_is_not_believed(ours, carrier, monkeypatch):
    monkeypatch.setattr(fetching, "LARGEST", 1000)
    receive(ours, carrier.at("/a", headers={"Content-Length": str(10**12)}))
    assert fetch_one().state == "waiting"  # it broke off: not a file, and no terabyte reserved


def test_a_file_without_end_or_length_is_refused_as_too_large(ours, carrier, monkeypatch):
    monkeypatch.setattr(fetching, "LARGEST", 1024**2)
    receive(ours, carrier.at("/a", b"x" * 65_536, parts=10_000))
    file = fetch_one()
    assert (file.state, file.error) == ("refused", "Too large: more than 1 MB.")


def test_a_busy_carrier_is_asked_again_later_each_time_more_patiently(ours, carrier):
    receive(ours, carrier.at("/a", status=503))
    file = fetch_one()
    assert (file.state, file.attempts, file.error) == ("waiting", 1, "The carrier answered 503.")
    assert fetching.claim() is None
    with travel(clock.now() + timedelta(seconds=3), tick=False):
        claimed = fetching.claim()
        assert claimed is not None
        fetching.fetch_one(claimed)
        second = build.every(Attachment)[0]
        assert second.next_at - clock.now() == timedelta(seconds=10)
    carrier.at("/a", PNG)
    with travel(clock.now() + timedelta(minutes=1)):
        assert fetch_one().state == "stored"


def test_a_carrier_that_never_hands_it_out_is_left_alone_in_the_end(ours, carrier):
    receive(ours, carrier.at("/a", status=503))
    build.changed(build.every(Attachment)[0], attempts=7)
    file = fetch_one()
    assert (file.state, file.error) == ("gone", "The file never came. The carrier answered 503.")


def test_a_claim_is_for_one_and_ends_by_itself(ours, carrier):
    receive(ours, carrier.at("/a"))
    assert fetching.claim() is not None
    assert fetching.claim() is None
    with travel(clock.now() + timedelta(seconds=61)):
        assert fetching.claim() is not None


def test_whoever_comes_late_changes_nothing_of_what_is_settled(ours, carrier):
    receive(ours, carrier.at("/a"))
    claimed = fetching.claim()
    assert claimed is not None
    fetching.fetch_one(claimed)
    fetching.postpone(claimed, "too late")
    assert build.every(Attachment)[0].state == "stored"


def test_the_sweeper_sees_what_nobody_fetched(ours, carrier):
    assert attachments_query.oldest_wait() is None
    receive(ours, carrier.at("/a"))
    with travel(clock.now() + timedelta(seconds=5)):
        assert (attachments_query.oldest_wait() or 0) >= 5


def test_a_worker_may_do_the_job_and_it_fetches_all_that_is_ready(ours, carrier):
    receive(ours, carrier.at("/a"), carrier.at("/b"))
    ALLOWED["smsinbox.services.fetching.fetch"](0)
    assert {file.state for file in build.every(Attachment)} == {"stored"}
    assert not bell.works


def test_a_job_is_over_before_its_worker_would_be_ended():
    text_that_leaves_meanwhile = 1 + http.DEADLINE
    longest = fetching.PATIENCE + media.DEADLINE + text_that_leaves_meanwhile
    assert longest < doorbell._JOB_TIMEOUT


def test_a_text_does_not_wait_for_a_slow_file(ours, carrier):
    receive(ours, carrier.at("/a", pause=1.0))
    reply = build.a_message(build.every(Conversation)[0])
    fetching.fetch_ready(1)
    assert build.again(reply).attempts == 1


def test_the_sweeper_fetches_itself_while_nobody_hears_the_bell(app, ours, carrier):
    receive(ours, carrier.at("/a"))
    sweeper = Sweeper(app)
    running = threading.Thread(target=sweeper.run)
    running.start()
    until(lambda: build.every(Attachment)[0].state == "stored")
    sweeper.stop()
    running.join()


def test_an_open_screen_gets_the_picture(ours, carrier):
    receive(ours, carrier.at("/a"))
    seen = events.newest()
    fetch_one()
    [change] = redraw.changes(events.since(seen))
    assert f'<img src="/media/{build.every(Attachment)[0].id}"' in change.thread(Style())
