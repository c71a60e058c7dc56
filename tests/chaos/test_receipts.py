"""Receipts in any order and number, too early, and about nothing we know."""

import secrets

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from smsinbox.models import Delivery, Message, MessageState, Receipt
from tests.chaos.processes import until
from tests.chaos.stack import Stack
from tests.chaos.test_sending import until_delivered
from tests.chaos.told import receipt

pytestmark = pytest.mark.chaos

RANKS = {
    "sent": Delivery.SENT,
    "failed": Delivery.UNDELIVERED,
    "delivered": Delivery.DELIVERED,
}
EXAMPLES = 15

each_up_to_three_times = st.lists(
    st.sampled_from([status for status in RANKS for _ in range(3)]), min_size=1, max_size=6
)


@pytest.fixture
def conversation(stack: Stack) -> int:
    return stack.a_conversation()


@pytest.fixture
def texts(stack: Stack, conversation: int) -> list[Message]:
    """Texts that the carrier took, and about which it has said nothing yet."""
    stack.misbehave(receipts={"drop": True})
    bodies = [f"f65: text {n}" for n in range(EXAMPLES)]
    for body in bodies:
        stack.reply(conversation, body)
    until(stack.is_quiet)
    return [stack.message(body) for body in bodies]


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # every example uses up a text, so there is nothing to shrink with
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(statuses=each_up_to_three_times)
def test_f65_receipts_in_any_order_and_number_give_the_same_rank(
    stack: Stack, texts: list[Message], statuses: list[str]
):
    message = texts.pop()
    ranks = [Delivery.QUEUED]
    for status in statuses:
        assert stack.post(receipt(message.carrier_id or "", status)) == 200
        ranks.append(Delivery(stack.message(message.body).delivery))
    assert ranks == sorted(ranks), "a status went backward"
    assert ranks[-1] == max(RANKS[status] for status in statuses)
    kept = stack.rows(select(Receipt).where(Receipt.message_id == message.id))
    assert sorted(one.status for one in kept) == sorted(set(statuses))


def test_f65_receipts_that_come_all_at_once_give_the_same_rank(stack: Stack, conversation: int):
    stack.misbehave(receipts={"duplicate": 5, "reorder": True})
    for n in range(5):
        stack.reply(conversation, f"f65: at once {n}")
    for n in range(5):
        until_delivered(stack, f"f65: at once {n}")


def test_f66_a_receipt_that_beats_the_answer_is_matched_when_the_send_is_kept(
    stack: Stack, conversation: int
):
    stack.misbehave(receipts={"before_answer": True}, delay=0.5)
    stack.reply(conversation, "f66: overtaken")
    until(lambda: stack.sent("f66: overtaken"))
    carrier_id = stack.sent("f66: overtaken")[0]["id"]
    early = select(Receipt).where(Receipt.carrier_id == carrier_id)
    until(lambda: len(stack.rows(early)) == 2)
    assert {one.message_id for one in stack.rows(early)} == {None}
    assert stack.is_("f66: overtaken", MessageState.SENDING)

    until(lambda: stack.is_("f66: overtaken", MessageState.ACCEPTED))
    message = stack.message("f66: overtaken")
    assert (message.carrier_id, message.delivery) == (carrier_id, Delivery.DELIVERED)
    assert {one.message_id for one in stack.rows(early)} == {message.id}


def test_f67_a_receipt_for_a_text_nobody_knows_is_answered_2xx_and_kept(stack: Stack):
    carrier_id = secrets.token_hex(12)
    before = len(stack.rows(select(Message)))
    assert stack.post(receipt(carrier_id, "delivered")) == 200
    [kept] = stack.rows(select(Receipt).where(Receipt.carrier_id == carrier_id))
    assert (kept.message_id, kept.status, kept.rank) == (None, "delivered", Delivery.DELIVERED)
    assert len(stack.rows(select(Message))) == before
