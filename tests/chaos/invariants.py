"""What must hold after every scenario: the database held against the carrier's own log."""

from collections import Counter, defaultdict

from sqlalchemy import select

from smsinbox.models import Direction, Message, MessageState
from tests.chaos.records import outbound
from tests.chaos.stack import Stack

ACCEPTED, FAILED, CANCELED, UNCERTAIN = (
    MessageState.ACCEPTED.value,
    MessageState.FAILED.value,
    MessageState.CANCELED.value,
    MessageState.UNCERTAIN.value,
)


def check(stack: Stack) -> None:
    """No text lost, none sent twice, every state truthful. Texts of a stack have unique bodies."""
    _nothing_lost_on_the_way_in(stack)
    _nothing_sent_twice(stack)
    _every_state_is_true(stack)
    _each_conversation_in_order(stack)


def _nothing_lost_on_the_way_in(stack: Stack) -> None:
    inbound = select(Message).where(Message.direction == Direction.INBOUND.value)
    kept = Counter(message.carrier_id for message in stack.rows(inbound))
    assert [one for one in stack.told.kept if not kept[one]] == [], "said 2xx to and lost"
    assert [one for one in kept if kept[one] > 1] == [], "kept twice"
    assert [one for one in kept if one not in stack.told.tried] == [], "made up"


def _nothing_sent_twice(stack: Stack) -> None:
    times = Counter((entry["to"], entry["body"]) for entry in stack.sent())
    assert [text for text in times if times[text] > 1] == []


def _every_state_is_true(stack: Stack) -> None:
    log = {entry["id"]: entry for entry in stack.sent()}
    bodies = {entry["body"] for entry in log.values()}
    messages = stack.rows(outbound())
    for message in messages:
        assert message.state in (ACCEPTED, FAILED, CANCELED, UNCERTAIN), "neither here nor there"
        if message.state == ACCEPTED:
            assert log[message.carrier_id]["body"] == message.body
        elif message.state in (FAILED, CANCELED):
            assert message.body not in bodies, "called unsent, and was sent"
    assert bodies <= {message.body for message in messages}, "sent, and nobody wrote it"


def _each_conversation_in_order(stack: Stack) -> None:
    place = {entry["id"]: number for number, entry in enumerate(stack.sent())}
    threads: dict[int, list[int]] = defaultdict(list)
    for message in stack.rows(outbound().order_by(Message.id)):
        if message.state == ACCEPTED:
            threads[message.conversation_id].append(place[message.carrier_id])
    assert [one for one, places in threads.items() if places != sorted(places)] == []
