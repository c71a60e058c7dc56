"""A text arrives: kept once, threaded, counted, told."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, text

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.events import LogEntry
from smsinbox.dialects.base import InboundText
from smsinbox.models import Contact, Conversation, Message, Number, Webhook
from smsinbox.services import inbound
from smsinbox.services.inbound import Arrival
from tests import build
from tests.build import OURS, THEIRS


def an_arrival(number: Number, body: str = "Hi", carrier_id: str = "a", **fields) -> Arrival:
    said = InboundText(carrier_id, fields.get("sender", THEIRS), fields.get("to", OURS), body, None)
    return Arrival(number.account_id, b'{"raw": true}', said)


def test_a_text_becomes_a_message_in_a_conversation(number):
    inbound.receive([an_arrival(number, "My order has not arrived")])
    [message] = build.every(Message)
    [conversation] = build.every(Conversation)
    assert (message.body, message.direction, message.state) == (
        "My order has not arrived",
        "inbound",
        "received",
    )
    assert (conversation.unanswered, conversation.preview) == (1, "My order has not arrived")
    assert conversation.contact.phone == THEIRS
    assert [entry.kind for entry in build.every(LogEntry)][-1] == "MessageReceived"


def test_the_raw_webhook_is_kept_byte_for_byte(number):
    inbound.receive([an_arrival(number)])
    [webhook] = build.every(Webhook)
    assert (webhook.body, webhook.state) == (b'{"raw": true}', "processed")


def test_a_repeated_text_changes_nothing(number):
    for _ in range(3):
        inbound.receive([an_arrival(number), an_arrival(number)])
    assert len(build.every(Message)) == len(build.every(Webhook)) == 1
    assert build.every(Conversation)[0].unanswered == 1


def test_a_text_is_known_when_its_webhook_was_cleared_away(number):
    inbound.receive([an_arrival(number)])
    db.session.execute(delete(Webhook))
    db.session.commit()
    inbound.receive([an_arrival(number)])
    assert len(build.every(Message)) == 1
    assert build.every(Conversation)[0].unanswered == 1


def test_a_batch_keeps_the_order_of_arrival(number):
    batch = [an_arrival(number, str(n), f"id{n}", sender=f"+1312555{n % 3:04}") for n in range(30)]
    inbound.receive(batch)
    assert [message.body for message in build.every(Message)] == [str(n) for n in range(30)]
    assert len(build.every(Contact)) == 3
    assert {one.unanswered for one in build.every(Conversation)} == {10}
    assert {one.preview for one in build.every(Conversation)} == {"27", "28", "29"}


def test_one_batch_of_a_hundred_costs_a_handful_of_statements(number, statements):
    batch = [an_arrival(number, str(n), f"id{n}", sender=f"+1312555{n:04}") for n in range(100)]
    with statements() as seen:
        inbound.receive(batch)
    assert len(seen) <= 7, seen


@pytest.mark.parametrize("body", ["hours", "STOP", "START", "HELP"])
def test_a_hundred_answers_cost_a_handful_more(number, statements, body):
    build.a_rule(number, "hours")
    people = [f"+1312555{n:04}" for n in range(100)]
    if body == "START":
        inbound.receive([an_arrival(number, "STOP", f"s{one}", sender=one) for one in people])
    batch = [an_arrival(number, body, one, sender=one) for one in people]
    with statements() as seen:
        inbound.receive(batch)
    assert len(seen) <= 30, seen
    answers = [one for one in build.every(Message) if one.state == "queued"]
    assert len(answers) == len({one.answers_id for one in answers}) == 100


def test_two_first_texts_at_once_make_one_conversation(app, number):
    account_id = number.account_id

    def receive(n: int) -> None:
        with app.app_context():
            said = InboundText(f"id{n}", THEIRS, OURS, "Hi", None)
            inbound.receive([Arrival(account_id, b"{}", said)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(receive, range(16)))
    assert len(build.every(Conversation)) == len(build.every(Contact)) == 1
    assert len(build.every(Message)) == build.every(Conversation)[0].unanswered == 16


def test_a_contact_whom_another_process_stores_at_the_same_time_is_used(app, number):
    arrivals = [an_arrival(number), an_arrival(number, "to nobody", "b", to="+14155559999")]

    def receive() -> None:
        with app.app_context():
            inbound.receive(arrivals)

    with ThreadPoolExecutor(1) as pool:
        with db.engine.connect() as other, other.begin():
            now = {"now": clock.now_micros(), "phone": THEIRS}
            other.execute(text(_A_CONTACT), now)
            meanwhile = pool.submit(receive)
            time.sleep(0.2)  # it waits for the contact by now
            assert not meanwhile.done()
        meanwhile.result(5)
    [message] = build.every(Message)
    assert message.conversation.contact.phone == THEIRS
    assert build.every(Conversation)[0].unanswered == len(build.every(Contact)) == 1


_A_CONTACT = """
INSERT INTO contact (phone, kind, name, notes, created_at) VALUES (:phone, 'person', '', '', :now)
"""


def test_a_text_reopens_a_closed_conversation(number):
    contact = build.a_contact(THEIRS)
    build.a_conversation(number, contact, status="closed")
    inbound.receive([an_arrival(number)])
    assert build.every(Conversation)[0].status == "open"


@pytest.mark.parametrize(
    ("sender", "kind"), [("12345", "short_code"), ("MyBank", "alphanumeric"), (THEIRS, "person")]
)
def test_every_kind_of_sender_is_kept_and_marked(number, sender, kind):
    inbound.receive([an_arrival(number, sender=sender)])
    [contact] = build.every(Contact)
    assert (contact.phone, contact.kind) == (sender, kind)
    assert contact.is_answerable is (kind == "person")


def test_messy_spellings_of_a_number_are_one_contact(number):
    for n, sender in enumerate(["+13125550199", "+1 312 555 0199", "+1 (312) 555-0199"]):
        inbound.receive([an_arrival(number, carrier_id=str(n), sender=sender)])
    assert [contact.phone for contact in build.every(Contact)] == [THEIRS]


def test_a_text_to_a_number_that_is_not_ours_is_quarantined(number):
    inbound.receive([an_arrival(number, to="+14155559999")])
    [webhook] = build.every(Webhook)
    assert webhook.state == "quarantined"
    assert "+14155559999" in webhook.reason
    assert build.every(Message) == []


def test_a_sender_nobody_can_read_is_quarantined_beside_a_good_neighbour(number):
    inbound.receive([an_arrival(number, carrier_id="bad", sender=""), an_arrival(number)])
    assert [webhook.state for webhook in build.every(Webhook)] == ["quarantined", "processed"]
    assert len(build.every(Message)) == 1


def test_please_stop_texting_me_is_flagged_for_a_person(number):
    inbound.receive([an_arrival(number, "please stop texting me")])
    assert build.every(Conversation)[0].wants_out
    assert db.session.query(Message).count() == 1
