"""What only time brings about."""

from datetime import timedelta

import pytest
from time_machine import travel

from smsinbox.core import clock
from smsinbox.dialects.base import Rank
from smsinbox.dialects.base import Receipt as Report
from smsinbox.models import Delivery, Message
from smsinbox.services import receipts, upkeep
from smsinbox.web.status import status_of
from tests import build

MAY_BE_SUPPRESSED = "it may have suppressed it"


def taken(delivery: Delivery = Delivery.QUEUED, **fields) -> Message:
    return build.a_message(state="accepted", delivery=int(delivery), carrier_id="c-1", **fields)


@pytest.mark.parametrize(
    ("delivery", "told"),
    [
        (Delivery.QUEUED, MAY_BE_SUPPRESSED),
        (Delivery.NONE, MAY_BE_SUPPRESSED),
        (Delivery.SENT, "never said whether it arrived"),
    ],
)
def test_what_a_carrier_never_spoke_of_again_may_have_been_suppressed(app, delivery, told):
    text = taken(delivery)
    with travel(clock.now() + timedelta(hours=71)):
        assert upkeep.give_up_on_receipts() == 0
    with travel(clock.now() + timedelta(hours=73)):
        assert upkeep.give_up_on_receipts() == 1
        assert upkeep.give_up_on_receipts() == 0
    mark = status_of(build.again(text))
    assert (mark.word, mark.retry) == ("Unconfirmed", False)
    assert told in mark.detail
    assert ("START" in mark.fix) is (told == MAY_BE_SUPPRESSED)


@pytest.mark.parametrize("word", ["delivered", "sent", "failed"])
def test_a_late_word_ends_the_suspicion(app, word):
    text = taken()
    with travel(clock.now() + timedelta(hours=73)):
        upkeep.give_up_on_receipts()
        rank = {"delivered": Rank.DELIVERED, "sent": Rank.SENT, "failed": Rank.UNDELIVERED}[word]
        receipts.receive([receipts.Reported(text.account_id, Report("c-1", word, rank))])
    after = build.again(text)
    assert after.delivery == max(rank, Delivery.UNCONFIRMED)
    assert MAY_BE_SUPPRESSED not in status_of(after).detail


def test_the_silence_begins_when_a_text_leaves_not_when_it_was_written(app):
    with travel(clock.now() - timedelta(days=5)):
        text = taken(next_at=clock.now() + timedelta(days=5))
    assert upkeep.give_up_on_receipts() == 0
    assert build.again(text).delivery == Delivery.QUEUED
