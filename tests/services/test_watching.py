"""Alert words: who is told of them, what the thread says, and who may not send them."""

import logging
from datetime import timedelta

import pytest

from smsinbox.core import clock
from smsinbox.core.errors import Forbidden, Invalid
from smsinbox.models import Activity, Conversation, Does, Message, Notification
from smsinbox.queries import alert_words
from smsinbox.services import (
    blocking,
    content_rules,
    conversations,
    inbound,
    later,
    notifications,
    outbound,
    watching,
)
from smsinbox.services.manner import Manner
from tests import build
from tests.build import THEIRS
from tests.services.test_inbound import an_arrival

TOMORROW = Manner(at=clock.now() + timedelta(days=1))
LINE = "Alert word “lawyer”: the admins were told."


@pytest.fixture
def lawyer(app):
    """A word of which admins want to hear."""
    return content_rules.create("Lawyer", does=Does.ALERT)


@pytest.fixture
def there(number) -> Conversation:
    return build.a_conversation(number, build.a_contact(THEIRS))


def came(number, body: str, carrier_id: str = "a") -> None:
    inbound.receive([an_arrival(number, body, carrier_id)])


def told() -> list[tuple[str, int, str | None]]:
    return [(one.kind, one.user_id, one.said) for one in build.every(Notification)]


def lines() -> list[tuple[str, str]]:
    return [(one.author_name, one.body) for one in build.every(Activity)]


def test_a_text_that_comes_is_told_to_admins_alone_and_stands_in_the_thread(
    number, lawyer, ada, ben
):
    came(number, "I will call my LÁWYER!")
    [message], [line], [conversation] = map(build.every, (Message, Activity, Conversation))
    assert told() == [("alert", ada.id, "lawyer")]
    assert (line.kind, line.body, line.message_id) == ("alert", LINE, message.id)
    assert conversation.unanswered == 1


@pytest.mark.parametrize("body", ["Hello", "lawyers", "law yer", "", "my-lawyerx"])
def test_other_words_are_told_to_nobody(number, lawyer, ada, body):
    came(number, body)
    assert (told(), lines()) == ([], [])


def test_what_an_agent_sends_is_told_and_what_an_admin_sends_to_the_others(there, lawyer, ada, ben):
    outbound.reply(there.id, "Ask a lawyer", None, ben)
    assert (told(), lines()) == ([("alert", ada.id, "lawyer")], [("Ben", LINE)])
    notifications.read_all(by=ada)
    eve = build.a_user("Eve", role="admin")
    outbound.reply(there.id, "Ask a lawyer!", None, ada)
    assert told()[1:] == [("alert", eve.id, "lawyer")]


def test_what_programs_and_rules_send_is_not_looked_at(there, lawyer, ada):
    outbound.reply(there.id, "Ask a lawyer", None, build.a_key())
    assert told() == []


def test_what_agents_may_not_send_stays_with_them_with_the_reason(there, ada, ben):
    content_rules.create("refund", does=Does.ALERT)
    content_rules.create("guarantee", does=Does.BLOCK)
    with pytest.raises(Invalid, match="Agents may not send “guarantee”") as refused:
        outbound.reply(there.id, "A refund is guarantee d!", None, ben)
    assert refused.value.field == "body"
    assert (build.every(Message), told()) == ([], [])
    outbound.reply(there.id, "We guarantee it", None, ada)
    came(build.again(there).number, "You guarantee it?")
    assert len(build.every(Message)) == 2


def test_neither_a_first_text_nor_a_scheduled_one_gets_round_it(number, there, ben):
    content_rules.create("guarantee", does=Does.BLOCK)
    with pytest.raises(Invalid, match="Agents may not"):
        conversations.start(number.id, THEIRS, "I guarantee", None, ben)
    with pytest.raises(Invalid, match="Agents may not"):
        outbound.reply(there.id, "I guarantee", None, ben, manner=TOMORROW)


@pytest.mark.parametrize(
    ("again", "state"), [(later.send_now, "scheduled"), (outbound.resend, "failed")]
)
def test_a_text_older_than_the_word_does_not_get_round_it_but_by_an_admin(
    there, ada, ben, again, state
):
    written = outbound.reply(there.id, "I guarantee", None, ben, manner=TOMORROW)
    build.changed(written, state=state)
    content_rules.create("guarantee", does=Does.BLOCK)
    with pytest.raises(Invalid, match="Agents may not send “guarantee”"):
        again(written.id, ben)
    assert [one.state for one in build.every(Message)] == [state]
    assert again(written.id, ada).state == "queued"


