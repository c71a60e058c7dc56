"""Files that a person sends: checked in words, kept with the text, handed over as signed links."""

import pytest
from time_machine import travel

from smsinbox.core import clock
from smsinbox.core.errors import Invalid
from smsinbox.core.files import shelf
from smsinbox.models import Attachment, Conversation, Message
from smsinbox.services import delivery, media_links, outbound
from smsinbox.services.sendable import RawFile
from tests import build
from tests.build import THEIRS
from tests.files import HTML, PDF, PNG, SVG


@pytest.fixture
def conversation(app):
    account = build.an_account("http://127.0.0.1:9", dialect="telnyx_v1")
    return build.a_conversation(build.a_number(account=account), build.a_contact(THEIRS))


def reply(conversation, *uploads: RawFile, body: str = "", token: str = "t") -> Message:
    user = build.a_user(f"Ada{token}", role="admin")
    return outbound.reply(conversation.id, body, token, by=user, files=uploads)


def test_files_go_with_a_text_in_their_order(conversation):
    message = reply(conversation, RawFile("a.png", PNG), RawFile("b.pdf", PDF), body="Look")
    files = build.again(message).attachments
    assert [(one.name, one.content_type, one.state) for one in files] == [
        ("a.png", "image/png", "stored"),
        ("b.pdf", "application/pdf", "stored"),
    ]
    assert shelf.path(files[0].sha256).read_bytes() == PNG


def test_a_text_may_be_nothing_but_a_picture(conversation):
    assert reply(conversation, RawFile("a.png", PNG)).body == ""
    assert build.every(Conversation)[0].preview == "Picture"


def test_a_text_of_nothing_at_all_is_refused(conversation):
    with pytest.raises(Invalid, match="empty"):
        reply(conversation)


def test_a_double_click_keeps_one_text_with_its_files_once(conversation):
    ada = build.a_user("Ada", role="admin")
    for _ in range(2):
        outbound.reply(conversation.id, "", "t", by=ada, files=[RawFile("a.png", PNG)])
    assert len(build.every(Message)) == len(build.every(Attachment)) == 1


@pytest.mark.parametrize(
    ("uploads", "words"),
    [
        ([RawFile("a.png", PNG)] * 11, "at most 10 files; these are 11"),
        ([RawFile("a.png", PNG + bytes(1_100_000))], "a.png has 1.1 MB; .* smaller"),
        (
            [RawFile("a.png", PNG + bytes(300_000)), RawFile("b.png", PNG + bytes(700_000))],
            r"Make b.png \(701 kB\) smaller",
        ),
        ([RawFile("a.svg", SVG)], "a.svg: carriers do not take this kind"),
        ([RawFile("a.png", HTML)], "a.png: carriers do not take this kind"),
        ([RawFile("a.png", b"")], "a.png is empty"),
    ],
)
def test_what_carriers_do_not_take_is_refused_with_what_to_do(conversation, uploads, words):
    with pytest.raises(Invalid, match=words):
        reply(conversation, *uploads, body="Look")
    assert build.every(Message) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\Ada\\photo.png", "photo.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("..", ""),
        ("x" * 300 + ".png", "x" * 90 + ".png"),
    ],
)
def test_a_name_is_made_harmless(conversation, typed, kept):
    assert reply(conversation, RawFile(typed, PNG)).attachments[0].name == kept


def test_a_carrier_without_files_is_refused_beforehand(number):
    conversation = build.a_conversation(number)
    with pytest.raises(Invalid, match="Trunx carries no files"):
        reply(conversation, RawFile("a.png", PNG), body="Look")


def test_a_real_carrier_cannot_fetch_from_an_address_of_this_machine(app):
    account = build.an_account("https://api.telnyx.com", dialect="telnyx_v1")
    conversation = build.a_conversation(build.a_number(account=account))
    with pytest.raises(Invalid, match="PUBLIC_URL"):
        reply(conversation, RawFile("a.png", PNG), body="Look")


def test_a_claim_hands_over_links_that_lead_to_the_files(conversation):
    message = reply(conversation, RawFile("a.png", PNG), RawFile("b.pdf", PDF))
    claimed = delivery.claim()
    assert claimed is not None
    first, second = claimed.text.media_urls
    assert first.endswith("/picture.png")
    assert second.endswith("/file.pdf")
    token = first.split("/")[-2]
    assert media_links.attachment_of(token) == message.attachments[0].id


def test_a_link_is_good_for_a_day_and_for_its_own_file(conversation):
    file = reply(conversation, RawFile("a.png", PNG)).attachments[0]
    token = media_links.link(file).split("/")[-2]
    assert media_links.attachment_of("x" + token) is None
    with travel(clock.now().timestamp() + media_links.GOOD_FOR + 5):
        assert media_links.attachment_of(token) is None


def test_files_never_leave_through_a_carrier_that_takes_none(conversation):
    message = reply(conversation, RawFile("a.png", PNG), body="Look")
    build.changed(conversation.number, account_id=build.an_account().id)
    build.again(conversation.number)
    claimed = delivery.claim()
    assert claimed is not None
    delivery.send(claimed)
    now = build.again(message)
    assert (now.state, now.error_code) == ("failed", "no-media")
