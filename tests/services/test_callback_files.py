"""Programs hear of files that came when these are here, and of the consent words we answered."""

import json
from datetime import timedelta

import pytest
from time_machine import travel

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import InboundText
from smsinbox.models import Attachment, CallbackPost
from smsinbox.models.events import MessageChanged
from smsinbox.services import callback_posts
from tests import build
from tests.services.test_callbacks import happened, read, received


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, build.a_contact(build.THEIRS))


def with_a_file(conversation, state="waiting", **fields):
    """A text that came with a picture."""
    message = received(conversation, **fields)
    a_file(message, state)
    return message


@atomic
def a_file(message, state):
    size, sha256 = (67, "a" * 64) if state == "stored" else (None, None)
    file = Attachment(
        message_id=message.id, position=0, source_url="https://media.telnyx.com/a", name="",
        content_type="image/png", state=state, size=size, sha256=sha256, next_at=clock.now(),
    )  # fmt: skip
    db.session.add(file)


def due_in() -> float:
    (post,) = build.every(CallbackPost)
    return (post.due_at - clock.now()).total_seconds()


def test_a_text_that_comes_with_files_is_told_when_they_are_here(conversation):
    build.a_callback(dialect="telnyx")
    message = with_a_file(conversation)
    read()
    assert 25 < due_in() <= 30
    build.changed(message.attachments[0], state="stored", size=67, sha256="a" * 64)
    happened(MessageChanged, message)
    read()
    assert due_in() <= 0


@pytest.mark.parametrize("dialect", ["telnyx", "telnyx_v1", "pingram"])
@pytest.mark.parametrize("state", ["stored", "waiting", "gone"])
def test_files_that_came_are_told_with_links_of_ours(conversation, dialect, state):
    build.a_callback(dialect=dialect)
    with_a_file(conversation, state)
    read()
    with travel(clock.now() + timedelta(seconds=31)):
        (held,) = callback_posts.take([], 1)
    assert isinstance(held.event, InboundText)
    signed = held.signed("https://program.example")
    assert signed is not None
    (text,) = DIALECTS[dialect].client.read(signed)
    assert isinstance(text, InboundText)
    (media,) = text.media
    assert "/media/out/" in media.url
    assert media.content_type == "image/png"
    facts = (67, "a" * 64) if state == "stored" else (None, "")
    assert (media.size, media.sha256) == (facts if dialect != "pingram" else (None, ""))


@pytest.mark.parametrize(("body", "word"), [("Stop.", "STOP"), ("help", "HELP"), ("Hi", None)])
def test_telnyx_is_told_what_consent_word_we_answered(conversation, body, word):
    build.a_callback(dialect="telnyx")
    received(conversation, body=body)
    read()
    (held,) = callback_posts.take([], 1)
    signed = held.signed("https://program.example")
    assert signed is not None
    payload = json.loads(signed.body)["data"]["payload"]
    assert payload.get("autoresponse_type") == word
