"""A program arms a reply: it answers the contact's next text, once, and nothing else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine

from smsinbox.core import clock, events, failpoints
from smsinbox.core.database import apart
from smsinbox.dialects.base import Asked, ConsentChange, InboundText, OutboundText
from smsinbox.models import Conversation, Decision, Message
from smsinbox.models.message import ARMED_FOR, Author
from smsinbox.services import armed_replies, consent_changes, inbound, outbox, schedules
from smsinbox.services.inbound import Arrival
from smsinbox.services.outbox import Writer
from smsinbox.services.submission import Submission
from smsinbox.services.submissions import submit
from tests import build
from tests.build import OURS, THEIRS

SHOP = Writer(Author.PROGRAM, "Shop")


def armed(reply: str = "We got it", *, state: str = "accepted", **asked) -> Message:
    """A text with a reply to arm, handed in by a program; it has left unless `state` differs."""
    text = OutboundText(OURS, asked.pop("to", THEIRS), asked.pop("body", "Which size?"))
    submission = Submission(Asked(text, auto_reply=reply, **asked), SHOP, "pingram")
    submit([submission])
    assert submission.problem is None
    message = next(one for one in build.every(Message) if one.id == submission.message_id)
    if message.state == "queued":
        build.changed(message, state=state)
    return message


def arrival(number, body="M", carrier_id="a", **fields) -> Arrival:
    text = InboundText(carrier_id, fields.pop("sender", THEIRS), OURS, body, None, **fields)
    return Arrival(number.account_id, b"{}", text)


def receive(number, *bodies: str, at: str = "", **fields) -> None:
    inbound.receive([arrival(number, body, f"{at}{n}", **fields) for n, body in enumerate(bodies)])


def answers() -> list[str]:
    return [one.body for one in build.every(Message) if one.answers_id is not None]


def test_the_next_text_is_answered_once_and_both_bubbles_say_so(number):
    asked = armed()
    before = events.newest()
    receive(number, "M")
    receive(number, "And L?", at="later")
    reply = build.every(Message)[-2]
    assert (reply.body, reply.author, reply.author_name) == ("We got it", "armed", "Shop")
    assert (reply.state, reply.is_automatic) == ("queued", True)
    assert answers() == ["We got it"]
    assert build.again(asked).arming == "answered"
    assert build.every(Conversation)[0].armed_id is None
    [decision] = build.every(Decision)
    assert (decision.outcome, "Shop" in decision.reason) == ("replied", True)
    told = [entry.message_id for entry in events.since(before) if entry.kind == "MessageChanged"]
    assert told == [asked.id]


def test_a_newer_one_takes_its_place(number):
    first, second = armed("first"), armed("second")
    armed("of another", to="+13125550111")
    assert (build.again(first).arming, build.again(second).arming) == ("replaced", "armed")
    receive(number, "M")
    assert answers() == ["second"]


def test_of_one_batch_the_last_is_armed(number):
    batch = [
        Submission(Asked(OutboundText(OURS, THEIRS, "Hi"), auto_reply=reply), SHOP)
        for reply in ("first", "second")
    ]
    submit(batch)
    assert [one.arming for one in build.every(Message)] == ["replaced", "armed"]


def test_it_comes_before_the_rules_and_a_text_is_answered_once(number):
    armed()
    build.a_rule(number, "hours", reply="9 to 5")
    receive(number, "hours", "hours")
    assert answers() == ["We got it", "9 to 5"]


@pytest.mark.parametrize(("word", "arming"), [("STOP", "canceled"), ("help", "armed")])
def test_no_consent_word_is_answered_by_it(number, word, arming):
    asked = armed()
    receive(number, word)
    assert "We got it" not in answers()
    assert build.again(asked).arming == arming


def test_after_an_opt_out_it_never_fires_not_even_after_start(number):
    armed()
    receive(number, "STOP", "M", "START", "L")
    assert "We got it" not in answers()


def test_an_opt_out_that_the_carrier_tells_of_disarms_it(number):
    asked = armed()
    change = ConsentChange(sender=THEIRS, recipient=OURS, opted_out=True)
    consent_changes.receive(number.account_id, "k", b"{}", change)
    assert build.again(asked).arming == "canceled"
    receive(number, "M")
    assert answers() == []


def test_a_number_of_ours_is_not_answered(number):
    other = build.a_number("+14155550143", account=number.account)
    asked = armed(to=other.phone)
    receive(number, "M", sender=other.phone)
    assert answers() == []
    assert build.again(asked).arming == "armed"
    assert build.every(Decision)[0].outcome == "held"


@pytest.mark.parametrize("state", ["queued", "failed", "canceled"])
def test_it_answers_nothing_while_its_own_text_has_not_left(number, state):
    armed(state=state)
    build.a_rule(number, "hours", reply="9 to 5")
    receive(number, "hours")
    assert answers() == ["9 to 5"]


@pytest.mark.parametrize("state", ["sending", "uncertain"])
def test_it_answers_when_its_own_text_may_have_arrived(number, state):
    armed(state=state)
    receive(number, "M")
    assert answers() == ["We got it"]


def test_a_scheduled_text_arms_it_when_its_time_comes(number):
    first = armed("first")
    later = armed("second", send_at=clock.now() + timedelta(hours=1))
    assert build.again(first).arming == "armed"
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        assert schedules.release() == 1
        assert build.again(first).arming == "replaced"
        build.changed(later, state="accepted")
        receive(number, "M")
    assert answers() == ["second"]


def test_after_three_days_nobody_knows_what_it_would_answer(number):
    asked = armed()
    assert armed_replies.expire() == 0
    long = clock.now() + outbox.PATIENCE + ARMED_FOR + timedelta(seconds=1)
    with time_machine.travel(long, tick=False):
        receive(number, "M")
        assert answers() == []
        assert armed_replies.expire() == 1
    assert build.again(asked).arming == "expired"


@pytest.mark.parametrize("texts", [1, 6], ids=["copies", "different"])
def test_webhooks_that_come_at_once_fire_it_once(number, texts):
    armed()
    posts = [[arrival(number, carrier_id=str(at % texts))] for at in range(100 // texts)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(apart(inbound.receive), posts))
    assert answers() == ["We got it"]
    assert len([one for one in build.every(Message) if one.is_inbound]) == texts


def test_an_answer_that_breaks_leaves_it_armed(number, monkeypatch):
    asked = armed()
    with monkeypatch.context() as broken:
        broken.setitem(failpoints._POINTS, "rules.answer", "raise")
        receive(number, "M")
    assert (answers(), build.again(asked).arming) == ([], "armed")
    receive(number, "L", at="later")
    assert answers() == ["We got it"]


def test_nothing_more_is_asked_where_nothing_is_armed(number, statements):
    texts = [[arrival(number, carrier_id=str(at))] for at in range(3)]
    inbound.receive(texts[0])
    with statements() as before:
        inbound.receive(texts[1])
    armed(to="+13125550111")
    with statements() as after:
        inbound.receive(texts[2])
    assert len(after) == len(before)


def test_an_empty_reply_is_refused(number):
    text = OutboundText(OURS, THEIRS, "Hi")
    submission = Submission(Asked(text, auto_reply=" \n"), SHOP)
    submit([submission])
    assert submission.problem
    assert build.every(Message) == []
