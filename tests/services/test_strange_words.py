"""Admins hear of a carrier's unknown word once, from whatever it comes and however often."""

import threading

import pytest
import time_machine

from smsinbox.core import clock, events
from smsinbox.core.database import atomic
from smsinbox.dialects.base import Rank, Receipt
from smsinbox.models import Account, Notification, StrangeWord
from smsinbox.queries import notifications as told_query
from smsinbox.services import notifications, preferences, receipts, strange_words, webhooks
from smsinbox.services.receipts import Reported
from tests import build


@pytest.fixture
def account(ada) -> Account:
    return build.an_account()


def report(account: Account, status: str, rank: Rank | None = None, text: str = "c1") -> None:
    receipts.receive([Reported(account.id, Receipt(text, status, rank))])


def told() -> list[tuple[int, str]]:
    return [(one.user_id, one.said or "") for one in build.every(Notification)]


def test_every_admin_is_told_and_nobody_else(account, ada, ben):
    eve = build.a_user("Eve", role="admin")
    build.a_user("Gone", role="admin", active=False)
    before = events.newest()
    report(account, "pondering")
    assert told() == [(one.id, "Unknown status pondering.") for one in (ada, eve)]
    rung = [one.user_id for one in events.since(before) if one.kind == "UserNotified"]
    assert rung == [ada.id, eve.id]
    [one] = told_query.of(eve).items
    assert (one.account_name, one.leads_to) == (account.name, f"/accounts/{account.id}/setup")
    assert told_query.of(ben).items == []


def test_the_same_word_is_told_once_even_after_the_notifications_are_forgotten(account):
    for text in ("c1", "c2"):
        report(account, "pondering", text=text)
    assert len(told()) == 1
    with time_machine.travel(clock.now().timestamp() + 100 * 86_400):
        assert notifications.prune() == 1
        report(account, "pondering", text="c3")
    assert told() == []


def test_each_account_and_each_word_is_told_for_itself(account, ada):
    other = build.an_account(name="Backup")
    for of in (account, other):
        webhooks.ignore(of.id, "k", b"{}", "sms.dreamt")
        report(of, "sms.dreamt")
    assert len(told()) == 4
    assert {one.account_id for one in build.every(Notification)} == {account.id, other.id}


def test_what_we_know_is_told_to_nobody(account):
    report(account, "delivered", Rank.DELIVERED)
    webhooks.ignore(account.id, "k", b"{}", "mdr inbound", is_known=True)
    assert (told(), build.every(StrangeWord)) == ([], [])


def test_what_we_understand_costs_no_statement_more(account, statements):
    with statements() as seen:
        report(account, "queued", Rank.QUEUED)
        webhooks.ignore(account.id, "k", b"{}", "mdr inbound", is_known=True)
    assert seen
    assert not [one for one in seen if "strange_word" in one or "notification" in one]


def test_two_that_hear_the_same_words_at_once_tell_of_each_once(app, account):
    words = [f"word {n}" for n in range(12)]
    start = threading.Barrier(2)

    def hearing(of: list[str]):
        with app.app_context():
            start.wait()
            for word in of:
                both = [strange_words.status(account.id, one) for one in (word, of[0])]
                atomic(strange_words.hear)(both)

    racing = [threading.Thread(target=hearing, args=[of]) for of in (words, words[::-1])]
    for one in racing:
        one.start()
    for one in racing:
        one.join()
    assert sorted(said for _, said in told()) == sorted(f"Unknown status {one}." for one in words)


def test_a_carrier_that_makes_words_up_is_not_listened_to_for_ever(account):
    for n in range(12):
        heard = [strange_words.event(account.id, f"made {n} {one}") for one in range(10)]
        atomic(strange_words.hear)(heard)
    assert len(told()) == len(build.every(StrangeWord)) == 100


def test_a_word_may_be_as_long_as_it_likes(account):
    webhooks.ignore(account.id, "k", b"{}", "long" * 500)
    [(_, said)] = told()
    assert len(said) < 200


def test_who_is_no_admin_any_more_does_not_see_it(account, ada):
    report(account, "pondering")
    build.changed(ada, role="agent")
    assert (told_query.unread(build.again(ada)), told_query.of(ada).items) == (0, [])


def test_admins_may_leave_it_out_of_the_bell_and_agents_are_not_asked(account, ada, ben):
    report(account, "pondering")
    everything = preferences.PAIRS_OF_ADMINS
    for user in (ada, ben):
        preferences.edit("mine", False, False, everything - {"strange:bell"}, by=user)
    assert told_query.unread(ada) == 0
    build.changed(ben, role="admin")
    report(account, "musing")
    assert told_query.unread(build.again(ben)) == 1
