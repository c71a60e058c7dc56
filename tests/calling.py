"""A caller at work, and what gives it something to say."""

import time
from contextlib import contextmanager

from smsinbox.caller import Caller
from smsinbox.core.database import atomic
from smsinbox.core.doorbell import bell
from smsinbox.core.events import emit
from smsinbox.models import CallbackPost
from smsinbox.models.events import MessageChanged, MessageReceived
from tests import build


@atomic
def receive(conversation, body="Hi"):
    message = build.a_message(
        conversation, direction="inbound", state="received", author="contact", body=body
    )
    emit(MessageReceived(conversation_id=conversation.id, message_id=message.id))
    return message


@atomic
def send(conversation, key, **fields):
    message = build.a_message(
        conversation, author="program", api_key_id=key.id, **({"state": "accepted"} | fields)
    )
    emit(MessageChanged(conversation_id=conversation.id, message_id=message.id))
    return message


@contextmanager
def calling(app, to_private=True, hints=True):
    """A caller at work; with `hints` it looks at once, as it does when Redis speaks to it."""
    at_work = Caller(app, lambda: True, to_private)
    at_work.start()
    if hints:
        bell.listeners.append(at_work._wake.set)
    try:
        yield at_work
    finally:
        if hints:
            bell.listeners.remove(at_work._wake.set)
        at_work.stop()
        at_work._hands.shutdown(wait=True)


def settled(state="done", seconds=10.0):
    """Wait until all posts are in that state."""
    ends = time.monotonic() + seconds
    while any(post.state != state for post in build.every(CallbackPost)):
        assert time.monotonic() < ends
        time.sleep(0.02)
    return build.every(CallbackPost)


def tried() -> CallbackPost:
    """The one post, when it was tried."""
    ends = time.monotonic() + 5
    while time.monotonic() < ends:
        for post in build.every(CallbackPost):
            if post.last_error:
                return post
        time.sleep(0.02)
    raise AssertionError("it was not tried")
