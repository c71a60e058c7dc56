"""A photo that is too large is made smaller when an agent asks for it, and only then."""

import io

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from smsinbox.models import Attachment
from tests import build
from tests.files import PDF, PNG
from tests.web.test_media import post


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


def send(client, conversation, *files: tuple[str, bytes], shrink: str = "1"):
    chosen = [FileStorage(io.BytesIO(content), name, "files") for name, content in files]
    form: dict[str, object] = {"body": "", "client_token": "t", "files": chosen}
    if shrink:
        form["shrink"] = shrink
    return post(client, f"/conversations/{conversation.id}/reply", form)


def test_a_photo_is_made_smaller_for_whoever_asks(app, ben, conversation):
    photo = a_photo((2000, 1500))
    answer = send(build.signed_in(app, ben), conversation, ("large.png", photo), ("a.pdf", PDF))
    assert answer.status_code == 200
    large, other = build.every(Attachment)
    assert (large.name, large.content_type) == ("large.jpg", "image/jpeg")
    assert 20_000 < large.size < 1_000_000 < len(photo)
    assert (other.name, other.size) == ("a.pdf", len(PDF))


def test_photos_that_fit_stay_as_they_are(app, ben, conversation):
    assert send(build.signed_in(app, ben), conversation, ("a.png", PNG)).status_code == 200
    assert [(one.name, one.size) for one in build.every(Attachment)] == [("a.png", len(PNG))]


def test_several_photos_share_the_room_that_the_smaller_ones_leave(app, ben, conversation):
    large = a_photo((1700, 1300))
    answer = send(
        build.signed_in(app, ben), conversation, ("a.png", PNG), ("b.jpg", large), ("c.jpg", large)
    )
    assert answer.status_code == 200
    sizes = [one.size for one in build.every(Attachment)]
    assert sizes[0] == len(PNG)
    assert all(200_000 < size < 600_000 for size in sizes[1:])


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("a.pdf", PDF + bytes(1_000_000))], "carriers take less than 1 MB"),
        (
            [("<b>.jpg", b"\xff\xd8\xff\xe0" + bytes(1_000_000))],
            "&lt;b&gt;.jpg cannot be made smaller.",
        ),
        ([("a.jpg", b""), ("b.jpg", b"")], "a.jpg is empty."),
        ([(f"{at}.png", PNG) for at in range(11)], "Attach at most 10 files; these are 11."),
        ([("a.pdf", PDF + bytes(990_000)), ("b.png", PNG + bytes(30_000))], "carriers take less"),
    ],
)
def test_what_cannot_be_made_small_enough_is_said_in_words(app, ben, conversation, files, words):
    answer = send(build.signed_in(app, ben), conversation, *files)
    assert answer.status_code == 422
    assert words in answer.text
    assert build.every(Attachment) == []


def test_only_those_who_may_send_have_photos_made_smaller(app, number, cy, client, conversation):
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    assert send(build.signed_in(app, viewer), conversation, ("a.png", PNG)).status_code == 403
    assert send(build.signed_in(app, cy), conversation, ("a.png", PNG)).status_code == 404
    assert send(client, conversation, ("a.png", PNG)).status_code == 302


def test_a_file_too_large_to_send_is_not_shrunk_unasked(app, ben, conversation):
    large = ("large.jpg", a_photo((2000, 1500)))
    assert send(build.signed_in(app, ben), conversation, large, shrink="").status_code == 422
    assert build.every(Attachment) == []


def test_a_first_text_takes_smaller_photos_too(app, ben, number):
    photo = FileStorage(io.BytesIO(a_photo((2000, 1500))), "large.jpg", "files")
    form: dict[str, object] = {
        "number_id": str(number.id),
        "phone": "+14155550123",
        "anyway": "endless",
        "shrink": "1",
        "files": [photo],
    }
    assert post(build.signed_in(app, ben), "/conversations", form).status_code == 303
    assert [one.size < 1_000_000 for one in build.every(Attachment)] == [True]


def test_a_first_text_offers_to_shrink_photos(app, ada, number):
    assert 'name="shrink"' in build.signed_in(app, ada).get("/conversations/new").text
