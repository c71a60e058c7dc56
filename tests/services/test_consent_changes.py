"""A carrier tells of STOP and START, and from then on it is as if we had heard it ourselves."""

import pytest

from smsinbox.dialects.base import ConsentChange, InboundText
from smsinbox.models import Contact, Message, OptOut, Webhook
from smsinbox.services import consent_changes, inbound
from smsinbox.services.inbound import Arrival
from tests import build
from tests.build import OURS, THEIRS

ALSO_OURS = "+14155550143"


def tell(number, opted_out=True, sender=THEIRS, recipient=None, event_id="e1"):
    change = ConsentChange(sender, recipient, opted_out, event_id=event_id)
    consent_changes.receive(number.account_id, f"consent:{event_id}", b"{}", change)


def out_of() -> set[int]:
    return {one.number_id for one in build.every(OptOut)}


def test_without_a_recipient_it_holds_for_every_number_of_the_account(number):
    also = build.a_number(ALSO_OURS, account=number.account)
    elsewhere = build.a_number("+14155550144", account=build.an_account())
    tell(number)
    assert out_of() == {number.id, also.id}
    assert elsewhere.id not in out_of()


def test_with_one_it_holds_for_that_number(number):
    build.a_number(ALSO_OURS, account=number.account)
    tell(number, recipient=OURS)
    assert out_of() == {number.id}


def test_what_waits_for_them_is_canceled(number):
    build.a_message(build.a_conversation(number, build.a_contact(THEIRS)))
    tell(number)
    assert build.every(Message)[0].state == "canceled"


@pytest.mark.parametrize("knows_them", [True, False])
def test_start_gives_consent_back(number, knows_them):
    if knows_them:
        build.a_conversation(number, build.a_contact(THEIRS))
    tell(number)
    tell(number, opted_out=False, event_id="e2")
    assert out_of() == set()


def test_a_repeated_event_does_not_undo_a_later_one(number):
    tell(number, opted_out=False)
    tell(number, event_id="e2")
    tell(number, opted_out=False)
    assert out_of() == {number.id}


def test_somebody_we_never_heard_of_becomes_a_contact(number):
    tell(number)
    assert [contact.phone for contact in build.every(Contact)] == [THEIRS]


def test_one_about_nobody_is_kept_for_an_admin(number):
    tell(number, sender="user-17?!")
    [webhook] = build.every(Webhook)
    assert webhook.state == "quarantined"
    assert out_of() == set()


def test_a_word_that_the_carrier_has_answered_gets_no_second_confirmation(number):
    said = InboundText("a", THEIRS, OURS, "STOP", None, answered="STOP")
    inbound.receive([Arrival(number.account_id, b"{}", said)])
    assert [message.direction for message in build.every(Message)] == ["inbound"]
    assert out_of() == {number.id}


def test_a_carriers_own_keyword_counts_as_the_word_it_stands_for(number):
    said = InboundText("a", THEIRS, OURS, "NO MORE", None, answered="STOP")
    inbound.receive([Arrival(number.account_id, b"{}", said)])
    assert out_of() == {number.id}
