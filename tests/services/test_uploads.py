"""Files that wait for their text: counted, used up by it alone, given back, and swept."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from time_machine import travel

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.errors import Invalid, NotFound, OptedOut
from smsinbox.core.files import shelf
from smsinbox.models import Attachment, Upload
from smsinbox.queries import uploads as uploads_query
from smsinbox.services import erasing, later, outbound, uploads
from smsinbox.services.manner import Manner
from smsinbox.services.sendable import RawFile
from tests import build
from tests.files import HTML, PDF, PNG, aged


@pytest.fixture
def number(app):
    account = build.an_account("http://127.0.0.1:9", dialect="telnyx_v1")
    return build.a_number(account=account)


@pytest.fixture
def conversation(number):
    return build.a_conversation(number)


def brought(conversation, by, *files: tuple[str, bytes]) -> list[int]:
    uploads.bring(conversation, [RawFile(*file) for file in files], by)
    return [one.id for one in uploads_query.of(conversation.id, by)]


def send(conversation, by, ids, token="t", **manner):
    how = Manner(uploads=tuple(ids), **manner)
    return outbound.reply(conversation.id, "", token, by=by, manner=how)


def lies(content: bytes) -> bool:
    """Whether it is on the shelf."""
    return any(one.read_bytes() == content for one in shelf._folder.glob("*/*"))


def test_what_waits_goes_with_its_text_and_waits_no_more(conversation, ada):
    first, second = brought(conversation, ada, ("../a.png", PNG), ("b.pdf", PDF))
    message = send(conversation, ada, [second, first])
    files = [(one.name, one.content_type, one.position) for one in build.again(message).attachments]
    assert files == [("b.pdf", "application/pdf", 0), ("a.png", "image/png", 1)]
    assert build.every(Upload) == []
    assert lies(PDF)


def test_the_same_token_again_needs_no_upload_again(conversation, ada):
    ids = brought(conversation, ada, ("a.png", PNG))
    assert send(conversation, ada, ids).id == send(conversation, ada, ids).id
    assert len(build.every(Attachment)) == 1
    with pytest.raises(Invalid, match="not there any more"):
        send(conversation, ada, ids, token="another")


def test_a_text_that_is_refused_leaves_its_files_where_they_were(conversation, ada):
    ids = brought(conversation, ada, ("a.png", PNG))
    build.an_opt_out(conversation)
    with pytest.raises(OptedOut):
        send(conversation, ada, ids)
    assert [one.id for one in build.every(Upload)] == ids
    assert build.every(Attachment) == []


def test_nobody_sends_what_another_brought_nor_elsewhere(number, conversation, ada):
    ids, ben = brought(conversation, ada, ("a.png", PNG)), build.a_user("Ben", role="admin")
    for there, by in ((conversation, ben), (build.a_conversation(number), ada)):
        with pytest.raises(Invalid, match="not there any more"):
            send(there, by, ids)
        uploads.remove(there.id, ids[0], by)
        with pytest.raises(NotFound):
            uploads_query.for_viewer(by, there.id, ids[0])
    assert len(build.every(Upload)) == 1


@pytest.mark.parametrize(("files", "words"), [(11, "at most 10"), (1, "less than 1 MB")])
def test_too_many_or_too_large_may_wait_but_are_not_sent(conversation, ada, files, words):
    large = bytes(1_100_000) if files == 1 else b""
    ids = brought(conversation, ada, *[("a.png", PNG + large)] * files)
    with pytest.raises(Invalid, match=words):
        send(conversation, ada, ids)
    assert len(build.every(Upload)) == files


def test_nobody_fills_the_disk(number, conversation, ada):
    new = PNG + b"only here"
    brought(conversation, ada, *[("a.png", PNG)] * uploads.MOST)
    with pytest.raises(Invalid, match="At most 20 files and 48 MB may wait"):
        brought(build.a_conversation(number), ada, ("b.png", new))
    db.session.execute(update(Upload).values(size=uploads.ROOM // 20))
    db.session.commit()
    uploads.remove(conversation.id, build.every(Upload)[0].id, ada)
    with pytest.raises(Invalid, match="48 MB"):
        brought(conversation, ada, ("b.png", new + bytes(uploads.ROOM // 20)))
    assert (len(build.every(Upload)), lies(PNG), lies(new)) == (19, True, False)


def test_one_file_that_nobody_may_send_keeps_them_all_out(conversation, ada):
    with pytest.raises(Invalid, match=r"a\.html: carriers do not take"):
        brought(conversation, ada, ("a.png", PNG), ("a.html", HTML))
    assert build.every(Upload) == []


def test_a_carrier_of_words_is_brought_no_files(app, ada):
    trunx = build.a_conversation(build.a_number("+14155550111"))
    with pytest.raises(Invalid, match="Trunx carries no files"):
        brought(trunx, ada, ("a.png", PNG))


def test_a_file_that_is_taken_away_leaves_the_shelf_once_nobody_needs_it(conversation, ada):
    only = PNG + b"taken away"
    first, second = brought(conversation, ada, ("a.png", only), ("b.png", only))
    aged()
    uploads.remove(conversation.id, first, ada)
    assert lies(only)
    send(conversation, ada, [second])
    uploads.remove(conversation.id, second, ada)
    assert lies(only)


def test_no_upload_gets_the_id_of_another_one(conversation, ada):
    [gone] = brought(conversation, ada, ("a.png", PNG))
    uploads.remove(conversation.id, gone, ada)
    brought(conversation, ada, ("b.pdf", PDF))
    with pytest.raises(Invalid, match="not there any more"):
        send(conversation, ada, [gone])


def test_a_file_that_is_lost_cannot_be_made_smaller(conversation, ada):
    brought(conversation, ada, ("a.png", PNG + b"is lost"))
    shelf.path(build.every(Upload)[0].sha256).unlink()
    with pytest.raises(Invalid, match="not there any more"):
        uploads.shrink(conversation.id, ada)


def test_what_nobody_sent_for_a_day_goes_with_its_file(conversation, ada):
    brought(conversation, ada, ("a.png", PNG + b"for a day"))
    with travel(clock.now() + timedelta(hours=23)):
        assert uploads.forget() == 0
    with travel(clock.now() + timedelta(hours=25)):
        assert uploads.forget() == 1
        assert uploads.forget() == 0
    assert not lies(PNG + b"for a day")


def test_an_erased_contact_takes_what_was_to_be_sent_to_them(conversation, ada):
    brought(conversation, ada, ("a.png", PNG + b"for them"))
    aged()
    erasing.erase(conversation.contact_id, ada)
    assert build.every(Upload) == []
    assert not lies(PNG + b"for them")


def test_a_text_that_is_edited_gives_its_files_back_once(conversation, ada):
    ids = brought(conversation, ada, ("a.png", PNG))
    waits = send(conversation, ada, ids, at=clock.now() + timedelta(days=1))
    later.edit(waits.id, ada)
    later.edit(waits.id, ada)
    [again] = build.every(Upload)
    assert (again.name, again.size) == ("a.png", len(PNG))
    later_on = send(conversation, ada, [again.id], token="anew")
    assert [one.name for one in build.again(later_on).attachments] == ["a.png"]
