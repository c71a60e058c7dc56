"""The shelf: whole files, named by what is in them, for our eyes only."""

import hashlib
import stat

import pytest

from smsinbox.core.files import Shelf, TooLarge


@pytest.fixture
def shelf(tmp_path):
    shelf = Shelf()
    shelf.configure(tmp_path / "media")
    return shelf


def test_a_file_lies_under_its_digest_and_only_we_may_read_it(shelf):
    kept = shelf.keep([b"one ", b"two"], 100)
    assert kept.sha256 == hashlib.sha256(b"one two").hexdigest()
    assert (kept.size, kept.head) == (7, b"one two")
    path = shelf.path(kept.sha256)
    assert path.read_bytes() == b"one two"
    assert path.parent.name == kept.sha256[:2]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_same_content_is_kept_once(shelf, tmp_path):
    assert shelf.keep([b"same"], 100) == shelf.keep([b"sa", b"me"], 100)
    assert len([path for path in (tmp_path / "media").rglob("*") if path.is_file()]) == 1


def test_a_file_that_grows_too_large_is_dropped_at_once_and_leaves_nothing(shelf, tmp_path):
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield b"x" * 40

    with pytest.raises(TooLarge):
        shelf.keep(endless(), 100)
    assert len(taken) == 3
    assert list((tmp_path / "media").iterdir()) == []


def test_a_file_that_breaks_off_leaves_nothing(shelf, tmp_path):
    def broken():
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        shelf.keep(broken(), 100)
    assert list((tmp_path / "media").iterdir()) == []
