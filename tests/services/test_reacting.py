"""A reaction is folded under the one text it can be about, and nobody has to answer it."""

import pytest

from smsinbox.models import Conversation, Message
from smsinbox.services import inbound
from tests import build
from tests.build import THEIRS
from tests.ruling import a_rule
from tests.services.test_inbound import an_arrival


@pytest.fixture
def there(number) -> Conversation:
    return build.a_conversation(number, build.a_contact(THEIRS))


def receive(number, *texts: str) -> None:
    for at, text in enumerate(texts):
        inbound.receive([an_arrival(number, text, f"{text[:20]}-{at}")])


def test_a_reaction_stands_at_its_text_and_needs_no_reply(number, there):
    ours = build.a_message(there, body="See you  at 5")
    a_rule(number, reply="We are closed.")
    receive(number, "Liked “See you at 5”")
    [_, theirs] = build.every(Message)
    assert (theirs.reacts_to_id, theirs.reaction, theirs.body) == (
        ours.id,
        "👍",
        "Liked “See you at 5”",
    )
    again = build.again(there)
    assert (again.unanswered, again.waiting_since, again.received) == (0, None, 1)


def test_who_waits_already_goes_on_waiting(number, there):
    build.a_message(there, body="At 5")
    receive(number, "And the price?")
    since = build.again(there).waiting_since
    receive(number, "Liked “At 5”")
    again = build.again(there)
    assert (again.unanswered, again.waiting_since) == (1, since)


def test_what_was_put_away_stays_away_unless_something_is_said(number, there):
    build.a_message(there, body="At 5")
    build.changed(there, status="closed")
    receive(number, "Liked “At 5”")
    assert build.again(there).is_closed
    inbound.receive(
        [an_arrival(number, "Loved “At 5”", "first"), an_arrival(number, "Or 6?", "second")]
    )
    assert not build.again(there).is_closed


@pytest.mark.parametrize("bodies", [[], ["Other"], ["Hi", "Hi"]])
def test_what_fits_no_text_or_two_is_an_ordinary_one(number, there, bodies):
    for body in bodies:
        build.a_message(there, body=body)
    receive(number, "Liked “Hi”")
    assert build.every(Message)[-1].reacts_to_id is None
    assert build.again(there).unanswered == 1


def test_texts_of_others_and_their_own_are_not_meant(number, there):
    build.a_message(build.a_conversation(number), body="Hi")
    receive(number, "Hi", "Liked “Hi”")
    assert build.every(Message)[-1].reacts_to_id is None


def test_the_thread_shows_it_at_the_text_until_it_is_taken_back(app, number, there, ben):
    ours, page = build.a_message(there, body="Hi"), build.signed_in(app, ben)
    receive(number, "Loved “Hi”")
    theirs = build.every(Message)[-1]
    shown = page.get(f"/conversations/{there.id}?at={theirs.id}").text
    assert 'aria-label="Reactions of the contact">❤️</p>' in shown
    assert f'data-goal="message-{ours.id}"' in shown
    assert "Loved" not in shown.partition('id="messages"')[2].partition('id="newer"')[0]
    receive(number, "Removed a heart from “Hi”")
    assert 'class="reactions"' not in page.get(f"/conversations/{there.id}").text
