"""A photo that is too large is made smaller when an agent asks for it, and only then."""

import io

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from smsinbox.models import Attachment
from tests import build
from tests.files import PDF, PNG
from tests.web.test_media import post, reply


@pytest.fixture
def number(app):
    """A number whose carrier, on this machine, takes files."""
    return build.a_number(account=build.an_account(dialect="telnyx_v1"))


@pytest.fixture
def conversation(number):
    return build.a_conversation(number)


def a_photo(size: tuple[int, int] = (1200, 900)) -> bytes:
    """Noise, which takes many bytes."""
    target = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(target, "JPEG", quality=95)
    return target.getvalue()


def shrink(client, *files: tuple[str, bytes], most: object = 200_000):
    chosen = [FileStorage(io.BytesIO(content), name, "files") for name, content in files]
    return post(client, "/media/shrink", {"most": str(most), "files": chosen})


def test_a_photo_is_made_smaller_for_whoever_asks_and_kept_nowhere(app, ben):
    answer = shrink(build.signed_in(app, ben), ("photo.jpg", a_photo()))
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert 20_000 < len(answer.data) <= 200_000
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert build.every(Attachment) == []


@pytest.mark.parametrize(
    ("files", "most", "words"),
    [
        ([("a.pdf", PDF)], 200_000, "a.pdf cannot be made smaller. It is no photo"),
        ([("<b>.jpg", b"x")], 200_000, "&lt;b&gt;.jpg cannot be made smaller."),
        ([("a.png", PNG)] * 2, 200_000, "Choose one photo."),
        ([], 200_000, "Choose one photo."),
        ([("a.png", PNG)], 1, "for a text"),
        ([("a.png", PNG)], 10**9, "for a text"),
        ([("a.png", PNG)], "x", "for a text"),
    ],
)
def test_what_cannot_be_made_smaller_is_said_in_words(app, ben, files, most, words):
    answer = shrink(build.signed_in(app, ben), *files, most=most)
    assert answer.status_code == 422
    assert words in answer.text


def test_only_those_who_may_send_have_photos_made_smaller(app, number, cy, client):
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    for nobody in (cy, viewer):
        assert shrink(build.signed_in(app, nobody), ("a.png", PNG)).status_code == 403
    assert shrink(client, ("a.png", PNG)).status_code == 302


def test_a_file_too_large_to_send_is_not_shrunk_unasked(app, ben, conversation):
    answer = reply(build.signed_in(app, ben), conversation, ("large.jpg", a_photo((2000, 1500))))
    assert answer.status_code == 422
    assert build.every(Attachment) == []


def test_composers_offer_to_shrink_where_files_can_be_sent(app, ada, conversation):
    client = build.signed_in(app, ada)
    for path in (f"/conversations/{conversation.id}", "/conversations/new"):
        page = client.get(path).text
        assert "data-shrink" in page
        assert '<span class="soft" id="shrink-says" role="status">' in page
