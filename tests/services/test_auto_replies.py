"""What answers by itself: consent words first, then rules; at most once, and never in a circle."""

import pytest

from smsinbox.core import failpoints
from smsinbox.dialects.base import InboundText
from smsinbox.models import Decision, Message, OptOut
from smsinbox.rules import loops
from smsinbox.services import inbound
from smsinbox.services.inbound import Arrival
from tests import build
from tests.build import OURS, THEIRS


def receive(number, body, carrier_id="a", sender=THEIRS):
    text = InboundText(carrier_id, sender, OURS, body, None)
    inbound.receive([Arrival(number.account_id, b"{}", text)])


def replies() -> list[Message]:
    return [message for message in build.every(Message) if not message.is_inbound]


def test_a_keyword_gets_its_reply_and_the_bubble_says_which_rule_wrote_it(number):
    rule = build.a_rule(number, "hours", "open", reply="9 to 5", name="Opening hours")
    receive(number, " HOURS!! ")
    [reply] = replies()
    assert (reply.body, reply.author, reply.author_name) == ("9 to 5", "rule", "Opening hours")
    assert (reply.rule_id, reply.state) == (rule.id, "queued")
    assert build.every(Decision)[0].outcome == "replied"


@pytest.mark.parametrize("body", ["what are your hours", "hourss", "", "hours please"])
def test_anything_but_the_keyword_gets_none(number, body):
    build.a_rule(number, "hours")
    receive(number, body)
    assert replies() == []


def test_the_first_rule_in_order_answers_alone(number):
    build.a_rule(number, "hours", reply="second", position=2)
    build.a_rule(number, "hours", reply="first", position=1)
    receive(number, "hours")
    assert [reply.body for reply in replies()] == ["first"]


def test_a_rule_that_is_off_is_silent(number):
    build.a_rule(number, "hours", mode="off")
    receive(number, "hours")
    assert replies() == []


def test_a_repeated_webhook_is_answered_once(number):
    build.a_rule(number, "hours")
    for _ in range(5):
        receive(number, "hours")
    assert len(replies()) == 1


def test_stop_is_law_before_any_rule_and_is_confirmed_once(number):
    build.a_rule(number, "stop", reply="ignored")
    receive(number, "STOP.", "a")
    receive(number, "stop", "b")
    [reply] = replies()
    assert (reply.author, "START" in reply.body) == ("consent", True)
    assert len(build.every(OptOut)) == 1
    assert [decision.outcome for decision in build.every(Decision)] == ["stop", "stop"]


def test_start_lifts_an_opt_out_and_overtakes_a_confirmation_that_still_waits(number):
    receive(number, "STOP", "a")
    receive(number, "START", "b")
    assert build.every(OptOut) == []
    assert [reply.state for reply in replies()] == ["canceled", "queued"]
    assert "subscribed again" in replies()[-1].body


def test_help_says_who_we_are(number):
    receive(number, "help")
    assert "Support" in replies()[0].body


def test_stop_cancels_what_has_not_left(number):
    contact = build.a_contact(THEIRS)
    waiting = build.a_message(build.a_conversation(number, contact))
    receive(number, "STOP")
    assert build.again(waiting).state == "canceled"
    assert replies()[-1].state == "queued"


def test_no_rule_answers_somebody_who_opted_out(number):
    build.a_rule(number, "hours")
    receive(number, "STOP", "a")
    receive(number, "hours", "b")
    assert [reply.author for reply in replies()] == ["consent"]
    assert build.every(Decision)[-1].outcome == "silent"


@pytest.mark.parametrize("sender", ["12345", "MyBank"])
def test_machines_get_no_automatic_reply(number, sender):
    build.a_rule(number, "hours")
    receive(number, "hours", sender=sender)
    receive(number, "STOP", "b", sender=sender)
    assert replies() == []


def test_our_own_numbers_get_no_automatic_reply(number):
    other = build.a_number("+14155550143", account=number.account)
    build.a_rule(number, "hours")
    receive(number, "hours", sender=other.phone)
    assert replies() == []


def test_two_machines_stop_talking_at_the_cap(number):
    build.a_rule(number, "hours", reply="open")
    for n in range(20):
        receive(number, "hours", str(n))
    assert len(replies()) == loops.MOST_PER_HOUR


def test_an_echo_of_our_own_words_is_no_question(number):
    build.a_rule(number, "open", reply="open")
    receive(number, "open", "a")
    receive(number, "open", "b")
    assert len(replies()) == 1


def test_each_text_of_a_batch_is_judged_by_what_the_one_before_has_changed(number):
    build.a_rule(number, "hours", reply="9 to 5")
    said = ["STOP", "hours", "START", "hours", "stop"]
    texts = [InboundText(str(n), THEIRS, OURS, body, None) for n, body in enumerate(said)]
    inbound.receive([Arrival(number.account_id, b"{}", text) for text in texts])
    assert [one.outcome for one in build.every(Decision)] == [
        "stop",
        "silent",
        "start",
        "replied",
        "stop",
    ]
    assert [(reply.answers_id, reply.state) for reply in replies()] == [
        (1, "canceled"),
        (3, "canceled"),
        (4, "canceled"),
        (5, "queued"),
    ]
    assert len(build.every(OptOut)) == 1


def test_when_answering_all_at_once_breaks_they_are_answered_one_by_one(
    number, monkeypatch, tmp_path
):
    build.a_rule(number, "hours", reply="9 to 5")
    once = tmp_path / "once"
    once.touch()
    monkeypatch.setitem(failpoints._POINTS, "rules.answer", f"raise@{once}")
    texts = [InboundText(str(n), f"+1312555000{n}", OURS, "hours", None) for n in range(3)]
    inbound.receive([Arrival(number.account_id, b"{}", text) for text in texts])
    assert [reply.answers_id for reply in replies()] == [1, 2, 3]
    assert len(build.every(Decision)) == 3


def test_a_rule_that_breaks_never_loses_the_text(number, monkeypatch):
    build.a_rule(number, "hours", reply="x" * 10)
    monkeypatch.setitem(failpoints._POINTS, "rules.answer", "raise")
    receive(number, "hours")
    assert [message.body for message in build.every(Message)] == ["hours"]
    assert build.every(Decision)[0].outcome == "failed"
