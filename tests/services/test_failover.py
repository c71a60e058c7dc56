"""A text moves to a backup only when the account before it provably did not take it."""

from datetime import timedelta

import httpx
import pytest
from time_machine import travel

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import Accepted, Credentials, InboundText, OutboundText, Rank
from smsinbox.dialects.base import Receipt as Report
from smsinbox.dialects.errors import (
    Misconfigured,
    Reason,
    Refusal,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsinbox.models import Account, Attempt, Backup, Message
from smsinbox.queries import outbox
from smsinbox.services import accounts, breaker, delivery, inbound, numbers, outcomes, receipts
from tests import build
from tests.build import OURS, THEIRS
from tests.dialects.cases.case import over_http

REACHED_NOBODY = Unavailable(code="unreachable")


@pytest.fixture
def backup(number) -> Account:
    account = build.an_account()
    numbers.edit(number.id, number.name, 1000.0, [account.id], None)
    return account


@pytest.fixture
def text(number) -> Message:
    return build.a_message(build.a_conversation(number, build.a_contact(THEIRS)))


def claimed() -> delivery.Claim:
    claim = delivery.claim()
    assert claim is not None
    return claim


@pytest.mark.parametrize("error", [REACHED_NOBODY, Misconfigured(code="unauthorized")], ids=str)
def test_what_the_first_account_did_not_take_goes_at_once_by_the_backup(
    number, text, backup, error
):
    first = claimed()
    outcomes.refuse(first.message_id, first.fence, error)
    second = claimed()
    assert (first.account.id, second.account.id) == (number.account_id, backup.id)
    outcomes.accept(second.message_id, second.fence, Accepted("b-1"))
    assert build.again(text).state == "accepted"
    assert [one.account_id for one in build.every(Attempt)] == [number.account_id, backup.id]


def test_a_text_that_moves_keeps_its_place_in_line(number, text, backup):
    other = build.a_conversation(number, build.a_contact("+13125550111"))
    build.a_message(other, next_at=clock.now())
    first = claimed()
    outcomes.refuse(first.message_id, first.fence, REACHED_NOBODY)
    second = claimed()
    assert (second.message_id, second.account.id) == (first.message_id, backup.id)


@pytest.mark.parametrize(
    ("error", "state"), [(Uncertain(code="no-answer"), "uncertain"), (Rejected(), "failed")]
)
def test_a_doubt_or_a_refusal_never_moves(text, backup, error, state):
    claim = claimed()
    outcomes.refuse(claim.message_id, claim.fence, error)
    assert build.again(text).state == state
    assert delivery.claim() is None


def test_when_all_have_failed_it_waits_and_begins_with_the_first_again(text, backup):
    for _ in range(2):
        claim = claimed()
        outcomes.refuse(claim.message_id, claim.fence, REACHED_NOBODY)
    assert delivery.claim() is None
    with travel(clock.now() + timedelta(minutes=11), tick=False):
        assert claimed().account.id == text.account_id


def test_receipts_of_the_backup_are_matched(number, text, backup):
    first = claimed()
    outcomes.refuse(first.message_id, first.fence, REACHED_NOBODY)
    second = claimed()
    outcomes.accept(second.message_id, second.fence, Accepted("b-1"))
    report = Report("b-1", "delivered", Rank.DELIVERED)
    receipts.receive([receipts.Reported(number.account_id, report)])
    assert build.again(text).delivery == Rank.QUEUED
    receipts.receive([receipts.Reported(backup.id, report)])
    assert build.again(text).delivery == Rank.DELIVERED


def test_texts_that_come_in_by_the_backup_are_in_the_same_conversation(number, backup):
    for account_id in (number.account_id, backup.id):
        said = InboundText(f"in-{account_id}", THEIRS, OURS, "Hi", None)
        inbound.receive([inbound.Arrival(account_id, b"{}", said)])
    assert len({message.conversation_id for message in build.every(Message)}) == 1
    assert len(build.every(Message)) == 2


def test_a_paused_account_is_passed_over(text, backup):
    build.changed(build.again(text.account), paused_at=clock.now())
    assert claimed().account.id == backup.id


def test_a_number_cannot_back_itself_up_or_use_what_is_not_there(number):
    for account_id in (number.account_id, 999):
        with pytest.raises(Invalid) as refused:
            numbers.edit(number.id, number.name, 1.0, [account_id], None)
        assert refused.value.field == "backup"


def test_saving_without_backups_forgets_them(number, backup):
    numbers.edit(number.id, number.name, 1.0, [], None)
    assert build.every(Backup) == []


@atomic
def fail(account_id: int, times: int) -> None:
    for _ in range(times):
        breaker.failed(account_id, REACHED_NOBODY)


def test_five_failures_in_a_row_open_the_breaker_and_texts_wait_without_being_tried(text):
    fail(text.account_id, 4)
    assert outbox.ready_in() == 0
    fail(text.account_id, 1)
    assert delivery.claim() is None
    assert outbox.ready_at() is None
    assert build.again(text).attempts == 0


def test_behind_an_open_breaker_one_text_goes_as_a_probe(number, text):
    build.a_message(build.a_conversation(number, build.a_contact("+13125550111")))
    fail(text.account_id, 5)
    with travel(clock.now() + timedelta(seconds=16), tick=False):
        probe = claimed()
        assert delivery.claim() is None
        outcomes.accept(probe.message_id, probe.fence, Accepted("p-1"))
    with travel(clock.now() + timedelta(seconds=17), tick=False):
        assert claimed().message_id != probe.message_id


def test_it_stays_open_longer_after_each_failed_probe_but_never_beyond_five_minutes(text):
    seconds = []
    for _ in range(12):
        fail(text.account_id, 1)
        until = db.session.get_one(Account, text.account_id, populate_existing=True).open_until
        seconds.append(None if until is None else round((until - clock.now()).total_seconds()))
    assert seconds[3:10] == [None, 15, 30, 60, 120, 240, 300]


def test_a_carrier_that_only_says_slower_is_not_left_alone(text):
    for _ in range(6):
        atomic(breaker.failed)(text.account_id, Unavailable(code="rate-limited"))
    assert outbox.ready_in() == 0


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_carrier_that_turns_us_away_in_its_own_words_is_left_alone(text, dialect):
    refusal = Refusal(Reason.UNAVAILABLE, "Later.", retry_after=1)
    said = over_http(DIALECTS[dialect].server.refuse(refusal))
    carrier = httpx.Client(transport=httpx.MockTransport(lambda _: said))
    account = Credentials("https://carrier.test", "key", "secret")
    with carrier as http, pytest.raises(Unavailable) as caught:
        DIALECTS[dialect].client.send(OutboundText(OURS, THEIRS, "Hi"), account, http)
    for _ in range(5):
        atomic(breaker.failed)(text.account_id, caught.value)
    assert outbox.ready_in() is None


def test_an_admin_closes_it_by_hand(text, ada):
    fail(text.account_id, 5)
    accounts.resume(text.account_id, ada)
    assert outbox.ready_in() == 0
    assert build.again(text.account).failures == 0
