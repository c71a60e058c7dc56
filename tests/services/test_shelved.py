"""The shelf gives up what nobody names any more, and nothing that somebody is about to name."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from smsinbox.core import clock
from smsinbox.core.database import atomic
from smsinbox.core.files import shelf
from smsinbox.models import Upload
from smsinbox.services import shelved, uploads
from smsinbox.services.sendable import RawFile
from tests import build
from tests.files import PNG, aged


@pytest.fixture
def conversation(app):
    account = build.an_account("http://127.0.0.1:9", dialect="telnyx_v1")
    return build.a_conversation(build.a_number(account=account))


def laid_down(content: bytes) -> str:
    return shelf.keep([PNG, content], 1000).sha256


def collected(name: str) -> None:
    """Let the sweeper come by in the minute in which it looks at that part of the shelf."""
    part = timedelta(minutes=int(name[:2], 16))
    with clock.at(datetime(2027, 1, 1, tzinfo=UTC) + part - _PART):
        shelved.collect()


# At the beginning of that year the sweeper looks at this part.
_PART = timedelta(minutes=int(datetime(2027, 1, 1, tzinfo=UTC).timestamp() // 60) % 256)


def test_a_file_that_was_laid_down_only_now_is_spared(app):
    name = laid_down(f"fresh {time.time()}".encode())
    atomic(shelved.release)([name])
    assert shelf.path(name).exists()
    aged()
    atomic(shelved.release)([name])
    assert not shelf.path(name).exists()


def test_a_file_whose_row_never_came_is_found(conversation, ada):
    uploads.bring(conversation, [RawFile("a.png", PNG + b"has a row")], ada)
    named, orphan = build.every(Upload)[0].sha256, laid_down(f"an orphan {time.time()}".encode())
    collected(orphan)
    assert shelf.path(orphan).exists()
    aged()
    collected(orphan)
    collected(named)
    assert (shelf.path(orphan).exists(), shelf.path(named).exists()) == (False, True)
