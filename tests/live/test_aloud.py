"""What screen readers hear of an open conversation."""

from smsinbox.dialects.errors import Rejected
from smsinbox.services import (
    bulk,
    delivery,
    inbound,
    outcomes,
)
from tests import build
from tests.live.sockets import open_screen
from tests.services.test_inbound import an_arrival


def test_texts_that_come_are_told_in_one_sentence_where_they_are_open(tail, look, number, ada, ben):
    opened = open_screen(tail, ben, thread="conversation:1")
    listed = open_screen(tail, ada, list="list:all")
    inbound.receive([an_arrival(number, "One", "a"), an_arrival(number, "Two", "b")])
    look()
    said = opened.content.partition('"#said" hx-swap="innerHTML">')[2].partition("<")[0]
    assert said == "2 new messages from (312) 555-0199"
    assert "#said" not in listed.content


def test_a_text_that_fails_is_told_aloud_where_it_is_open_and_once(tail, look, number, ada, ben):
    there = build.a_conversation(number)
    opened = open_screen(tail, ben, thread=f"conversation:{there.id}")
    listed = open_screen(tail, ada, list="list:all")
    for _ in range(2):
        build.a_message(there)
        claim = delivery.claim()
        assert claim is not None
        outcomes.refuse(claim.message_id, claim.fence, Rejected(code="x"))
    look()
    loud = opened.content.partition('"#said-loud" hx-swap="innerHTML">')[2].partition("<")[0]
    assert loud
    assert opened.content.count(loud) == 3  # each text says so itself
    assert "#said-loud" not in listed.content
    opened.frames.clear()
    bulk.do("dismiss", "", there.id, ben)
    look()
    assert "message-1" in opened.content
    assert "#said-loud" not in opened.content