def test_what_agents_may_not_send_a_program_may_send_again(there):
    content_rules.create("guarantee", does=Does.BLOCK)
    failed = build.a_message(there, body="I guarantee", state="failed")
    assert outbound.resend(failed.id, build.a_key()).state == "queued"


def test_a_scheduled_text_is_told_of_when_it_is_written_and_leads_to_it_still(
    there, lawyer, ada, ben
):
    written = outbound.reply(there.id, "Lawyer", None, ben, manner=TOMORROW)
    said = later.send_now(written.id, ben)
    assert [one.message_id for one in build.every(Notification)] == [said.id]
    assert [one.message_id for one in build.every(Activity)][:1] == [said.id]


def test_one_conversation_rings_once_until_it_was_read(number, lawyer, ada):
    inbound.receive([an_arrival(number, "lawyer", f"a{n}") for n in range(3)])
    came(number, "lawyer", "b")
    assert (len(told()), len(lines())) == (1, 4)
    notifications.read_in(build.every(Conversation)[0].id, by=ada)
    came(number, "lawyer", "c")
    assert len(told()) == 2


def test_a_text_that_came_twice_is_told_once(number, lawyer, ada):
    for _ in range(2):
        came(number, "lawyer")
    assert (len(told()), len(lines())) == (1, 1)


def test_of_a_contact_who_is_blocked_nobody_hears(number, there, lawyer, ada):
    blocking.block(there.contact_id, by=ada)
    came(number, "lawyer")
    assert told() == []


def test_a_new_word_holds_at_once_and_one_that_is_gone_no_more(number, ada):
    came(number, "my lawyer", "a")
    rule = content_rules.create("lawyer", does=Does.ALERT)
    came(number, "my lawyer", "b")
    content_rules.delete(rule.id, ada)
    notifications.read_all(by=ada)
    came(number, "my lawyer", "c")
    assert len(told()) == 1


def test_the_words_are_read_once_and_texts_ask_for_them_no_more(number, lawyer, statements):
    came(number, "Hi", "a")
    with statements() as seen:
        came(number, "Hello", "b")
    assert seen
    assert not [one for one in seen if "content_rule" in one]


def test_words_for_programs_are_no_alert_words_and_the_other_way_round(number, lawyer, ada, ben):
    content_rules.create("vodka")
    content_rules.create("lawyer")  # for programs, too
    came(number, "vodka")
    assert told() == []
    outbound.reply(build.every(Conversation)[0].id, "vodka", None, ben)
    assert told() == []


def test_a_pattern_and_a_link_are_found_too(number, ada):
    content_rules.create(r"su(e|ing)\s+you", is_pattern=True, does=Does.ALERT)
    content_rules.create("bad.example", does=Does.ALERT)
    for n, body in enumerate(("I am SUING  you", "see https://bad.example/x", "sue us")):
        came(number, body, f"a{n}")
    assert len(lines()) == 2


def test_a_text_is_kept_whatever_breaks(number, lawyer, ada, monkeypatch, caplog):
    monkeypatch.setattr(watching, "_tell", None)
    with caplog.at_level(logging.CRITICAL):
        came(number, "lawyer")
    assert [one.body for one in build.every(Message)] == ["lawyer"]


def test_processes_that_read_the_words_at_different_times_each_know_what_they_read(number):
    before = alert_words.at({number.id: number.rules_stamp})[number.id]
    content_rules.create("lawyer", does=Does.ALERT)
    stamp = build.again(number).rules_stamp
    after = alert_words.at({number.id: stamp, 4711: 1})
    assert (bool(before), bool(after[number.id]), bool(after[4711])) == (False, True, True)


@pytest.mark.parametrize("does", ["", "shout"])
def test_what_comes_of_it_is_one_of_three(app, does):
    with pytest.raises(Invalid):
        content_rules.create("word", does=does)


def test_only_admins_say_what_is_watched(app, ben):
    with pytest.raises(Forbidden):
        content_rules.create("word", ben, does=Does.ALERT)
