"""A receipt that came to a text's own address settles the send whose answer we never got."""

from urllib.parse import parse_qs, urlsplit

import pytest

from smsinbox.core import clock
from smsinbox.dialects.base import Accepted, Cost, Rank
from smsinbox.dialects.base import Receipt as Report
from smsinbox.dialects.errors import Uncertain
from smsinbox.models import Message, Receipt
from smsinbox.services import correlation, delivery, outbound, outcomes, receipts
from smsinbox.services.taken import taken_of
from tests import build
from tests.build import THEIRS


@pytest.fixture
def claim(number):
    build.a_message(build.a_conversation(number, build.a_contact(THEIRS)))
    claimed = delivery.claim()
    assert claimed is not None
    return claimed


def reported(claim, fence, **fields):
    report = Report("carrier-1", "delivered", Rank.DELIVERED, occurred_at=clock.now(), **fields)
    receipts.receive([receipts.Reported(claim.account.id, report, fence)])


def the_text() -> Message:
    [message] = build.every(Message)
    return message


def test_the_address_of_a_text_names_its_attempt_and_nobody_can_make_one_up(claim):
    url = urlsplit(claim.text.webhook_url)
    [word] = parse_qs(url.query)["about"]
    assert url.path == claim.account.webhook_path
    assert correlation.fence_of(word) == claim.fence
    for other in (None, "", word[:-1], f"{claim.fence}", "x.y"):
        assert correlation.fence_of(other) is None


def test_the_same_text_keeps_its_reference_until_somebody_sends_it_again(claim, ada):
    outcomes.give_back(claim.message_id, claim.fence)
    again = delivery.claim()
    assert again is not None
    assert again.text.reference == claim.text.reference
    outcomes.refuse(again.message_id, again.fence, Uncertain(code="no-answer"))
    outbound.resend(again.message_id, ada)
    build.changed(build.again(claim.account), name="Carrier")
    resent = delivery.claim()
    assert resent is not None
    assert resent.text.reference != claim.text.reference


def test_it_settles_an_uncertain_text_without_looking_at_its_ends(claim):
    outcomes.refuse(claim.message_id, claim.fence, Uncertain(code="no-answer"))
    reported(claim, claim.fence)
    assert (the_text().state, the_text().delivery) == ("accepted", Rank.DELIVERED)
    assert the_text().carrier_id == "carrier-1"
    assert build.every(Receipt)[0].message_id == claim.message_id


def test_one_about_an_earlier_attempt_settles_nothing(claim):
    outcomes.give_back(claim.message_id, claim.fence)
    later = delivery.claim()
    assert later is not None
    outcomes.refuse(later.message_id, later.fence, Uncertain(code="no-answer"))
    reported(claim, claim.fence)
    assert the_text().state == "uncertain"


def test_one_of_another_account_settles_nothing(claim):
    other = build.an_account()
    outcomes.refuse(claim.message_id, claim.fence, Uncertain(code="no-answer"))
    report = Report("carrier-1", "delivered", Rank.DELIVERED)
    receipts.receive([receipts.Reported(other.id, report, claim.fence)])
    assert the_text().state == "uncertain"


def test_one_that_comes_before_the_doubt_is_found_when_the_sweeper_looks(claim):
    reported(claim, claim.fence)
    assert the_text().state == "sending"
    outcomes.refuse(claim.message_id, claim.fence, Uncertain(code="no-answer"))
    assert receipts.settle_doubts() == 1
    assert (the_text().state, the_text().delivery) == ("accepted", Rank.DELIVERED)


def test_what_a_carrier_bills_is_told_as_it_said_it(claim):
    said = Cost(9000, "USD", {"carrier_fee": Cost(3000, "USD"), "rate": Cost(6000, "USD")})
    outcomes.accept(claim.message_id, claim.fence, Accepted("carrier-1", said, 3))
    assert (taken_of(the_text()).cost, taken_of(the_text()).segments) == (said, 3)
    final = Cost(5100, "USD", {"carrier_fee": Cost(3050, "USD"), "rate": Cost(2050, "USD")})
    reported(claim, claim.fence, cost=final)
    assert (taken_of(the_text()).cost, taken_of(the_text()).segments) == (final, 3)
    assert the_text().segments == 1


def test_what_a_text_cost_is_what_its_last_receipt_says(claim):
    outcomes.refuse(claim.message_id, claim.fence, Uncertain(code="no-answer"))
    reported(claim, claim.fence, cost=Cost(5100, "USD"), segments=1)
    assert (the_text().cost_micros, the_text().cost_currency) == (5100, "USD")
