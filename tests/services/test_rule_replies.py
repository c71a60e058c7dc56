"""What rules answer to texts that arrive, and when they rest."""

from datetime import timedelta

import pytest
import time_machine

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.dialects.base import InboundText
from smsinbox.models import (
    Calendar,
    ContactTag,
    Conversation,
    Decision,
    Firing,
    Tag,
)
from smsinbox.services import (
    conversations,
    inbound,
    outbound,
)
from smsinbox.services.inbound import Arrival
from tests import build
from tests.build import OURS, THEIRS
from tests.ruling import a_rule, kept, outcomes_kept, receive, replies, said


def test_every_text_to_a_number_with_rules_has_its_decision_with_all_reasons(number):
    a_rule(number, name="Hours", match={"terms": ["hours"]}, reply="9 to 5")
    a_rule(number, name="Shut", reply="Later", valid_until="2020-01-01")
    receive(number, "what?")
    receive(number, "HOURS")
    assert outcomes_kept() == ["silent", "replied"]
    first = kept(0)
    assert [(one.name, one.outcome) for one in first.rules] == [
        ("Hours", "no_match"),
        ("Shut", "silent"),
    ]
    assert first.rules[1].checks[1].name == "dates"
    assert said(kept()) == "9 to 5"


def test_a_text_to_a_number_without_rules_leaves_none_and_costs_no_more(number, statements):
    other = build.a_number("+14155550143", account=number.account)
    a_rule(other, reply="Hi")
    text = InboundText("a", THEIRS, OURS, "hello")
    arrival = Arrival(number.account_id, b"{}", text)
    with statements() as seen:
        inbound.receive([arrival])
    assert len(seen) <= 7, seen
    assert build.every(Decision) == []


def test_a_rule_of_all_numbers_answers_on_each_behind_their_own(number):
    a_rule(None, reply="everywhere")
    own = a_rule(number, match={"terms": ["hours"]}, name="Hours", reply="own")
    receive(number, "hours")
    receive(number, "else")
    assert [reply.body for reply in replies()] == ["own", "everywhere"]
    assert replies()[0].rule_id == own.id


def test_s61_merge_fields_are_filled_in_once_and_never_looked_at_again(number):
    build.a_contact(THEIRS, name="{{number.name}} {{7*7}} {%if%}")
    a_rule(number, reply="Hi {{contact.name|there}}, this is {{number.name}}")
    receive(number, "hello")
    assert replies()[0].body == "Hi {{number.name}} {{7*7}} {%if%}, this is Support"


def test_a_rule_rests_as_long_as_it_says(number):
    a_rule(number, reply="Hi", cooldown="1h")
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as then:
        receive(number, "one")
        then.shift(3599)
        receive(number, "two")
        then.shift(2)
        receive(number, "three")
    assert outcomes_kept() == ["replied", "silent", "replied"]
    assert len(build.every(Firing)) == 2


def test_once_per_opening_means_again_after_it_was_closed(number, ben):
    a_rule(number, reply="Hi", cooldown="once_per_opening")
    receive(number, "one")
    receive(number, "two")
    conversations.close(build.every(Conversation)[0].id, ben)
    receive(number, "three")
    assert outcomes_kept() == ["replied", "silent", "replied"]


def test_the_first_text_of_a_contact_is_new_also_in_a_batch(number):
    a_rule(number, match={"type": "first_contact"}, reply="Welcome")
    receive(number, "one", "two")
    receive(number, "three")
    assert outcomes_kept() == ["replied", "none", "none"]


def test_who_was_texted_first_did_not_start(number):
    a_rule(number, reply="Hi", started_by="customer")
    contact = build.a_contact(THEIRS)
    build.a_message(build.a_conversation(number, contact), state="accepted")
    receive(number, "one")
    assert outcomes_kept() == ["silent"]


def test_tags_language_and_calendars_are_known(number):
    @atomic
    def world() -> None:
        contact = build.a_contact(THEIRS, language="es-MX")
        db.session.add(Tag(id=1, name="vip", created_at=clock.now()))
        db.session.add(
            Calendar(
                name="Office",
                definition={"name": "Office", "zone": "UTC", "weekly": {}},
                created_at=clock.now(),
            )
        )
        db.session.flush()
        db.session.add(ContactTag(contact_id=contact.id, tag_id=1))

    world()
    a_rule(
        number,
        who={"is": "has_tag", "of": "VIP"},
        when={"calendar": "Office", "is": "closed"},
        reply="Closed",
        variants={"es": "Cerrado"},
    )
    receive(number, "one")
    assert [reply.body for reply in replies()] == ["Cerrado"]


def test_an_agent_who_wrote_lately_silences_a_rule(number, ben):
    a_rule(number, reply="Hi", human_grace=5)
    conversation = build.a_conversation(number, build.a_contact(THEIRS))
    outbound.reply(conversation.id, "I am on it", None, ben)
    receive(number, "thanks")
    assert outcomes_kept() == ["silent"]


@pytest.mark.parametrize("together", [True, False])
def test_a_daily_budget_is_for_all_contacts_and_a_day(number, together):
    a_rule(number, reply="Hi", daily_budget=2)
    build.changed(number, zone="UTC")
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as then:
        people = [f"+1312555{n:04}" for n in range(4)]
        texts = [InboundText(one, one, OURS, "hello", None) for one in people]
        arrivals = [Arrival(number.account_id, b"{}", text) for text in texts]
        for batch in [arrivals] if together else [[one] for one in arrivals]:
            inbound.receive(batch)
        assert outcomes_kept() == ["replied", "replied", "silent", "silent"]
        then.shift(timedelta(hours=14))
        receive(number, "tomorrow")
    assert outcomes_kept()[-1] == "replied"
