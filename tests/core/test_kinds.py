"""A file is what its first bytes say; only harmless kinds are ever shown inside a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core import kinds
from tests import files

KINDS = [
    (files.PNG, "image/png", "picture"),
    (files.JPEG, "image/jpeg", "picture"),
    (files.GIF, "image/gif", "picture"),
    (files.WEBP, "image/webp", "picture"),
    (files.MP4, "video/mp4", "video"),
    (files.TGPP.replace(b"3gp4", b"mp41"), "video/mp4", "video"),
    (files.TGPP.replace(b"3gp4", b"avif"), "image/avif", "picture"),
    (files.TGPP.replace(b"3gp4", b"heic"), "image/heic", "file"),
    (files.TGPP, "video/3gpp", "video"),
    (files.MP3, "audio/mpeg", "audio"),
    (files.OGG, "audio/ogg", "audio"),
    (files.AMR, "audio/amr", "audio"),
    (files.PDF, "application/pdf", "file"),
    (files.VCARD, "text/vcard", "file"),
]


@pytest.mark.parametrize(("content", "kind", "shape"), KINDS, ids=map(str, range(len(KINDS))))
def test_a_file_is_known_by_how_it_begins(content, kind, shape):
    assert (kinds.judge(content), kinds.shape(kind)) == (kind, shape)


@pytest.mark.parametrize("content", [files.SVG, files.HTML, b"", b"hello", b"<?xml?>", b"\0" * 9])
def test_what_could_run_or_is_unknown_is_only_bytes(content):
    assert kinds.judge(content) == kinds.UNKNOWN
    assert kinds.shape(kinds.UNKNOWN) == "file"


@pytest.mark.parametrize(
    "kind", ["image/svg+xml", "text/html", "application/xml", "text/javascript"]
)
def test_nothing_that_could_run_is_shown_or_known(kind):
    assert kinds.shape(kind) == "file"
    assert kind not in kinds.SENDABLE


@given(st.binary(max_size=200))
def test_judging_never_fails(content):
    assert kinds.judge(content)


@pytest.mark.parametrize(
    ("types", "words"),
    [
        ([], ""),
        (["image/png"], "Picture"),
        (["image/png", "image/jpeg"], "2 pictures"),
        (["image/png", "application/pdf"], "2 files"),
        (["audio/amr", "audio/amr"], "2 audio"),
        ([""], "File"),
    ],
)
def test_files_have_words_for_a_line_of_a_list(types, words):
    assert kinds.in_words(types) == words


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://example.com/a.PNG?x=.pdf#.mp3", "image/png"),
        ("https://example.com/a.mp4", "video/mp4"),
        ("https://example.com/a.exe", ""),
        ("https://example.com/", ""),
        ("https://[/", ""),
        ("", ""),
    ],
)
def test_a_name_promises_a_kind_or_nothing(url, kind):
    assert kinds.by_name(url) == kind
