"""Programs hand in many texts at once; each is judged by itself."""

import pytest

from smsinbox.core import events
from smsinbox.core.errors import Invalid, OptedOut
from smsinbox.dialects.base import Asked, OutboundText
from smsinbox.models import Author, Contact, Conversation, Message
from smsinbox.services.outbox import Writer
from smsinbox.services.submission import Submission
from smsinbox.services.submissions import submit
from tests import build

SHOP = Writer(Author.PROGRAM, "Shop")


def a_submission(body: str = "Hello", *, to: str = build.THEIRS, sender: str = build.OURS):
    return Submission(Asked(OutboundText(sender, to, body)), SHOP)


def phones(count: int) -> list[str]:
    return [f"+1312555{at:04d}" for at in range(count)]


def test_texts_leave_in_the_order_in_which_they_were_handed_in(number):
    batch = [a_submission(str(at), to=phones(3)[at % 3]) for at in range(30)]
    submit(batch)
    messages = build.every(Message)
    assert [message.body for message in messages] == [str(at) for at in range(30)]
    assert [one.message_id for one in batch] == [message.id for message in messages]
    assert len(build.every(Conversation)) == len(build.every(Contact)) == 3


def test_a_text_that_cannot_be_sent_takes_no_other_down(number):
    out = build.a_contact("+13125550001")
    build.an_opt_out(build.a_conversation(number, out))
    batch = [
        a_submission("one"),
        a_submission("opted out", to=out.phone),
        a_submission("not ours", sender="+14155550143"),
        a_submission("  "),
        a_submission("to ourselves", to=build.OURS),
        a_submission("two"),
    ]
    submit(batch)
    assert [type(one.problem) for one in batch[1:5]] == [OptedOut, Invalid, Invalid, Invalid]
    assert [one.message_id for one in batch[1:5]] == [None] * 4
    assert [message.body for message in build.every(Message)] == ["one", "two"]


def test_an_opt_out_holds_for_its_number_alone(number):
    other = build.a_number("+14155550143", account=number.account)
    contact = build.a_contact(build.THEIRS)
    build.an_opt_out(build.a_conversation(other, contact))
    submission = a_submission()
    submit([submission])
    assert submission.problem is None


def test_a_batch_without_any_good_text_writes_nothing(number):
    submit([a_submission(sender="+14155550143")])
    assert build.every(Contact) == []


def test_screens_hear_of_each_text(number):
    before = events.newest()
    batch = [a_submission(), a_submission(to="+13125550001")]
    submit(batch)
    heard = [(entry.kind, entry.message_id) for entry in events.since(before)]
    assert heard == [("MessageQueued", one.message_id) for one in batch]


def test_the_newest_text_of_a_conversation_is_the_one_that_the_list_shows(number):
    submit([a_submission("first"), a_submission("last")])
    (conversation,) = build.every(Conversation)
    assert (conversation.preview, conversation.last_direction) == ("last", "outbound")


@pytest.mark.parametrize("count", [1, 60])
def test_a_batch_costs_a_handful_of_statements_whatever_its_size(number, statements, count):
    batch = [a_submission(to=phone) for phone in phones(count)]
    with statements() as seen:
        submit(batch)
    assert len(seen) <= 12, seen
