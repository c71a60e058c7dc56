"""From the outbox to the carrier: one holder, in order, at its pace, and the truth about doubt."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from time_machine import travel

from smsinbox.core import clock
from smsinbox.dialects.base import Accepted, InboundText, Rank
from smsinbox.dialects.base import Receipt as Report
from smsinbox.dialects.errors import Misconfigured, OptedOut, Rejected, Unavailable, Uncertain
from smsinbox.models import Account, Attempt, Message, OptOut, Receipt
from smsinbox.services import delivery, inbound, outcomes, receipts, upkeep
from smsinbox.services.accounts import credentials
from tests import build
from tests.build import OURS, THEIRS


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, build.a_contact(THEIRS))


def a_claimed(conversation, **fields):
    message = build.a_message(conversation, **fields)
    claim = delivery.claim()
    assert claim is not None
    assert claim.message_id == message.id
    return claim


def test_a_claim_carries_all_that_a_send_needs(conversation):
    claim = a_claimed(conversation, body="Hi")
    assert (claim.text.sender, claim.text.recipient, claim.text.body) == (OURS, THEIRS, "Hi")
    assert credentials(claim.account).key == build.KEY
    assert build.every(Message)[0].state == "sending"
    assert build.every(Attempt)[0].fence == claim.fence


def test_a_hundred_workers_claim_one_text_once(app, conversation):
    build.a_message(conversation)

    def claim(_):
        with app.app_context():
            return delivery.claim()

    with ThreadPoolExecutor(8) as pool:
        claims = [one for one in pool.map(claim, range(100)) if one]
    assert len(claims) == 1


def test_texts_of_a_conversation_leave_in_the_order_written(conversation):
    first = build.a_message(conversation, next_at=clock.now() + timedelta(seconds=30))
    build.a_message(conversation)
    assert delivery.claim() is None
    build.changed(first, next_at=clock.now())
    assert claimed_id() == first.id
    assert delivery.claim() is None


def test_a_doubtful_text_does_not_hold_up_the_next(conversation):
    build.a_message(conversation, state="uncertain")
    following = build.a_message(conversation)
    assert claimed_id() == following.id


def test_a_number_keeps_its_pace(number, conversation):
    build.changed(number, pace=0.5)
    build.a_message(conversation)
    build.a_message(build.a_conversation(number))
    assert delivery.claim() is not None
    assert delivery.claim() is None


def test_nothing_leaves_through_a_paused_account(number, conversation):
    build.a_message(conversation)
    build.changed(number.account, paused_at=clock.now())
    assert delivery.claim() is None


def test_nothing_leaves_for_somebody_who_opted_out(number, conversation):
    build.a_message(conversation)
    build.an_opt_out(conversation)
    assert delivery.claim() is None
    confirmation = build.a_message(build.a_conversation(number), author="consent")
    assert claimed_id() == confirmation.id


def test_accepted(conversation):
    claim = a_claimed(conversation)
    outcomes.accept(claim.message_id, claim.fence, Accepted("c1"))
    [message] = build.every(Message)
    assert (message.state, message.carrier_id, message.delivery) == ("accepted", "c1", 10)
    assert build.every(Attempt)[0].outcome == "accepted"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Unavailable("busy", code="rate-limited", status=429), "queued"),
        (Rejected("no", code="content-blocked", status=422, raw='{"type":"…"}'), "failed"),
        (OptedOut("no", code="dnc-blocked", status=422), "failed"),
        (Misconfigured("key", code="unauthorized", status=401), "queued"),
        (Uncertain("?", code="no-answer"), "uncertain"),
    ],
)
def test_each_refusal_has_its_state_and_keeps_the_reason(conversation, error, state):
    claim = a_claimed(conversation)
    outcomes.refuse(claim.message_id, claim.fence, error)
    [message] = build.every(Message)
    assert (message.state, message.error_code, message.error_raw) == (state, error.code, error.raw)


def test_retry_after_is_a_lower_bound(conversation):
    claim = a_claimed(conversation)
    outcomes.refuse(claim.message_id, claim.fence, Unavailable(retry_after=120.0))
    assert build.every(Message)[0].next_at >= clock.now() + timedelta(seconds=119)


def test_twelve_refusals_are_enough(conversation):
    claim = a_claimed(conversation, attempts=11)
    outcomes.refuse(claim.message_id, claim.fence, Unavailable())
    assert build.every(Message)[0].state == "failed"


def test_the_carriers_word_of_an_opt_out_is_kept(conversation):
    claim = a_claimed(conversation)
    outcomes.refuse(claim.message_id, claim.fence, OptedOut(code="dnc-blocked"))
    assert build.every(OptOut)[0].source == "carrier"


def test_a_wrong_key_pauses_the_account_and_says_why(conversation):
    claim = a_claimed(conversation)
    outcomes.refuse(claim.message_id, claim.fence, Misconfigured("The key is wrong."))
    assert build.every(Account)[0].paused_reason == "The key is wrong."


def test_an_ended_lease_is_uncertain_and_is_never_claimed_again(conversation):
    a_claimed(conversation)
    end_lease()
    assert upkeep.expire_leases() == 1
    assert build.every(Message)[0].state == "uncertain"
    assert delivery.claim() is None


def test_a_lease_of_the_far_future_has_ended_too(conversation):
    a_claimed(conversation)
    end_lease(clock.now() + timedelta(days=1))
    assert upkeep.expire_leases() == 1


def test_late_good_news_settles_a_doubt(conversation):
    claim = a_claimed(conversation)
    end_lease()
    upkeep.expire_leases()
    outcomes.accept(claim.message_id, claim.fence, Accepted("c1"))
    assert build.every(Message)[0].state == "accepted"


def test_a_lost_fence_changes_the_attempt_only(conversation):
    claim = a_claimed(conversation)
    outcomes.refuse(claim.message_id, claim.fence + 1, Rejected("no"))
    outcomes.accept(claim.message_id, claim.fence + 1, Accepted("other"))
    assert build.every(Message)[0].state == "sending"


def test_a_process_that_slept_past_its_lease_sends_nothing(conversation):
    claim = a_claimed(conversation)
    with travel(timedelta(seconds=50) + clock.now()):
        delivery.send(claim)  # a send would leave another mark: nobody listens at that address
    assert build.every(Attempt)[0].outcome == "not sent"
    assert build.every(Message)[0].state == "queued"


def test_a_carrier_that_repeats_an_id_leaves_a_doubt(number, conversation):
    build.a_message(conversation, state="accepted", carrier_id="c1")
    claim = a_claimed(build.a_conversation(number))
    outcomes.accept(claim.message_id, claim.fence, Accepted("c1"))
    assert [message.state for message in build.every(Message)] == ["accepted", "uncertain"]


def test_a_text_that_waited_too_long_fails(conversation):
    build.a_message(conversation, expires_at=clock.now() - timedelta(seconds=1))
    assert upkeep.expire_texts() == 1
    assert build.every(Message)[0].error_code == "expired"


def test_sending_is_one_post_and_its_answer(conversation, monkeypatch):
    posts = []

    def carrier(request: httpx.Request) -> httpx.Response:
        posts.append(request)
        return httpx.Response(200, json={"id": "c1", "status": "queued"})

    client = httpx.Client(transport=httpx.MockTransport(carrier))
    monkeypatch.setattr(delivery, "_http", lambda: client)
    build.a_message(conversation)
    assert delivery.drain(5) == 1
    assert len(posts) == 1
    assert build.every(Message)[0].state == "accepted"


def test_a_receipt_that_comes_first_waits_for_its_send(number, conversation):
    claim = a_claimed(conversation)
    report(number, "c1", "sms.delivered", Rank.DELIVERED)
    assert build.every(Message)[0].delivery == 0
    outcomes.accept(claim.message_id, claim.fence, Accepted("c1"))
    assert build.every(Message)[0].delivery == 60


def test_a_receipt_settles_a_lost_answer(number, conversation):
    claim = a_claimed(conversation)
    outcomes.refuse(claim.message_id, claim.fence, Uncertain())
    report(number, "c9", "sms.sent", Rank.SENT)
    [message] = build.every(Message)
    assert (message.state, message.carrier_id, message.delivery) == ("accepted", "c9", 20)


def test_a_receipt_that_could_be_anothers_settles_nothing(number, conversation):
    for _ in range(2):
        claim = a_claimed(conversation)
        outcomes.refuse(claim.message_id, claim.fence, Uncertain())
    report(number, "c9", "sms.sent", Rank.SENT)
    assert {message.state for message in build.every(Message)} == {"uncertain"}
    assert build.every(Receipt)[0].message_id is None


def test_a_receipt_for_an_unknown_text_is_kept(number):
    report(number, "nobody", "sms.sent", Rank.SENT)
    assert build.every(Receipt)[0].message_id is None


def test_an_unknown_status_is_kept_and_changes_nothing(number, conversation):
    build.a_message(conversation, state="accepted", carrier_id="c1", delivery=20)
    report(number, "c1", "sms.abducted", None)
    assert build.every(Receipt)[0].rank is None
    assert build.every(Message)[0].delivery == 20


def report(number, carrier_id, status, rank):
    received = Report(carrier_id, status, rank, OURS, THEIRS)
    receipts.receive([receipts.Reported(number.account_id, received)])


def claimed_id():
    claim = delivery.claim()
    return claim.message_id if claim else None


def end_lease(until=None):
    [message] = build.every(Message)
    build.changed(message, lease_until=until or clock.now() - timedelta(seconds=1))


def test_stop_during_a_send_that_is_turned_away_cancels_it_and_jams_nothing(number, conversation):
    claim = a_claimed(conversation)
    said = InboundText("stop", THEIRS, OURS, "STOP", None)
    inbound.receive([inbound.Arrival(number.account_id, b"{}", said)])
    outcomes.refuse(claim.message_id, claim.fence, Unavailable(code="rate-limited"))
    assert build.again(conversation).id == conversation.id
    turned_away, confirmation = [one for one in build.every(Message) if not one.is_inbound]
    assert (turned_away.state, turned_away.error_code) == ("canceled", "opted-out")
    assert claimed_id() == confirmation.id


def test_stop_before_a_claim_is_given_back_cancels_it_too(conversation):
    claim = a_claimed(conversation)
    build.an_opt_out(conversation)
    outcomes.give_back(claim.message_id, claim.fence)
    assert build.every(Message)[0].state == "canceled"
